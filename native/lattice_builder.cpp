// The lattice of a segment, built from left to right. Twin: unspin.spun.decoder.Decoder (_start, _step, _state, _build).

#include "lattice_builder.h"

#include <algorithm>

namespace unspin {
namespace {

struct Step {
    double language;
    int violations;
    State after;
};

// Decoder._step
Step step(Channel& channel, const State& state, const Run& ahead) {
    const Word first = ahead.words[0];
    const double weight = ahead.inside * channel.language->pair(state.last(), first);
    if (state.size == 1 && !channel.begins(state.last(), first)) return {weight, 0, ahead.behind};
    std::vector<Word> words(state.words.begin(), state.words.begin() + state.size);
    words.insert(words.end(), ahead.words.begin(), ahead.words.end());
    const std::size_t known = state.size;
    int violations = 0;
    for (std::size_t a = 0; a < known; ++a) {
        for (std::size_t b = std::max(known + 1, a + ahead.words.size()); b <= words.size(); ++b) {
            violations += channel.role(words.data() + a, b - a).is_long;
        }
    }
    return {weight, violations, channel.state(words.data(), words.size())};
}

constexpr int kNoNode = -1;

// The nodes of a lattice: a position and a state, numbered in the order in which they came up.
class Nodes {
public:
    explicit Nodes(std::size_t words) : first_(words + 1, kNoNode), last_(words + 1, kNoNode) {}

    // The number of a node, a new one where there is none.
    int at(std::size_t position, const State& state) {
        for (int node = first_[position]; node != kNoNode; node = nodes_[node].next) {
            if (nodes_[node].state == state) return node;
        }
        const int made = size();
        nodes_.push_back({state, kNoNode});
        (first_[position] == kNoNode ? first_[position] : nodes_[last_[position]].next) = made;
        return last_[position] = made;
    }
    // The first of a position, and the one behind another of the same; kNoNode where there is none.
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
    lattice.words.reserve(words.size());
    auto span = spans.begin();
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Form& form = channel.form(words[i]);
        const bool is_covered = long(i) < covered;
        lattice.ways.push_back({i, i + 1, &form.run, is_covered ? form.trust : 0.0, !is_covered || form.is_sure,
                                kAsTheyStand});
        for (const Word word : form.run.words) {
            lattice.clean *= language.pair(previous, word);
            lattice.words.push_back(word);
            previous = word;
        }
        for (; span != spans.end() && span->first == long(i); ++span) {
            for (const Substitution& its : channel.substitutions(span->phrase)) {
                const int number = static_cast<int>(lattice.readings.size());
                lattice.readings.push_back({std::int32_t(i), std::int32_t(span->last), std::int32_t(span->phrase),
                                            std::int32_t(its.choice)});
                lattice.ways.push_back({i, std::size_t(span->last), &its.run, its.weight, its.is_sure, number});
            }
        }
    }
}

}  // namespace

// Decoder._start
std::vector<Word> start(Channel& channel, const std::vector<Word>& previous) {
    std::vector<Word> words;
    const std::size_t size = std::min<std::size_t>(3, previous.size());
    for (auto word = previous.end() - size; word != previous.end(); ++word) {
        const Run& run = channel.form(*word).run;
        words.insert(words.end(), run.words.begin(), run.words.end());
    }
    if (words.empty()) words.push_back(0);
    if (words.size() > 2) {
        const bool is_prefix = channel.role(words.data() + words.size() - 3, 3).is_prefix;
        words.erase(words.begin(), words.end() - (is_prefix ? 3 : 2));
    }
    return words;
}

// Decoder._build
Lattice build(const std::shared_ptr<Channel>& its_channel, const std::vector<Word>& behind,
              const std::vector<Word>& words, const std::vector<Span>& spans) {
    Channel& channel = *its_channel;
    Lattice lattice;
    lattice.channel = its_channel;
    lattice.language = channel.language;
    lattice.before = {behind.size() > 1 ? behind[behind.size() - 2] : 0, behind.back()};
    add_ways(channel, behind.back(), words, spans, lattice);
    Nodes nodes(words.size());
    nodes.at(0, channel.state(behind.data(), behind.size()));
    lattice.arcs.reserve(2 * lattice.ways.size());
    const Way* way = lattice.ways.data();
    const Way* const end = way + lattice.ways.size();
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Way* const first = way;
        while (way != end && way->begin == i) ++way;
        for (int source = nodes.first(i); source != kNoNode; source = nodes.next(source)) {
            const State state = nodes.state(source);
            for (const Way* its = first; its != way; ++its) {
                const Step done = step(channel, state, *its->run);
                lattice.arcs.push_back({source, nodes.at(its->end, done.after), done.language, done.violations, its});
                lattice.has_guesses = lattice.has_guesses || (!its->is_sure && its->trust > 0.0);
            }
        }
    }
    lattice.nodes = nodes.size();
    for (int node = nodes.first(words.size()); node != kNoNode; node = nodes.next(node)) lattice.last.push_back(node);
    return lattice;
}

}  // namespace unspin
