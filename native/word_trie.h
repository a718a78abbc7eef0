// Phrases as a trie whose steps are words: every run of words of a text that is a phrase, in one pass.

#pragma once

#include "matches.h"
#include "steps.h"

#include <string>
#include <string_view>
#include <vector>

namespace unspin {

class WordTrie {
public:
    // Make room for so many phrases, of as many words as most have.
    void reserve(std::size_t phrases);
    // Add a phrase: words with a blank between each. Its number is how many were added before it.
    void add(std::string_view phrase);
    // To be called when all are added.
    void finish();
    // Every occurrence in folded text, by end, then start, then number. Throws std::bad_alloc.
    std::vector<Hit> search(std::string_view folded) const;

private:
    struct Word {
        std::uint32_t number = kNone;
        std::uint32_t node = kNone;  // to which it leads from the root
    };
    struct Node {
        std::uint64_t next;   // a bit for each word that leads on, by the word's number modulo 64; several may share one
        std::uint32_t first;  // place of its phrases in numbers_; they end where those of the next node begin
    };

    const Word* find(std::string_view word, std::uint64_t key) const;
    std::uint32_t word_number(std::string_view word);
    std::uint32_t node_behind(std::uint32_t from, std::uint32_t word);

    std::string letters_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> long_words_;  // by number: place and size in letters_
    KeyTable<Word> words_;
    std::vector<Node> nodes_ = {{0, 0}};  // the first is the root
    Steps steps_;
    std::vector<std::uint32_t> ends_;  // phrase -> the node where it ends
    std::vector<std::uint32_t> numbers_;
};

}  // namespace unspin
