// A table from numbers of 64 bits to small values, with open addressing: a slot that is taken passes on to the next.
// Keys and values stand side by side, as what takes time is to fetch a slot from memory.

#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace unspin {

inline void prefetch([[maybe_unused]] const void* place) {
#ifdef __GNUC__
    __builtin_prefetch(place);
#endif
}

// `Value` is a struct with a member `number`, which is kNone in a slot that is free.
constexpr std::uint32_t kNone = ~std::uint32_t{0};

template <typename Value>
class KeyTable {
public:
    // The value of that key for which `is_it(value)` holds; nullptr where there is none.
    template <typename IsIt>
    const Value* find(std::uint64_t key, IsIt is_it) const {
        for (std::size_t at = home(key);; at = (at + 1) & (slots_.size() - 1)) {
            const Slot& slot = slots_[at];
            if (slot.value.number == kNone) return nullptr;
            if (slot.key == key && is_it(slot.value)) return &slot.value;
        }
    }

    // Fetch where the value of a key would be from memory, while other things are done.
    void fetch(std::uint64_t key) const { prefetch(&slots_[home(key)]); }

    const Value* find(std::uint64_t key) const {
        return find(key, [](const Value&) { return true; });
    }

    // Add what is not there. Throws std::bad_alloc.
    void add(std::uint64_t key, Value value) {
        if (2 * (used_ + 1) > slots_.size()) grow(2 * slots_.size());
        put({key, value});
        ++used_;
    }

    // Make room for so many keys at once: a table that grows moves all that it holds. Throws std::bad_alloc.
    void reserve(std::size_t keys) {
        std::size_t size = slots_.size();
        while (size < 2 * keys) size *= 2;
        if (size > slots_.size()) grow(size);
    }

    // Call `each` with every value, which it may change.
    template <typename Each>
    void for_all(Each each) {
        for (Slot& slot : slots_) {
            if (slot.value.number != kNone) each(slot.value);
        }
    }

private:
    struct Slot {
        std::uint64_t key = 0;
        Value value{};
    };

    std::size_t home(std::uint64_t key) const {
        key *= 0x9e3779b97f4a7c15u;  // Fibonacci hashing
        return (key ^ (key >> 32)) & (slots_.size() - 1);
    }

    void grow(std::size_t size) {
        std::vector<Slot> old(size);
        old.swap(slots_);
        for (const Slot& moved : old) {
            if (moved.value.number != kNone) put(moved);
        }
    }

    void put(const Slot& slot) {
        std::size_t at = home(slot.key);
        while (slots_[at].value.number != kNone) at = (at + 1) & (slots_.size() - 1);
        slots_[at] = slot;
    }

    std::vector<Slot> slots_ = std::vector<Slot>(1024);
    std::size_t used_ = 0;
};

}  // namespace unspin
