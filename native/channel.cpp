// What a channel in Python knows, in numbers. Twin: unspin.spun.channel.Channel.

#include "channel.h"

namespace unspin {
namespace {

Ref text(const std::string& utf8) {
    return checked(PyUnicode_DecodeUTF8(utf8.data(), utf8.size(), "surrogatepass"));
}

bool contains(PyObject* texts, PyObject* text) {
    const int found = PySequence_Contains(texts, text);
    if (found < 0) throw PythonError();
    return found == 1;
}

// The value of a key of a dict, borrowed; nullptr where it has none.
PyObject* value_of(PyObject* dict, PyObject* key) {
    PyObject* value = PyDict_GetItemWithError(dict, key);
    if (value == nullptr && PyErr_Occurred()) throw PythonError();
    return value;
}

bool is_true(PyObject* sequence, Py_ssize_t at) {
    const int value = PyObject_IsTrue(checked(PySequence_GetItem(sequence, at)).get());
    if (value < 0) throw PythonError();
    return value == 1;
}

}  // namespace

Channel::Channel(PyObject* channel, std::shared_ptr<Language> its_language)
    : language(std::move(its_language)),
      lm_form_(attribute(channel, "lm_form")),
      replaced_(attribute(channel, "replaced")),
      substitutions_(attribute(channel, "substitutions")),
      pairs_(attribute(channel, "pairs")),
      long_originals_(attribute(channel, "long_originals")),
      prefixes_(attribute(channel, "prefixes")) {
    const Ref choices = checked(PyImport_ImportModule("unspin.rulebook.choices"));
    sure_ = as_double(attribute(choices.get(), "SURE").get());
}

std::vector<Word> Channel::split(PyObject* lm_form) {
    const Ref blank = checked(PyUnicode_FromString(" "));
    const Ref parts = checked(PyUnicode_Split(lm_form, blank.get(), -1));
    std::vector<Word> words;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parts.get()); ++i) {
        words.push_back(language->words.number(PyList_GET_ITEM(parts.get(), i)));
    }
    return words;
}

std::shared_ptr<const Form> Channel::form(Word written) {
    if (written < forms_.size() && forms_[written]) return forms_[written];
    const Ref word = text(language->words.text(written));
    const Ref lm_form = checked(PyObject_CallFunctionObjArgs(lm_form_.get(), word.get(), nullptr));
    PyObject* const replaced = value_of(replaced_.get(), word.get());
    const double trust = replaced != nullptr ? as_double(replaced) : 0.0;
    auto form = std::make_shared<const Form>(Form{split(lm_form.get()), trust, trust >= sure_ || trust == 0.0});
    if (written >= forms_.size()) forms_.resize(language->words.size());
    return forms_[written] = std::move(form);
}

std::shared_ptr<const Substitutions> Channel::substitutions(long phrase) {
    const auto known = by_phrase_.find(phrase);
    if (known != by_phrase_.end()) return known->second;
    const Ref number = checked(PyLong_FromLong(phrase));
    const Ref found = checked(PyObject_GetItem(substitutions_.get(), number.get()));
    const Ref all = checked(PySequence_Tuple(found.get()));
    auto made = std::make_shared<Substitutions>();
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(all.get()); ++i) {
        PyObject* one = PyTuple_GET_ITEM(all.get(), i);  // a Substitution: lm_form, weight, trust, choice
        PyObject *lm_form, *weight, *trust, *choice;
        if (!PyArg_ParseTuple(one, "OOOO", &lm_form, &weight, &trust, &choice)) throw PythonError();
        made->push_back({split(lm_form), as_double(weight), as_double(trust) >= sure_, as_long(choice)});
    }
    return by_phrase_[phrase] = std::move(made);
}

const Role* Channel::pairs(Word first, Word second) {
    if (first >= are_pairs_read_.size()) are_pairs_read_.resize(language->words.size());
    if (!are_pairs_read_[first]) {
        const Ref word = text(language->words.text(first));
        PyObject* const row = value_of(pairs_.get(), word.get());
        Py_ssize_t at = 0;
        PyObject *behind, *role;
        while (row != nullptr && PyDict_Next(row, &at, &behind, &role)) {
            const std::uint64_t key = std::uint64_t(first) << 32 | language->words.number(behind);
            by_pair_.emplace(key, Role{is_true(role, 0), is_true(role, 1)});
        }
        are_pairs_read_[first] = true;
    }
    const auto found = by_pair_.find(std::uint64_t(first) << 32 | second);
    return found != by_pair_.end() ? &found->second : nullptr;
}

Role Channel::role(const Word* words, std::size_t size) {
    if (size < 2) return {false, false};
    const Role* const pair = pairs(words[0], words[1]);
    if (size == 2) return pair != nullptr ? *pair : Role{false, false};
    if (pair == nullptr || !pair->is_prefix) return {false, false};
    std::string run(reinterpret_cast<const char*>(words), size * sizeof(Word));  // as bytes, to be found again by
    const auto known = by_run_.find(run);
    if (known != by_run_.end()) return known->second;
    std::string joined;
    for (std::size_t i = 0; i < size; ++i) {
        if (i > 0) joined += ' ';
        joined += language->words.text(words[i]);
    }
    const Ref written = text(joined);
    const Role role{contains(long_originals_.get(), written.get()), contains(prefixes_.get(), written.get())};
    by_run_.emplace(std::move(run), role);
    return role;
}

}  // namespace unspin
