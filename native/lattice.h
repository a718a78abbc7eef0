// A lattice of readings: forward-backward over it by pairs of words, and over its likely arcs by threes.
// Twins: unspin.spun.lattice (Lattice, weigh, solve) and unspin.spun.rescoring (rescore).

#pragma once

#include "language.h"
#include "solution.h"

#include <array>
#include <optional>

namespace unspin {

// unspin.spun.lattice.Spinner
struct Spinner {
    double unreplaced, violation, guessed;
};

constexpr int kAsTheyStand = -1;  // in place of the number of a reading

// The last words, as many as an original reaching over them may need.
struct State {
    std::array<Word, 3> words{};
    int size = 0;

    bool operator==(const State& other) const { return size == other.size && words == other.words; }
    Word last() const { return words[size - 1]; }
};

// Words in a row as the language model sees them, and what holds of them whatever stands before.
struct Run {
    std::vector<Word> words;
    double inside;  // probability of those behind the first
    State behind;
};

// Some words of a segment, or what is read for them.
struct Way {
    std::size_t begin, end;  // its position, and the one behind it
    const Run* run;
    double trust;
    bool is_sure;
    int reading;  // its number, or kAsTheyStand
};

struct Arc {
    int source, target;
    double language;  // probability of its words behind those of the source
    int violations;
    const Way* way;
};

struct Lattice {
    int nodes = 1;
    std::vector<int> last;
    std::vector<Arc> arcs;
    std::vector<Way> ways;  // by position
    std::vector<Reading> readings;
    std::array<Word, 2> before{};
    std::vector<Word> words;
    double clean = 1.0;
    bool has_guesses = false;
    std::shared_ptr<Language> language;
    std::shared_ptr<const void> channel;  // what the runs of the ways belong to
};

// Factors on the weights of readings, by their numbers; empty where there are none.
using Factors = std::vector<double>;

Solution solve(const Lattice& lattice, const Spinner& spinner, const Factors& factors);

// By threes of words; none where nothing is open or nothing comes of it, so that what pairs made of it holds.
std::optional<Solution> rescore(const Lattice& lattice, const Spinner& spinner, const Factors& factors);

// Whether a solution by pairs leaves nothing for `rescore` to look at.
bool is_settled(double posterior);

}  // namespace unspin
