// Phrases as a trie whose steps are words. Twin: the automaton of unspin.rulebook.scanner.Scanner, which finds the same
// hits in the same order.

#include "word_trie.h"

#include <algorithm>
#include <cstring>

namespace unspin {
namespace {

constexpr std::size_t kShort = 8;   // letters that fit a key
constexpr std::size_t kAhead = 12;  // words

// The letters of a short word; of a longer one a hash, which no short word has: its lowest byte is no letter.
std::uint64_t key_of_long(std::string_view word) {
    std::uint64_t hash = 14695981039346656037u;  // FNV-1a
    for (const unsigned char letter : word) hash = (hash ^ letter) * 1099511628211u;
    return hash << 8 | 1;
}

std::uint64_t key_of(std::string_view word) {
    if (word.size() > kShort) return key_of_long(word);
    std::uint64_t key = 0;
    for (std::size_t at = 0; at < word.size(); ++at) {
        key |= std::uint64_t{static_cast<unsigned char>(word[at])} << (8 * at);
    }
    return key;
}

std::uint64_t bit_of(std::uint32_t word) { return std::uint64_t{1} << (word % 64); }

// Whether a word of less than eight letters begins there, and if so, its end and its key: most words do, and a processor
// that has the first letter in the lowest byte looks at all eight at once.
bool is_short([[maybe_unused]] std::string_view text, [[maybe_unused]] std::size_t start,
              [[maybe_unused]] std::size_t& end, [[maybe_unused]] std::uint64_t& key) {
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    constexpr std::uint64_t kEach = 0x0101010101010101u;
    if (start + kShort > text.size()) return false;
    std::uint64_t letters;
    std::memcpy(&letters, text.data() + start, kShort);
    const std::uint64_t blanks = letters ^ (kEach * ' ');  // of a blank, nothing is left
    const std::uint64_t first = (blanks - kEach) & ~blanks & (kEach * 0x80);
    if (first == 0) return false;
    const int bits = __builtin_ctzll(first) & ~7;
    key = letters & ((std::uint64_t{1} << bits) - 1);
    end = start + bits / 8;
    return true;
#else
    return false;
#endif
}

// Call `each` with every word of a text, its key, where it starts and where it ends; single blanks part words.
template <typename Each>
void for_words(std::string_view text, Each each) {
    for (std::size_t start = 0; start <= text.size();) {
        std::size_t end = start;
        std::uint64_t key = 0;
        if (!is_short(text, start, end, key)) {
            while (end < text.size() && text[end] != ' ') ++end;
            key = key_of(text.substr(start, end - start));
        }
        each(text.substr(start, end - start), key, start, end);
        start = end + 1;
    }
}

}  // namespace

const WordTrie::Word* WordTrie::find(std::string_view word, std::uint64_t key) const {
    if (word.size() <= kShort) return words_.find(key);
    return words_.find(key, [&](const Word& known) {
        const auto [at, size] = long_words_[known.number];
        return std::string_view(letters_).substr(at, size) == word;
    });
}

std::uint32_t WordTrie::word_number(std::string_view word) {
    const std::uint64_t key = key_of(word);
    if (const Word* known = find(word, key)) return known->number;
    const auto number = static_cast<std::uint32_t>(long_words_.size());
    const std::string_view kept = word.size() > kShort ? word : std::string_view();
    long_words_.push_back({static_cast<std::uint32_t>(letters_.size()), static_cast<std::uint32_t>(kept.size())});
    letters_ += kept;
    words_.add(key, {number, kNone});
    return number;
}

std::uint32_t WordTrie::node_behind(std::uint32_t from, std::uint32_t word) {
    const std::uint32_t node = steps_.step_or_add(from, word);
    if (node == nodes_.size()) {
        nodes_[from].next |= bit_of(word);
        nodes_.push_back({0, 0});
    }
    return node;
}

void WordTrie::reserve(std::size_t phrases) {
    steps_.reserve(2 * phrases);
    nodes_.reserve(2 * phrases);
    ends_.reserve(phrases);
    words_.reserve(phrases / 2);
}

void WordTrie::add(std::string_view phrase) {
    std::uint32_t node = 0;
    for_words(phrase, [&](std::string_view word, std::uint64_t, std::size_t, std::size_t) {
        node = node_behind(node, word_number(word));
    });
    ends_.push_back(node);
}

void WordTrie::finish() {
    words_.for_all([&](Word& word) { word.node = steps_.step(0, word.number); });
    nodes_.push_back({0, 0});  // ends the phrases of the last
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
    // Words without the padding of the text: what starts at an offset of them starts with its blank at the same offset
    // of the padded text, and ends with its blank two further.
    const std::string_view text = folded.substr(1, folded.size() - 2);
    struct Token {
        std::uint64_t key;
        std::uint32_t start, end;
        const Word* word;
    };
    std::vector<Token> tokens;
    tokens.reserve(text.size() / 4);
    for_words(text, [&](std::string_view, std::uint64_t key, std::size_t start, std::size_t end) {
        tokens.push_back({key, static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end), nullptr});
    });
    // The tables are larger than a processor's caches: what a word needs of them is asked for some words before it.
    const std::size_t count = tokens.size();
    for (std::size_t at = 0; at < std::min(kAhead, count); ++at) words_.fetch(tokens[at].key);
    for (std::size_t at = 0; at < count; ++at) {
        if (at + kAhead < count) words_.fetch(tokens[at + kAhead].key);
        Token& token = tokens[at];
        token.word = find(text.substr(token.start, token.end - token.start), token.key);
        if (token.word != nullptr && token.word->node != kNone) prefetch(&nodes_[token.word->node]);
    }
    struct Run {  // of words that leads from the root to a node
        std::uint64_t next;  // of the node
        std::uint32_t node, start;
    };
    std::vector<Hit> found;
    std::vector<Run> runs;
    for (const Token& token : tokens) {
        if (token.word == nullptr) {
            runs.clear();
            continue;
        }
        const auto reach = [&](std::uint32_t node, std::uint32_t begun) {
            for (std::uint32_t at = nodes_[node].first; at < nodes_[node + 1].first; ++at) {
                found.push_back({numbers_[at], begun, token.end + 2});
            }
            return nodes_[node].next;
        };
        const std::uint32_t number = token.word->number;
        std::size_t kept = 0;
        for (const Run run : runs) {
            const std::uint32_t node = run.next & bit_of(number) ? steps_.step(run.node, number) : kNone;
            if (node == kNone) continue;
            const std::uint64_t next = reach(node, run.start);
            if (next != 0) runs[kept++] = {next, node, run.start};
        }
        runs.resize(kept);
        if (token.word->node != kNone) {
            const std::uint64_t next = reach(token.word->node, token.start);
            if (next != 0) runs.push_back({next, token.word->node, token.start});
        }
    }
    return found;
}

}  // namespace unspin
