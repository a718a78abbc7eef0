// Every way to read a run of words as an established term. Twin: unspin.spun.readings.TermReader.

#include "objects.h"
#include "parts.h"
#include "steps.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace unspin {
namespace {

constexpr Py_ssize_t kLongest = 5;      // unspin.rulebook.swaps.LONGEST
constexpr Py_ssize_t kLongestSwap = 3;  // LONGEST_SWAP

struct Choice {  // what a written phrase may stand for
    std::string_view plain;
    double share;
    std::uint32_t words;  // where its words begin among those of all choices, from the last to the first
    std::uint32_t size;   // how many they are
};

struct Range {  // of choices
    std::uint32_t begin = 0, end = 0;
};

std::string_view view_of(const Ref& bytes) {
    return {PyBytes_AS_STRING(bytes.get()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.get()))};
}

struct Change {
    Py_ssize_t first, last;
    const Choice* choice;
    std::int32_t next;  // the change behind it, or -1
};

struct Tail {  // the end of a term
    std::uint32_t node;
    std::int32_t change;  // the first in it, or -1
};

struct Unfinished {  // readings of some words, kept from one run to the next for the memory they have
    std::array<std::vector<Tail>, kLongest + 1> tails;  // by where they begin
    std::vector<Change> changes;
};

class Reader {
public:
    // `terms`, `rows` and `shares` are as in Swaps.term_lines and Swaps.rows; of the first two, which are bytes, the
    // words are kept where they stand.
    Reader(Ref terms, Ref rows, const Buffer& shares) : terms_(std::move(terms)), rows_(std::move(rows)) {
        const std::string_view lines = view_of(terms_);
        const auto count = static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
        numbers_.reserve(count);
        endings_.reserve(2 * count);
        term_.reserve(2 * count);
        std::vector<std::uint32_t> words;
        for_parts(lines, '\n', [&](std::string_view term) {
            read_numbers(term, words);
            std::uint32_t node = 0;
            for (auto word = words.rbegin(); word != words.rend(); ++word) node = endings_.step_or_add(node, *word);
            if (term_.size() < endings_.nodes()) term_.resize(endings_.nodes());
            term_[node] = term;
        });
        std::size_t next = 0;  // of the shares
        for_parts(view_of(rows_), '\n', [&](std::string_view row) {
            std::uint32_t node = kNone;
            for_parts(row, '\t', [&](std::string_view phrase) {
                read_numbers(phrase, words);
                if (node == kNone) {  // the first is what was written
                    node = 0;
                    for (const std::uint32_t word : words) node = written_.step_or_add(node, word);
                    if (choices_of_.size() < written_.nodes()) choices_of_.resize(written_.nodes());
                    choices_of_[node].begin = static_cast<std::uint32_t>(choices_.size());
                    return;
                }
                if (next == shares.size()) {
                    PyErr_SetString(PyExc_ValueError, "there are fewer shares than what words stand for");
                    throw PythonError();
                }
                choices_.push_back({phrase, shares.data<double>()[next++],
                                    static_cast<std::uint32_t>(choice_words_.size()),
                                    static_cast<std::uint32_t>(words.size())});
                choice_words_.insert(choice_words_.end(), words.rbegin(), words.rend());
                choices_of_[node].end = static_cast<std::uint32_t>(choices_.size());
            });
        });
        term_.resize(endings_.nodes());
        choices_of_.resize(written_.nodes());
    }

    // The number of a word; kNone where no term and no swap has it.
    std::uint32_t number_of(PyObject* word) const {
        const auto found = numbers_.find(utf8_of(word));
        return found == numbers_.end() ? kNone : found->second;
    }

