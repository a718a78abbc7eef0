// An index of numbered things by hash, with open addressing: a slot that is taken passes on to the next.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace unspin {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

class Slots {
public:
    // The number of the thing of that hash for which `is_it(number)` holds; kNone where there is none.
    template <typename IsIt>
    std::uint32_t find(std::uint64_t hash, IsIt is_it) const {
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t at = home(hash) & mask;; at = (at + 1) & mask) {
            const std::uint32_t number = slots_[at];
            if (number == kNone || is_it(number)) return number;
        }
    }

    // Add a thing that is not there; `hash_of(number)` is asked for the others where the index has to grow.
    template <typename HashOf>
    void add(std::uint32_t number, HashOf hash_of) {
        if (2 * (used_ + 1) > slots_.size()) {
            std::vector<std::uint32_t> old(4 * slots_.size(), kNone);
            old.swap(slots_);
            for (const std::uint32_t moved : old) {
                if (moved != kNone) put(moved, hash_of(moved));
            }
        }
        put(number, hash_of(number));
        ++used_;
    }

private:
    static std::size_t home(std::uint64_t hash) {
        hash *= 0x9e3779b97f4a7c15u;  // Fibonacci hashing
        return hash ^ (hash >> 32);
    }

    void put(std::uint32_t number, std::uint64_t hash) {
        std::size_t at = home(hash) & (slots_.size() - 1);
        while (slots_[at] != kNone) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = number;
    }

    std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(1024, kNone);
    std::size_t used_ = 0;
};

}  // namespace unspin
