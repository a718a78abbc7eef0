// The steps of a trie whose steps are words, by their numbers.

#pragma once

#include "key_table.h"

namespace unspin {

class Steps {
public:
    // The node to which a word leads from another; kNone where it leads to none.
    std::uint32_t step(std::uint32_t from, std::uint32_t word) const {
        const Step* found = steps_.find(key_of(from, word));
        return found == nullptr ? kNone : found->number;
    }

    // The same; where it led to none, to a new one, whose number is the number of nodes before it.
    std::uint32_t step_or_add(std::uint32_t from, std::uint32_t word) {
        const std::uint32_t known = step(from, word);
        if (known != kNone) return known;
        steps_.add(key_of(from, word), {nodes_});
        return nodes_++;
    }

    void reserve(std::size_t nodes) { steps_.reserve(nodes); }

    std::uint32_t nodes() const { return nodes_; }

private:
    struct Step {
        std::uint32_t number = kNone;
    };

    static std::uint64_t key_of(std::uint32_t node, std::uint32_t word) { return std::uint64_t{node} << 32 | word; }

    KeyTable<Step> steps_;
    std::uint32_t nodes_ = 1;  // the root is 0
};

}  // namespace unspin
