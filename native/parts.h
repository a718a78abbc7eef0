// The parts of a text, between one sign and the next.

#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace unspin {

// Call `each` with every part of a text that a sign parts; of an empty text there is none.
template <typename Each>
void for_parts(std::string_view text, char sign, Each each) {
    if (text.empty()) return;
    for (std::size_t start = 0;;) {
        const std::size_t end = std::min(text.find(sign, start), text.size());
        each(text.substr(start, end - start));
        if (end == text.size()) return;
        start = end + 1;
    }
}

}  // namespace unspin
