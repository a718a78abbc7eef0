// What a channel in Python knows, in numbers. Twin: unspin.spun.channel.Channel.

#include "channel.h"

#include <algorithm>

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

Run Channel::run(PyObject* lm_form) {
    const Ref blank = checked(PyUnicode_FromString(" "));
    const Ref parts = checked(PyUnicode_Split(lm_form, blank.get(), -1));
    std::vector<Word> words;
    words.reserve(PyList_GET_SIZE(parts.get()));
    double inside = 1.0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parts.get()); ++i) {
        words.push_back(language->words.number(PyList_GET_ITEM(parts.get(), i)));
        if (i > 0) inside *= language->pair(words[i - 1], words[i]);
    }
    const State behind = state(words.data(), words.size());
    return {std::move(words), inside, behind};
}

const Form& Channel::form(Word written) {
    if (written < forms_.size() && forms_[written]) return *forms_[written];
    const Ref word = text(language->words.text(written));
    const Ref lm_form = checked(PyObject_CallFunctionObjArgs(lm_form_.get(), word.get(), nullptr));
    PyObject* const replaced = value_of(replaced_.get(), word.get());
    const double trust = replaced != nullptr ? as_double(replaced) : 0.0;
    auto form = std::make_unique<const Form>(Form{run(lm_form.get()), trust, trust >= sure_ || trust == 0.0});
    if (written >= forms_.size()) forms_.resize(language->words.size());
    forms_[written] = std::move(form);
    return *forms_[written];
}

const Substitutions& Channel::substitutions(long phrase) {
    const std::size_t at = static_cast<std::size_t>(phrase);
    if (at < by_phrase_.size() && by_phrase_[at]) return *by_phrase_[at];
    const Ref number = checked(PyLong_FromLong(phrase));
    const Ref found = checked(PyObject_GetItem(substitutions_.get(), number.get()));
    const Ref all = checked(PySequence_Tuple(found.get()));
    auto made = std::make_unique<Substitutions>();
    made->reserve(PyTuple_GET_SIZE(all.get()));
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(all.get()); ++i) {
        PyObject* one = PyTuple_GET_ITEM(all.get(), i);  // a Substitution: lm_form, weight, trust, choice
        PyObject *lm_form, *weight, *trust, *choice;
        if (!PyArg_ParseTuple(one, "OOOO", &lm_form, &weight, &trust, &choice)) throw PythonError();
        const double its_trust = as_double(trust);
        made->push_back({run(lm_form), as_double(weight), its_trust, its_trust >= sure_, as_long(choice)});
    }
    if (at >= by_phrase_.size()) by_phrase_.resize(at + 1);
    by_phrase_[at] = std::move(made);
    return *by_phrase_[at];
}

void Channel::read_pairs(Word first) {
    const Ref word = text(language->words.text(first));
    PyObject* const row = value_of(pairs_.get(), word.get());
    Py_ssize_t at = 0;
    PyObject *behind, *role;
    while (row != nullptr && PyDict_Next(row, &at, &behind, &role)) {
        const std::uint64_t key = std::uint64_t(first) << 32 | language->words.number(behind);
        by_pair_.add(key, {(is_true(role, 0) ? kLong : 0) | (is_true(role, 1) ? kPrefix : 0)});
    }
    if (first >= rows_.size()) rows_.resize(language->words.size());
    rows_[first] = row != nullptr ? Row::kRead : Row::kEmpty;
}

Role Channel::pairs(Word first, Word second) {
    if (first >= rows_.size() || rows_[first] == Row::kUnread) read_pairs(first);
    if (rows_[first] == Row::kEmpty) return {};
    const PairRole* const found = by_pair_.find(std::uint64_t(first) << 32 | second);
    if (found == nullptr) return {};
    return {(found->number & kLong) != 0, (found->number & kPrefix) != 0};
}

Role Channel::role(const Word* words, std::size_t size) {
    if (size < 2) return {};
    const Role pair = pairs(words[0], words[1]);
    if (size == 2) return pair;
    if (!pair.is_prefix) return {};
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

State Channel::state(const Word* words, std::size_t size) {
    std::size_t last = std::min<std::size_t>(3, size);
    while (last > 1 && !role(words + size - last, last).is_prefix) --last;
    State state;
    std::copy(words + size - last, words + size, state.words.begin());
    state.size = static_cast<int>(last);
    return state;
}

}  // namespace unspin
