// A text folded to the bytes that phrases are looked for in.

#pragma once

#include "core.h"

#include <string>
#include <vector>

namespace unspin {

struct Folded {
    std::string bytes;            // padded with a blank on either side
    std::vector<std::ptrdiff_t> at;  // where in `bytes` positions fall behind those of the text by another number
    std::vector<std::ptrdiff_t> by;  // of code points, which is this, before the padding is counted
};

// Fold a str. Needs no lock where the caller holds a reference to it. Throws std::bad_alloc.
Folded fold(PyObject* text);

}  // namespace unspin
