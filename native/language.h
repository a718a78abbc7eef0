// How likely one word is after others. Twin: unspin.english.language_model.LanguageModel.

#pragma once

#include "key_table.h"
#include "objects.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace unspin {

using Word = std::uint32_t;  // number of a word in a `Vocabulary`

// Words and their numbers, in the order in which they were asked for; the empty word is 0.
class Vocabulary {
public:
    Vocabulary() { number(std::string_view()); }
    Word number(std::string_view word);
    Word number(PyObject* word);  // a str
    const std::string& text(Word word) const { return texts_[word]; }
    std::size_t size() const { return texts_.size(); }

private:
    struct Entry {
        std::uint32_t number = kNone;
    };

    std::deque<std::string> texts_;
    KeyTable<Entry> numbers_;  // by the hash of the text
};

// Answers kept by up to three words, each in the one place where it may stand: a later answer takes the place of an
// earlier one, so that this never grows.
class Kept {
public:
    template <typename Find>
    double get(Word first, Word second, Word third, Find find) {
        if (entries_.empty()) entries_.resize(kPlaces);
        Entry& entry = entries_[place(first, second, third)];
        if (!entry.is_set || entry.first != first || entry.second != second || entry.third != third) {
            const double value = find();  // may ask Python, and that may ask here
            entry = Entry{first, second, third, true, value};
            return value;
        }
        return entry.value;
    }

    // Fetch an answer from memory, while other things are done: most of what asking takes is to wait for that.
    void fetch(Word first, Word second, Word third) const {
        if (!entries_.empty()) prefetch(&entries_[place(first, second, third)]);
    }

private:
    static constexpr std::size_t kPlaces = std::size_t(1) << 17;  // 24 bytes each: 3 MB

    struct Entry {
        Word first, second, third;
        bool is_set;
        double value;
    };

    static std::size_t place(Word first, Word second, Word third) {
        std::uint64_t hash = first * 0x9E3779B97F4A7C15ULL;  // Fibonacci hashing (Knuth, 6.4)
        hash = (hash ^ (hash >> 29) ^ second) * 0xBF58476D1CE4E5B9ULL;
        hash = (hash ^ (hash >> 32) ^ third) * 0x94D049BB133111EBULL;
        return (hash ^ (hash >> 31)) & (kPlaces - 1);
    }

    std::vector<Entry> entries_;
};

// A language model over the words of its own vocabulary.
class Language {
public:
    virtual ~Language() = default;

    // p(word | previous), p(word | the two words before it).
    double pair(Word previous, Word word) {
        return pairs_.get(0, previous, word, [&] { return find_pair(previous, word); });
    }
    double triple(Word first, Word second, Word word) {
        return triples_.get(first, second, word, [&] { return find_triple(first, second, word); });
    }
    // Before many are asked for, one after the other.
    void fetch_pair(Word previous, Word word) const { pairs_.fetch(0, previous, word); }
    void fetch_triple(Word first, Word second, Word word) const { triples_.fetch(first, second, word); }
    bool is_full() const { return words.size() > kMostWords; }

    Vocabulary words;

private:
    static constexpr std::size_t kMostWords = 300'000;  // some 30 MB; a new language model takes over then

    virtual double find_pair(Word previous, Word word) = 0;
    virtual double find_triple(Word first, Word second, Word word) = 0;

    Kept pairs_, triples_;
};

// The language model to ask on behalf of a Python object: that of a native LanguageModel, which all who use it share,
// and whose place a new one takes when it is full; nullptr for any other object.
std::shared_ptr<Language> shared_language(PyObject* model, PyTypeObject* native);

// One that asks the methods `pair` and `triple` of any Python object, which it borrows.
std::shared_ptr<Language> asking(PyObject* model);

}  // namespace unspin
