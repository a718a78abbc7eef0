// Every way to read a run of words as an established term. Twin: unspin.spun.readings.TermReader.

#include "objects.h"
#include "steps.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace unspin {
namespace {

constexpr Py_ssize_t kLongest = 5;      // unspin.rulebook.swaps.LONGEST
constexpr Py_ssize_t kLongestSwap = 3;  // LONGEST_SWAP

struct Choice {  // what a written phrase may stand for
    std::vector<std::uint32_t> backwards;
    Ref plain, share;
};

struct Change {
    Py_ssize_t first, last;
    const Choice* choice;
    std::int32_t next;  // the change behind it, or -1
};

struct Tail {  // the end of a term
    std::uint32_t node;
    std::int32_t change;  // the first in it, or -1
};

class Reader {
public:
    Reader(PyObject* plain, PyObject* terms) {
        PyObject *written, *found;
        for (Py_ssize_t at = 0; PyDict_Next(terms, &at, &written, &found);) {
            const std::vector<std::uint32_t> words = numbers_of(written);
            std::uint32_t node = 0;
            for (auto word = words.rbegin(); word != words.rend(); ++word) node = endings_.step_or_add(node, *word);
            if (term_.size() < endings_.nodes()) term_.resize(endings_.nodes());
            term_[node] = Ref::borrowed(written);
        }
        for (Py_ssize_t at = 0; PyDict_Next(plain, &at, &written, &found);) {
            std::uint32_t node = 0;
            for (const std::uint32_t word : numbers_of(written)) node = written_.step_or_add(node, word);
            if (choices_.size() < written_.nodes()) choices_.resize(written_.nodes());
            const Ref rows = checked(PySequence_Fast(found, "what words stand for is a list"));
            for (Py_ssize_t row = 0; row < PySequence_Fast_GET_SIZE(rows.get()); ++row) {
                PyObject *stands_for, *share;
                if (!PyArg_ParseTuple(PySequence_Fast_GET_ITEM(rows.get(), row), "UO", &stands_for, &share)) {
                    throw PythonError();
                }
                std::vector<std::uint32_t> words = numbers_of(stands_for);
                std::reverse(words.begin(), words.end());
                choices_[node].push_back({std::move(words), Ref::borrowed(stands_for), Ref::borrowed(share)});
            }
        }
        term_.resize(endings_.nodes());
        choices_.resize(written_.nodes());
    }

    // The number of a word; kNone where no term and no swap has it.
    std::uint32_t number_of(PyObject* word) const {
        const auto found = numbers_.find(utf8_of(word));
        return found == numbers_.end() ? kNone : found->second;
    }

    // Appends the readings that end before word `last`, none of which begins before `low`.
    void read(const std::vector<std::uint32_t>& words, Py_ssize_t low, Py_ssize_t last, Py_ssize_t offset,
              PyObject* into) const {
        std::vector<Tail> tails[kLongest + 1];  // by where they begin, from `low` on
        std::vector<Change> changes;
        tails[last - low] = {{0, -1}};
        for (Py_ssize_t first = last - 1; first >= low; --first) {
            std::vector<Tail>& here = tails[first - low];
            for (const Tail tail : tails[first + 1 - low]) {
                const std::uint32_t node = words[first] == kNone ? kNone : endings_.step(tail.node, words[first]);
                if (node != kNone) here.push_back({node, tail.change});
            }
            std::uint32_t written = 0;
            for (Py_ssize_t stop = first + 1; stop <= std::min(last, first + kLongestSwap); ++stop) {
                const std::uint32_t word = words[stop - 1];
                written = word == kNone ? kNone : written_.step(written, word);
                if (written == kNone) break;
                for (const Choice& choice : choices_[written]) {
                    for (const Tail tail : tails[stop - low]) {
                        std::uint32_t node = tail.node;
                        for (const std::uint32_t behind : choice.backwards) {
                            node = endings_.step(node, behind);
                            if (node == kNone) break;
                        }
                        if (node == kNone) continue;
                        changes.push_back({first, stop, &choice, tail.change});
                        here.push_back({node, static_cast<std::int32_t>(changes.size() - 1)});
                    }
                }
            }
            for (const Tail tail : here) {
                if (tail.change >= 0 && last - first > 1 && term_[tail.node]) {
                    append(into, first + offset, last + offset, term_[tail.node], changes, tail.change, offset);
                }
            }
            const auto begin = tails + (first - low), end = tails + std::min(first - low + kLongestSwap, last - low + 1);
            // Whatever begins before would have to end in one of these.
            if (std::all_of(begin, end, [](const auto& of) { return of.empty(); })) return;
        }
    }

private:
    std::vector<std::uint32_t> numbers_of(PyObject* phrase) {
        std::vector<std::uint32_t> numbers;
        const std::string words = utf8_of(phrase);
        for (std::size_t start = 0; start <= words.size();) {
            const std::size_t end = std::min(words.find(' ', start), words.size());
            const auto next = static_cast<std::uint32_t>(numbers_.size());
            numbers.push_back(numbers_.emplace(words.substr(start, end - start), next).first->second);
            start = end + 1;
        }
        return numbers;
    }