    // Appends the readings that end before word `last`, none of which begins before `low`.
    void read(const std::vector<std::uint32_t>& words, Py_ssize_t low, Py_ssize_t last, Py_ssize_t offset,
              Unfinished& unfinished, PyObject* into) const {
        auto& [tails, changes] = unfinished;
        for (std::vector<Tail>& of : tails) of.clear();
        changes.clear();
        tails[last - low].push_back({0, -1});
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
                for (std::uint32_t at = choices_of_[written].begin; at < choices_of_[written].end; ++at) {
                    const Choice& choice = choices_[at];
                    for (const Tail tail : tails[stop - low]) {
                        std::uint32_t node = tail.node;
                        for (std::uint32_t word = 0; word < choice.size && node != kNone; ++word) {
                            node = endings_.step(node, choice_words_[choice.words + word]);
                        }
                        if (node == kNone) continue;
                        changes.push_back({first, stop, &choice, tail.change});
                        here.push_back({node, static_cast<std::int32_t>(changes.size() - 1)});
                    }
                }
            }
            for (const Tail tail : here) {
                if (tail.change >= 0 && last - first > 1 && !term_[tail.node].empty()) {
                    append(into, first + offset, last + offset, term_[tail.node], changes, tail.change, offset);
                }
            }
            const auto begin = tails.begin() + (first - low);
            const auto end = tails.begin() + std::min(first - low + kLongestSwap, last - low + 1);
            // Whatever begins before would have to end in one of these.
            if (std::all_of(begin, end, [](const auto& of) { return of.empty(); })) return;
        }
    }

private:
    // The numbers of the words of a phrase; those that are new get the next ones.
    void read_numbers(std::string_view phrase, std::vector<std::uint32_t>& numbers) {
        numbers.clear();
        for_parts(phrase, ' ', [&](std::string_view word) {
            const auto next = static_cast<std::uint32_t>(numbers_.size());
            numbers.push_back(numbers_.emplace(word, next).first->second);
        });
    }

    static Py_ssize_t size_of(std::string_view text) { return static_cast<Py_ssize_t>(text.size()); }

    static void append(PyObject* into, Py_ssize_t first, Py_ssize_t last, std::string_view term,
                       const std::vector<Change>& changes, std::int32_t change, Py_ssize_t offset) {
        const Ref module = checked(PyImport_ImportModule("unspin.spun.readings"));
        const Ref list = checked(PyList_New(0));
        for (; change >= 0; change = changes[change].next) {
            const Change& of = changes[change];
            const std::string_view plain = of.choice->plain;
            const Ref made = checked(PyObject_CallMethod(module.get(), "Change", "nns#d", of.first + offset,
                                                         of.last + offset, plain.data(), size_of(plain),
                                                         of.choice->share));
            if (PyList_Append(list.get(), made.get()) != 0) throw PythonError();
        }
        const Ref all = checked(PyList_AsTuple(list.get()));
        const Ref made = checked(
            PyObject_CallMethod(module.get(), "Reading", "nns#O", first, last, term.data(), size_of(term), all.get()));
        if (PyList_Append(into, made.get()) != 0) throw PythonError();
    }

    Ref terms_, rows_;
    std::unordered_map<std::string_view, std::uint32_t> numbers_;
    Steps endings_;                       // of terms, from their last word to their first
    std::vector<std::string_view> term_;  // by node of `endings_`; empty where an ending is no term itself
    Steps written_;
    std::vector<Range> choices_of_;  // by node of `written_`
    std::vector<Choice> choices_;
    std::vector<std::uint32_t> choice_words_;
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
        Unfinished unfinished;
        Py_ssize_t run = 0;
        for (Py_ssize_t last = 2; last <= end - start; ++last) {
            const int is_joined = PyObject_IsTrue(PySequence_Fast_GET_ITEM(gaps.get(), start + last - 2));
            if (is_joined < 0) throw PythonError();
            if (!is_joined) run = last - 1;
            reader.read(numbers, std::max(run, last - kLongest), last, start, unfinished, found.get());
        }
        return found.release();
    });
}

PyObject* create(PyTypeObject* type, PyObject* args, PyObject*) {
    PyObject* swaps;
    if (!PyArg_ParseTuple(args, "O", &swaps)) return nullptr;
    return guarded<PyObject*>(nullptr, [&] {
        const Ref terms = attribute(swaps, "term_lines"), both = attribute(swaps, "rows");
        PyObject *rows, *numbers;
        Buffer shares;
        if (!PyArg_ParseTuple(both.get(), "SO", &rows, &numbers)) throw PythonError();
        if (!shares.open(numbers, sizeof(double))) throw PythonError();
        if (!PyBytes_Check(terms.get())) {
            PyErr_SetString(PyExc_TypeError, "terms are bytes");
            throw PythonError();
        }
        return make(type, Reader(terms, Ref::borrowed(rows), shares));
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
