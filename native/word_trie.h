// Phrases as a trie whose steps are words: every run of words of a text that is a phrase, in one pass.

#pragma once

#include "matches.h"
#include "slots.h"

#include <string>
#include <string_view>
#include <vector>

namespace unspin {

class WordTrie {
public:
    // Add a phrase: words with a blank between each. Its number is how many were added before it.
    void add(std::string_view phrase);
    // To be called when all are added.
    void finish();
    // Every occurrence in folded text, by end, then start, then number. Throws std::bad_alloc.
    std::vector<Hit> search(std::string_view folded) const;

private:
    struct Word {
        std::uint64_t hash;
        std::uint32_t at, size;  // in letters_
    };
    struct Node {
        std::uint64_t key;    // the node before it, and the word that leads from there to it
        std::uint32_t first;  // place of its phrases in numbers_; they end where those of the next node begin
        bool goes_on;         // whether steps lead from it
    };

    std::uint32_t find(std::string_view word, std::uint64_t hash) const;
    std::uint32_t step(std::uint32_t from, std::uint32_t word) const;
    std::uint32_t word_number(std::string_view word);
    std::uint32_t node_behind(std::uint32_t from, std::uint32_t word);

    std::string letters_;
    std::vector<Word> words_;
    Slots word_slots_;
    std::vector<Node> nodes_ = {{0, 0, false}};  // the first is the root
    Slots node_slots_;
    std::vector<std::uint32_t> ends_;  // phrase -> the node where it ends
    std::vector<std::uint32_t> numbers_;
};

}  // namespace unspin
