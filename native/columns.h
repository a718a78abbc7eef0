// Columns of numbers in a mapped file, as unspin.cache.Sections gives them.

#pragma once

#include "objects.h"

#include <cstddef>

namespace unspin {

// One column, read where it lies.
template <typename Number>
class Column {
public:
    // The section `name` of a mapping: a memoryview of numbers, or bytes.
    Column(PyObject* sections, const char* name) {
        const Ref key = checked(PyUnicode_FromString(name));
        const Ref section = checked(PyObject_GetItem(sections, key.get()));
        if (PyObject_GetBuffer(section.get(), &view_, PyBUF_SIMPLE) < 0) throw PythonError();
        const bool aligned = view_.len == 0 || reinterpret_cast<std::uintptr_t>(view_.buf) % alignof(Number) == 0;
        if (view_.len % sizeof(Number) != 0 || !aligned) {
            PyBuffer_Release(&view_);
            PyErr_Format(PyExc_ValueError, "%s: no column of numbers of %zu bytes", name, sizeof(Number));
            throw PythonError();
        }
    }
    Column(const Column&) = delete;
    Column& operator=(const Column&) = delete;
    ~Column() { PyBuffer_Release(&view_); }

    const Number* begin() const { return static_cast<const Number*>(view_.buf); }
    const Number* end() const { return begin() + size(); }
    std::size_t size() const { return view_.len / sizeof(Number); }
    Number operator[](std::size_t at) const { return begin()[at]; }

private:
    Py_buffer view_;
};

}  // namespace unspin
