// Phrases as a trie whose steps are words. Twin: the automaton of unspin.rulebook.scanner.Scanner, which finds the same
// hits in the same order.

#include "word_trie.h"

#include <algorithm>

namespace unspin {
namespace {

std::uint64_t hash_of(std::string_view word) {
    std::uint64_t hash = 14695981039346656037u;  // FNV-1a
    for (const unsigned char letter : word) hash = (hash ^ letter) * 1099511628211u;
    return hash;
}

std::uint64_t key_of(std::uint32_t node, std::uint32_t word) { return std::uint64_t{node} << 32 | word; }

// Call `each` with every word of a text, where it starts and where it ends; single blanks part words.
template <typename Each>
void for_words(std::string_view text, Each each) {
    for (std::size_t start = 0; start <= text.size();) {
        std::size_t end = start;
        while (end < text.size() && text[end] != ' ') ++end;
        each(text.substr(start, end - start), start, end);
        start = end + 1;
    }
}

}  // namespace

std::uint32_t WordTrie::find(std::string_view word, std::uint64_t hash) const {
    return word_slots_.find(hash, [&](std::uint32_t number) {
        const Word& known = words_[number];
        return known.hash == hash && std::string_view(letters_).substr(known.at, known.size) == word;
    });
}

std::uint32_t WordTrie::step(std::uint32_t from, std::uint32_t word) const {
    const std::uint64_t key = key_of(from, word);
    return node_slots_.find(key, [&](std::uint32_t node) { return nodes_[node].key == key; });
}

std::uint32_t WordTrie::word_number(std::string_view word) {
    const std::uint64_t hash = hash_of(word);
    const std::uint32_t known = find(word, hash);
    if (known != kNone) return known;
    const auto number = static_cast<std::uint32_t>(words_.size());
    words_.push_back({hash, static_cast<std::uint32_t>(letters_.size()), static_cast<std::uint32_t>(word.size())});
    letters_ += word;
    word_slots_.add(number, [&](std::uint32_t of) { return words_[of].hash; });
    return number;
}

std::uint32_t WordTrie::node_behind(std::uint32_t from, std::uint32_t word) {
    const std::uint32_t known = step(from, word);
    if (known != kNone) return known;
    const auto number = static_cast<std::uint32_t>(nodes_.size());
    nodes_[from].goes_on = true;
    nodes_.push_back({key_of(from, word), 0, false});
    node_slots_.add(number, [&](std::uint32_t of) { return nodes_[of].key; });
    return number;
}

void WordTrie::add(std::string_view phrase) {
    std::uint32_t node = 0;
    for_words(phrase, [&](std::string_view word, std::size_t, std::size_t) {
        node = node_behind(node, word_number(word));
    });
    ends_.push_back(node);
}

void WordTrie::finish() {
    nodes_.push_back({0, 0, false});  // ends the phrases of the last
    for (const std::uint32_t node : ends_) ++nodes_[node + 1].first;
    for (std::size_t node = 1; node < nodes_.size(); ++node) nodes_[node].first += nodes_[node - 1].first;
    numbers_.resize(ends_.size());
    std::vector<std::uint32_t> taken(nodes_.size(), 0);
    for (std::uint32_t phrase = 0; phrase < ends_.size(); ++phrase) {
        const std::uint32_t node = ends_[phrase];
        numbers_[nodes_[node].first + taken[node]++] = phrase;
    }
    ends_ = {};
}

std::vector<Hit> WordTrie::search(std::string_view folded) const {
    struct Run {  // of words that leads from the root to a node
        std::uint32_t node, start;
    };
    std::vector<Hit> found;
    std::vector<Run> runs;
    // Words without the padding of the text: what starts at an offset of them starts with its blank at the same offset
    // of the padded text, and ends with its blank two further.
    for_words(folded.substr(1, folded.size() - 2), [&](std::string_view text, std::size_t start, std::size_t end) {
        const std::uint32_t word = find(text, hash_of(text));
        if (word == kNone) {
            runs.clear();
            return;
        }
        runs.push_back({0, static_cast<std::uint32_t>(start)});
        std::size_t kept = 0;
        for (const Run run : runs) {
            const std::uint32_t node = step(run.node, word);
            if (node == kNone) continue;
            for (std::uint32_t at = nodes_[node].first; at < nodes_[node + 1].first; ++at) {
                found.push_back({numbers_[at], run.start, static_cast<std::uint32_t>(end + 2)});
            }
            if (nodes_[node].goes_on) runs[kept++] = {node, run.start};
        }
        runs.resize(kept);
    });
    return found;
}

}  // namespace unspin
