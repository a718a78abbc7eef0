// Every way to read a run of words as an established term. Twin: unspin.spun.readings.TermReader.

#include "key_table.h"
#include "word_index.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

namespace unspin {
namespace {

constexpr Py_ssize_t kLongest = 5;      // unspin.rulebook.swaps.LONGEST
constexpr Py_ssize_t kLongestSwap = 3;  // LONGEST_SWAP

// A trie whose steps are words, as unspin.rulebook.word_tries.trie has it. From its root, which most steps lead from,
// they are looked up at once, and from other nodes by halves.
class Trie {
public:
    Trie(PyObject* columns, const char* starts, const char* words, std::size_t n_words)
        : starts_(columns, starts), words_(columns, words), from_root_(n_words, kNone) {
        for (std::uint32_t step = starts_[0]; step < starts_[1]; ++step) from_root_[words_[step]] = step + 1;
    }

    // The node to which a word leads from another; kNone where it leads to none.
    std::uint32_t step(std::uint32_t node, std::uint32_t word) const {
        if (node == 0) return from_root_[word];
        const auto end = words_.begin() + starts_[node + 1];
        const auto at = std::lower_bound(words_.begin() + starts_[node], end, word);
        return at != end && *at == word ? static_cast<std::uint32_t>(at - words_.begin()) + 1 : kNone;
    }

    // Call `each` with every word between a node and the root, from that of the node on.
    template <typename Each>
    void for_words_of(std::uint32_t node, Each each) const {
        while (node != 0) {
            const std::uint32_t step = node - 1;
            each(words_[step]);
            const auto behind = std::upper_bound(starts_.begin(), starts_.end(), step);  // the node behind its parent
            node = static_cast<std::uint32_t>(behind - starts_.begin()) - 1;
        }
    }

private:
    Column<std::uint32_t> starts_, words_;
    std::vector<std::uint32_t> from_root_;
};

struct Change {
    Py_ssize_t first, last;
    std::uint32_t choice;
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
    // `columns` are those of Swaps.columns.
    explicit Reader(PyObject* columns)
        : index_(columns),
          endings_(columns, "ending starts", "ending words", index_.size()),
          is_term_(columns, "ending is term"),
          written_(columns, "written starts", "written words", index_.size()),
          first_(columns, "written first"),
          last_(columns, "written last"),
          choice_starts_(columns, "choice starts"),
          choice_words_(columns, "choice words"),
          shares_(columns, "shares") {}

    // The number of a word; kNone where no term and no swap has it.
    std::uint32_t number_of(PyObject* word) const {
        const std::int64_t number = index_.number(utf8_of(word));
        return number == kUnknown ? kNone : static_cast<std::uint32_t>(number);
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
                for (std::uint32_t choice = first_[written]; choice < last_[written]; ++choice) {
                    for (const Tail tail : tails[stop - low]) {
                        std::uint32_t node = tail.node;
                        for (auto at = choice_starts_[choice]; at < choice_starts_[choice + 1] && node != kNone; ++at) {
                            node = endings_.step(node, choice_words_[at]);
                        }
                        if (node == kNone) continue;
                        changes.push_back({first, stop, choice, tail.change});
                        here.push_back({node, static_cast<std::int32_t>(changes.size() - 1)});
                    }
                }
            }
            for (const Tail tail : here) {
                if (tail.change >= 0 && last - first > 1 && is_term_[tail.node]) {
                    append(into, first + offset, last + offset, tail, changes, offset);
                }
            }
            const auto begin = tails.begin() + (first - low);
            const auto end = tails.begin() + std::min(first - low + kLongestSwap, last - low + 1);
            // Whatever begins before would have to end in one of these.
            if (std::all_of(begin, end, [](const auto& of) { return of.empty(); })) return;
        }
    }

private:
    std::string term(std::uint32_t node) const {
        std::string words;
        endings_.for_words_of(node, [&](std::uint32_t word) { add_word(words, word); });
        return words;
    }

    std::string plain(std::uint32_t choice) const {
        std::string words;
        for (auto at = choice_starts_[choice + 1]; at > choice_starts_[choice]; --at) {
            add_word(words, choice_words_[at - 1]);
        }
        return words;
    }

    void add_word(std::string& words, std::uint32_t word) const {
        if (!words.empty()) words += ' ';
        words += index_.word(word);
    }

    static Py_ssize_t size_of(const std::string& text) { return static_cast<Py_ssize_t>(text.size()); }

    void append(PyObject* into, Py_ssize_t first, Py_ssize_t last, Tail tail, const std::vector<Change>& changes,
                Py_ssize_t offset) const {
        const Ref module = checked(PyImport_ImportModule("unspin.spun.readings"));
        const Ref list = checked(PyList_New(0));
        for (std::int32_t change = tail.change; change >= 0; change = changes[change].next) {
            const Change& of = changes[change];
            const std::string words = plain(of.choice);
            const Ref made = checked(PyObject_CallMethod(module.get(), "Change", "nns#d", of.first + offset,
                                                         of.last + offset, words.data(), size_of(words),
                                                         shares_[of.choice]));
            if (PyList_Append(list.get(), made.get()) != 0) throw PythonError();
        }
        const Ref all = checked(PyList_AsTuple(list.get()));
        const std::string words = term(tail.node);
        const Ref made = checked(PyObject_CallMethod(module.get(), "Reading", "nns#O", first, last, words.data(),
                                                     size_of(words), all.get()));
        if (PyList_Append(into, made.get()) != 0) throw PythonError();
    }

    WordIndex index_;
    Trie endings_;  // of terms, from their last word to their first
    Column<std::uint8_t> is_term_;
    Trie written_;
    Column<std::uint32_t> first_, last_;  // of what the words of a node stand for
    Column<std::uint32_t> choice_starts_, choice_words_;
    Column<double> shares_;
};

using Held = std::unique_ptr<const Reader>;

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
        const Reader& reader = *content_of<Held>(self);
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
        const Ref columns = attribute(swaps, "columns");
        return make(type, Held(std::make_unique<const Reader>(columns.get())));
    });
}

PyMethodDef methods[] = {
    {"readings", readings, METH_VARARGS, "The readings within a run of words in which something is swapped."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("Finds readings.")},
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dispose<Held>)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

PyType_Spec term_reader_spec = {"unspin._core.TermReader", sizeof(Object<Held>), 0, Py_TPFLAGS_DEFAULT, slots};

}  // namespace unspin
