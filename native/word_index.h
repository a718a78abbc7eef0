// A list of words in a mapped file, each found by its hash. Twin: unspin.english.word_index.WordIndex.

#pragma once

#include "columns.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace unspin {

constexpr std::array<std::uint32_t, 256> make_crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit) rest = rest & 1 ? 0xEDB88320U ^ (rest >> 1) : rest >> 1;
        table[byte] = rest;
    }
    return table;
}

inline constexpr auto kCrc = make_crc_table();

// That of zlib.
inline std::uint32_t crc32(std::string_view key) {
    std::uint32_t rest = 0xFFFFFFFFU;
    for (const unsigned char byte : key) rest = kCrc[(rest ^ byte) & 0xFF] ^ (rest >> 8);
    return rest ^ 0xFFFFFFFFU;
}

inline constexpr std::int64_t kUnknown = -1;

class WordIndex {
public:
    explicit WordIndex(PyObject* columns)
        : words_(columns, "words"), offsets_(columns, "offsets"), slots_(columns, "slots") {}

    std::int64_t number(std::string_view word) const {
        const std::uint32_t mask = static_cast<std::uint32_t>(slots_.size() - 1);
        for (std::uint32_t slot = crc32(word) & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
            const std::uint32_t behind = slots_[slot];
            const std::uint32_t start = offsets_[behind - 1];
            if (word == std::string_view(words_.begin() + start, offsets_[behind] - start)) return behind - 1;
        }
        return kUnknown;
    }

    std::string_view word(std::size_t number) const {
        return {words_.begin() + offsets_[number], offsets_[number + 1] - offsets_[number]};
    }

    std::size_t size() const { return offsets_.size() - 1; }

private:
    Column<char> words_;
    Column<std::uint32_t> offsets_, slots_;
};

}  // namespace unspin
