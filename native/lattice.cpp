// Forward-backward over a lattice. Every sum is taken in the order in which the twin in Python takes it.
// Twins: unspin.spun.lattice (weigh, solve) and unspin.spun.rescoring (rescore).

#include "lattice.h"

#include <cmath>
#include <utility>

namespace unspin {
namespace {

constexpr double kLikely = 0.005;  // unspin.spun.rescoring.LIKELY
constexpr double kSettled = 0.98;  // SETTLED

struct Weighed {
    std::vector<double> weights;  // of the arcs
    std::vector<double> forward;  // sum over all paths up to each node
    double total = 0.0;
};

Weighed weigh(const Lattice& lattice, const Spinner& spinner, const Factors& factors) {
    Weighed weighed;
    weighed.weights.reserve(lattice.arcs.size());
    weighed.forward.resize(lattice.nodes);
    weighed.forward[0] = 1.0;
    const double removed = 1.0 - spinner.unreplaced;
    for (const Arc& arc : lattice.arcs) {
        const Way& way = *arc.way;
        const double trust = way.is_sure ? way.trust : way.trust * spinner.guessed;
        const bool is_reading = way.reading != kAsTheyStand;
        double weight = arc.language * (is_reading ? removed * trust : 1.0 - removed * trust);
        if (arc.violations) weight *= std::pow(spinner.violation, double(arc.violations));
        if (is_reading && !factors.empty()) weight *= factors[way.reading];
        weighed.weights.push_back(weight);
        weighed.forward[arc.target] += weighed.forward[arc.source] * weight;
    }
    for (const int node : lattice.last) weighed.total += weighed.forward[node];
    return weighed;
}

// The probability of each arc, the last first, given to `see` with the arc's number.
template <typename See>
void backward(const Lattice& lattice, const Weighed& weighed, See see) {
    std::vector<double> backward(lattice.nodes);
    for (const int node : lattice.last) backward[node] = 1.0 / weighed.total;
    for (std::size_t i = lattice.arcs.size(); i-- > 0;) {
        const Arc& arc = lattice.arcs[i];
        const double mass = weighed.weights[i] * backward[arc.target];
        backward[arc.source] += mass;
        see(i, weighed.forward[arc.source] * mass);
    }
}

// Posteriors that are added up reading by reading.
class Posteriors {
public:
    explicit Posteriors(const std::vector<Reading>& readings) : readings_(readings), places_(readings.size(), kNone) {}

    void add(int reading, double mass) {
        if (reading == kAsTheyStand) return;
        if (places_[reading] == kNone) {
            places_[reading] = static_cast<int>(made_.size());
            made_.push_back({readings_[reading], 0.0});
        }
        made_[places_[reading]].value += mass;
    }

    Solution solution(double evidence) { return {evidence, std::move(made_)}; }

private:
    static constexpr int kNone = -1;

    const std::vector<Reading>& readings_;
    std::vector<int> places_;  // by the number of a reading
    std::vector<Posterior> made_;
};

// --- by threes --------------------------------------------------------------------------------------------------

using Before = std::array<Word, 2>;  // the last two words

// The last two words with which paths reach a node, in the order in which they came up, and the sum over the paths.
struct Reached {
    struct Way {
        Before state;
        double mass, ahead;
    };

    int find(const Before& state) {
        for (std::size_t i = 0; i < ways.size(); ++i) {
            if (ways[i].state == state) return static_cast<int>(i);
        }
        ways.push_back({state, 0.0, 0.0});
        return static_cast<int>(ways.size() - 1);
    }

    std::vector<Way> ways;
};

// A vector that a thread lends to one call after the other, with what it holds; a call within a call makes its own.
template <typename Content>
class Lent {
public:
    Lent() : content_(std::move(kept())) {}
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;
    ~Lent() {
        if (content_.size() <= kMostLent) kept() = std::move(content_);
    }
    Content& operator*() { return content_; }

private:
    static Content& kept() {
        thread_local Content content;
        return content;
    }

    static constexpr std::size_t kMostLent = 1'000;

    Content content_;
};

struct Step {
    int source, from, target, to;  // nodes, and numbers of their states
    double weight;
    int reading;
};

double as_it_stands(const Lattice& lattice) {
    Before before = lattice.before;
    double probability = 1.0;
    for (const Word word : lattice.words) {
        probability *= lattice.language->triple(before[0], before[1], word);
        before = {before[1], word};
    }
    return probability;
}

}  // namespace

bool is_settled(double posterior) { return posterior < kLikely || posterior > kSettled; }

Solution solve(const Lattice& lattice, const Spinner& spinner, const Factors& factors) {
    const Weighed weighed = weigh(lattice, spinner, factors);
    if (weighed.total <= 0.0 || lattice.clean <= 0.0) return {};
    Posteriors posteriors(lattice.readings);
    backward(lattice, weighed, [&](std::size_t i, double mass) { posteriors.add(lattice.arcs[i].way->reading, mass); });
    return posteriors.solution(std::log(weighed.total / lattice.clean));
}

std::optional<Solution> rescore(const Lattice& lattice, const Spinner& spinner, const Factors& factors) {
    const Weighed weighed = weigh(lattice, spinner, factors);
    if (weighed.total <= 0.0) return std::nullopt;
    std::vector<std::size_t> likely;  // arcs, the last first
    bool any = false;
    backward(lattice, weighed, [&](std::size_t i, double mass) {
        if (mass < kLikely) return;
        likely.push_back(i);
        any = any || lattice.arcs[i].way->reading != kAsTheyStand;
    });
    if (!any) return std::nullopt;
    Language& language = *lattice.language;
    Lent<std::vector<Reached>> lent;  // making so many anew would take as long as filling them
    std::vector<Reached>& reached = *lent;
    if (reached.size() < std::size_t(lattice.nodes)) reached.resize(lattice.nodes);
    for (int node = 0; node < lattice.nodes; ++node) reached[node].ways.clear();
    reached[0].ways.push_back({lattice.before, 1.0, 0.0});
    std::vector<Step> steps;
    for (auto i = likely.rbegin(); i != likely.rend(); ++i) {
        const Arc& arc = lattice.arcs[*i];
        const double channel = weighed.weights[*i] / arc.language;
        for (std::size_t from = 0; from < reached[arc.source].ways.size(); ++from) {
            Before state = reached[arc.source].ways[from].state;
            double weight = channel;
            for (const Word word : arc.way->run->words) {
                weight *= language.triple(state[0], state[1], word);
                state = {state[1], word};
            }
            const int to = reached[arc.target].find(state);
            reached[arc.target].ways[to].mass += reached[arc.source].ways[from].mass * weight;
            steps.push_back({arc.source, int(from), arc.target, to, weight, arc.way->reading});
        }
    }
    double total = 0.0;
    for (const int node : lattice.last) {
        double mass = 0.0;
        for (const Reached::Way& way : reached[node].ways) mass += way.mass;
        total += mass;
    }
    const double clean = total > 0.0 ? as_it_stands(lattice) : 0.0;
    if (clean <= 0.0) return std::nullopt;
    for (const int node : lattice.last) {
        for (Reached::Way& way : reached[node].ways) way.ahead = 1.0 / total;
    }
    Posteriors posteriors(lattice.readings);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
        Reached::Way& source = reached[step->source].ways[step->from];
        const double mass = step->weight * reached[step->target].ways[step->to].ahead;
        source.ahead += mass;
        posteriors.add(step->reading, source.mass * mass);
    }
    return posteriors.solution(std::log(total / clean));
}

}  // namespace unspin