    static void append(PyObject* into, Py_ssize_t first, Py_ssize_t last, const Ref& term,
                       const std::vector<Change>& changes, std::int32_t change, Py_ssize_t offset) {
        const Ref module = checked(PyImport_ImportModule("unspin.spun.readings"));
        const Ref list = checked(PyList_New(0));
        for (; change >= 0; change = changes[change].next) {
            const Change& of = changes[change];
            const Ref made = checked(PyObject_CallMethod(module.get(), "Change", "nnOO", of.first + offset,
                                                         of.last + offset, of.choice->plain.get(),
                                                         of.choice->share.get()));
            if (PyList_Append(list.get(), made.get()) != 0) throw PythonError();
        }
        const Ref all = checked(PyList_AsTuple(list.get()));
        const Ref made = checked(
            PyObject_CallMethod(module.get(), "Reading", "nnOO", first, last, term.get(), all.get()));
        if (PyList_Append(into, made.get()) != 0) throw PythonError();
    }

    std::unordered_map<std::string, std::uint32_t> numbers_;
    Steps endings_;           // of terms, from their last word to their first
    std::vector<Ref> term_;  // by node of `endings_`; empty where an ending is no term itself
    Steps written_;
    std::vector<std::vector<Choice>> choices_;  // by node of `written_`
};

PyObject* readings(PyObject* self, PyObject* args) {
    PyObject *words, *joined;
    Py_ssize_t start, end;
    if (!PyArg_ParseTuple(args, "OOnn", &words, &joined, &start, &end)) return nullptr;
    return guarded<PyObject*>(nullptr, [&] {
        const Ref all = checked(PySequence_Fast(words, "words are a sequence"));
        const Ref gaps = checked(PySequence_Fast(joined, "what joins words is a sequence"));
        if (start < 0 || end > std::min(PySequence_Fast_GET_SIZE(all.get()), PySequence_Fast_GET_SIZE(gaps.get()))) {
            PyErr_SetString(PyExc_IndexError, "no words of the text");
            throw PythonError();
        }
        const Reader& reader = content_of<Reader>(self);
        std::vector<std::uint32_t> numbers;
        for (Py_ssize_t at = start; at < end; ++at) {
            numbers.push_back(reader.number_of(PySequence_Fast_GET_ITEM(all.get(), at)));
        }
        Ref found = checked(PyList_New(0));
        Py_ssize_t run = 0;
        for (Py_ssize_t last = 2; last <= end - start; ++last) {
            const int is_joined = PyObject_IsTrue(PySequence_Fast_GET_ITEM(gaps.get(), start + last - 2));
            if (is_joined < 0) throw PythonError();
            if (!is_joined) run = last - 1;
            reader.read(numbers, std::max(run, last - kLongest), last, start, found.get());
        }
        return found.release();
    });
}

PyObject* create(PyTypeObject* type, PyObject* args, PyObject*) {
    PyObject* swaps;
    if (!PyArg_ParseTuple(args, "O", &swaps)) return nullptr;
    return guarded<PyObject*>(nullptr, [&] {
        const Ref plain = attribute(swaps, "plain"), terms = attribute(swaps, "terms");
        if (!PyDict_Check(plain.get()) || !PyDict_Check(terms.get())) {
            PyErr_SetString(PyExc_TypeError, "swaps and terms are dictionaries");
            throw PythonError();
        }
        return make(type, Reader(plain.get(), terms.get()));
    });
}

PyMethodDef methods[] = {
    {"readings", readings, METH_VARARGS, "The readings within a run of words in which something is swapped."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("Finds readings.")},
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dispose<Reader>)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

PyType_Spec term_reader_spec = {"unspin._core.TermReader", sizeof(Object<Reader>), 0, Py_TPFLAGS_DEFAULT, slots};

}  // namespace unspin
