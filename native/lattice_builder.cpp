// The lattice of a segment, built from left to right. Twin: unspin.spun.decoder.Decoder (_start, _step, _state, _build).

#include "lattice_builder.h"

#include <algorithm>

namespace unspin {
namespace {

// The last words, as many as an original reaching over them may need.
struct State {
    std::array<Word, 3> words{};
    int size = 0;

    bool operator==(const State& other) const { return size == other.size && words == other.words; }
    Word last() const { return words[size - 1]; }
};

State state_of(const Word* words, std::size_t size) {
    State state;
    std::copy(words, words + size, state.words.begin());
    state.size = static_cast<int>(size);
    return state;
}

// Decoder._state
State state_behind(Channel& channel, const std::vector<Word>& words) {
    for (const std::size_t size : {std::size_t(3), std::size_t(2)}) {
        if (words.size() < size) continue;
        const Word* tail = words.data() + words.size() - size;
        if (channel.role(tail, size).is_prefix) return state_of(tail, size);
    }
    return state_of(&words.back(), 1);
}

struct Step {
    double language;
    int violations;
    State after;
};

// Decoder._step
Step step(Channel& channel, const State& state, const std::vector<Word>& ahead) {
    Language& language = *channel.language;
    double inside = 1.0;
    for (std::size_t i = 1; i < ahead.size(); ++i) inside *= language.pair(ahead[i - 1], ahead[i]);
    const double weight = inside * language.pair(state.last(), ahead[0]);
    if (state.size == 1 && !channel.begins(state.last(), ahead[0])) return {weight, 0, state_behind(channel, ahead)};
    std::vector<Word> words(state.words.begin(), state.words.begin() + state.size);
    words.insert(words.end(), ahead.begin(), ahead.end());
    const std::size_t known = state.size;
    int violations = 0;
    for (std::size_t a = 0; a < known; ++a) {
        for (std::size_t b = std::max(known + 1, a + ahead.size()); b <= words.size(); ++b) {
            violations += channel.role(words.data() + a, b - a).is_long;
        }
    }
    return {weight, violations, state_behind(channel, words)};
}

constexpr int kNone = -1;

// The nodes of a lattice: a position and a state, numbered in the order in which they came up.
class Nodes {
public:
    explicit Nodes(std::size_t words) : first_(words + 1, kNone), last_(words + 1, kNone) {}

    // The number of a node, a new one where there is none.
    int at(std::size_t position, const State& state) {
        for (int node = first_[position]; node != kNone; node = nodes_[node].next) {
            if (nodes_[node].state == state) return node;
        }
        const int made = size();
        nodes_.push_back({state, kNone});
        (first_[position] == kNone ? first_[position] : nodes_[last_[position]].next) = made;
        return last_[position] = made;
    }
    // The first of a position, and the one behind another of the same; kNone where there is none.
    int first(std::size_t position) const { return first_[position]; }
    int next(int node) const { return nodes_[node].next; }
    const State& state(int node) const { return nodes_[node].state; }
    int size() const { return static_cast<int>(nodes_.size()); }

private:
    struct Node {
        State state;
        int next;
    };

    std::vector<Node> nodes_;
    std::vector<int> first_, last_;  // by position
};

// The words as they stand, and the readings of the spans, in the order of the positions where they begin.
void add_ways(Channel& channel, Word previous, const std::vector<Word>& words, const std::vector<Span>& spans,
              Lattice& lattice) {
    Language& language = *channel.language;
    long covered = 0;
    for (const Span& span : spans) covered = std::max(covered, span.last);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto form = channel.form(words[i]);
        const bool is_covered = long(i) < covered;
        lattice.ways.push_back({i, i + 1, &form->words, is_covered ? form->trust : 0.0, !is_covered || form->is_sure,
                                kAsTheyStand});
        lattice.holding.push_back(form);
        for (const Word word : form->words) {
            lattice.clean *= language.pair(previous, word);
            lattice.words.push_back(word);
            previous = word;
        }
    }
    for (const Span& span : spans) {
        const auto substitutions = channel.substitutions(span.phrase);
        lattice.holding.push_back(substitutions);
        for (const Substitution& its : *substitutions) {
            const int number = static_cast<int>(lattice.readings.size());
            lattice.readings.push_back({std::int32_t(span.first), std::int32_t(span.last), std::int32_t(span.phrase),
                                        std::int32_t(its.choice)});
            lattice.ways.push_back({std::size_t(span.first), std::size_t(span.last), &its.words, its.weight,
                                    its.is_sure, number});
        }
    }
    std::stable_sort(lattice.ways.begin(), lattice.ways.end(),
                     [](const Way& one, const Way& other) { return one.begin < other.begin; });
}

// For each position, and for the end, the number of the first way that begins there.
std::vector<std::size_t> begins_of(const std::vector<Way>& ways, std::size_t words) {
    std::vector<std::size_t> begins(words + 1);
    for (const Way& way : ways) ++begins[way.begin + 1];
    for (std::size_t i = 1; i <= words; ++i) begins[i] += begins[i - 1];
    return begins;
}

}  // namespace

// Decoder._start
std::vector<Word> start(Channel& channel, const std::vector<Word>& previous) {
    std::vector<Word> words;
    const std::size_t size = std::min<std::size_t>(3, previous.size());
    for (auto word = previous.end() - size; word != previous.end(); ++word) {
        const auto form = channel.form(*word);
        words.insert(words.end(), form->words.begin(), form->words.end());
    }
    if (words.empty()) words.push_back(0);
    if (words.size() > 2) {
        const bool is_prefix = channel.role(words.data() + words.size() - 3, 3).is_prefix;
        words.erase(words.begin(), words.end() - (is_prefix ? 3 : 2));
    }
    return words;
}

// Decoder._build
Lattice build(Channel& channel, const std::vector<Word>& behind, const std::vector<Word>& words,
              const std::vector<Span>& spans) {
    Lattice lattice;
    lattice.language = channel.language;
    lattice.before = {behind.size() > 1 ? behind[behind.size() - 2] : 0, behind.back()};
    add_ways(channel, behind.back(), words, spans, lattice);
    const std::vector<std::size_t> begins = begins_of(lattice.ways, words.size());
    Nodes nodes(words.size());
    nodes.at(0, state_behind(channel, behind));
    lattice.arcs.reserve(2 * lattice.ways.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
        for (int source = nodes.first(i); source != kNone; source = nodes.next(source)) {
            const State state = nodes.state(source);
            for (std::size_t number = begins[i]; number < begins[i + 1]; ++number) {
                const Way& way = lattice.ways[number];
                const Step done = step(channel, state, *way.words);
                lattice.arcs.push_back({source, nodes.at(way.end, done.after), done.language, done.violations, &way});
                lattice.has_guesses = lattice.has_guesses || (!way.is_sure && way.trust > 0.0);
            }
        }
    }
    lattice.nodes = nodes.size();
    for (int node = nodes.first(words.size()); node != kNone; node = nodes.next(node)) lattice.last.push_back(node);
    return lattice;
}

}  // namespace unspin
