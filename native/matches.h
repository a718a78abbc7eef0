// Where phrases stand in a folded text.

#pragma once

#include "objects.h"

#include <cstdint>
#include <vector>

namespace unspin {

struct Hit {
    std::uint32_t phrase;
    std::uint32_t start;  // with the blank before the phrase
    std::uint32_t end;    // with the blank behind it
};

// Twin: unspin.rulebook.scanner.Matches.
struct Matches {
    std::vector<Hit> found;
    std::vector<std::ptrdiff_t> at;  // as in Folded
    std::vector<std::ptrdiff_t> by;

    // Where in the text something stands that was seen at an offset of the folded text.
    std::ptrdiff_t position(std::ptrdiff_t offset) const;
};

}  // namespace unspin
