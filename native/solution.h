// What a segment came to. Twin: unspin.spun.lattice.Solution.

#pragma once

#include "objects.h"

#include <cstdint>
#include <vector>

namespace unspin {

// What a reading is: a span, the number of its phrase and that of the phrase's alternative.
struct Reading {
    std::int32_t first, last, phrase, choice;
};

inline bool operator==(const Reading& one, const Reading& other) {
    return one.first == other.first && one.last == other.last && one.phrase == other.phrase &&
           one.choice == other.choice;
}

struct Posterior {
    Reading reading;
    double value;
};

// The readings are in the order in which they came up, by which whoever adds the probabilities up gets the same sum to
// the last bit.
struct Solution {
    double evidence = 0.0;
    std::vector<Posterior> posteriors;

    // Probability that a word is not as the source had it.
    double replaced(long word) const {
        double sum = 0.0;
        for (const auto& [reading, value] : posteriors) {
            if (reading.first <= word && word < reading.last) sum += value;
        }
        return sum;
    }
};

Ref solution_object(const Types& types, Solution solution);

// That of a Python object, which must be one; valid as long as the object.
const Solution& as_solution(const Types& types, PyObject* object);

// A reading as Python has it.
Ref as_tuple(const Reading& reading);

}  // namespace unspin
