// Folding a text to the bytes that phrases are looked for in. Twin: unspin.rulebook.scanner.fold_text.

#include "core.h"
#include "fold.h"

#include <array>

namespace unspin {
namespace {

constexpr unsigned char kBlank = ' ';

constexpr bool is_blank(Py_UCS4 c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Lower case for ASCII letters, digits as they are, a blank for all else but blanks, which are looked at together.
constexpr std::array<unsigned char, 256> make_table() {
    std::array<unsigned char, 256> table{};
    for (int c = 0; c < 256; ++c) {
        const bool kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        table[c] = is_blank(c) ? 0 : kept ? c : c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : kBlank;
    }
    return table;
}

constexpr auto kFold = make_table();

template <typename Unit>
Folded fold_units(const Unit* text, std::size_t size) {
    Folded folded;
    folded.bytes.resize(size + 2);
    unsigned char* const begin = reinterpret_cast<unsigned char*>(&folded.bytes[0]);
    unsigned char* out = begin;
    *out++ = kBlank;
    std::ptrdiff_t behind = 0;
    for (std::size_t at = 0; at < size;) {
        const Unit c = text[at];
        const unsigned char folded_to = sizeof(Unit) == 1 || c < 256 ? kFold[c] : kBlank;
        if (folded_to != 0) {
            *out++ = folded_to;
            ++at;
            continue;
        }
        *out++ = kBlank;
        ++at;
        if (at == size || !is_blank(text[at])) continue;
        int lines = c == '\n';
        for (; at < size && is_blank(text[at]); ++at) lines += text[at] == '\n';
        if (lines > 1) *out++ = kBlank;
        const std::ptrdiff_t shift = static_cast<std::ptrdiff_t>(at) - (out - begin - 1);
        if (shift != behind) {
            folded.at.push_back(out - begin - 1);
            folded.by.push_back(shift);
            behind = shift;
        }
    }
    *out++ = kBlank;
    folded.bytes.resize(out - begin);
    return folded;
}

PyObject* as_list(const std::vector<std::ptrdiff_t>& numbers, bool from_zero) {
    PyObject* list = PyList_New(numbers.size() + from_zero);
    if (list == nullptr) return nullptr;
    for (std::size_t i = 0; i < numbers.size() + from_zero; ++i) {
        PyObject* number = PyLong_FromSsize_t(from_zero ? (i ? numbers[i - 1] : 0) : numbers[i]);
        if (number == nullptr) {
            Py_DECREF(list);
            return nullptr;
        }
        PyList_SET_ITEM(list, i, number);
    }
    return list;
}

PyObject* fold_text(PyObject*, PyObject* text) {
    if (!PyUnicode_Check(text)) {
        return PyErr_Format(PyExc_TypeError, "a text is a str, not %.100s", Py_TYPE(text)->tp_name);
    }
    try {
        const Folded folded = fold(text);
        const char* bytes = folded.bytes.data();
        const Py_ssize_t size = folded.bytes.size();
        if (folded.at.empty()) return Py_BuildValue("y#O", bytes, size, Py_None);
        PyObject* at = as_list(folded.at, false);
        PyObject* by = as_list(folded.by, true);
        if (at == nullptr || by == nullptr) {
            Py_XDECREF(at);
            Py_XDECREF(by);
            return nullptr;
        }
        return Py_BuildValue("y#(NN)", bytes, size, at, by);
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    }
}

}  // namespace

Folded fold(PyObject* text) {
    const std::size_t size = PyUnicode_GET_LENGTH(text);
    switch (PyUnicode_KIND(text)) {
        case PyUnicode_1BYTE_KIND: return fold_units(PyUnicode_1BYTE_DATA(text), size);
        case PyUnicode_2BYTE_KIND: return fold_units(PyUnicode_2BYTE_DATA(text), size);
        default: return fold_units(PyUnicode_4BYTE_DATA(text), size);
    }
}

PyMethodDef fold_method = {
    "fold_text", fold_text, METH_O,
    "fold_text(text: str) -> tuple[bytes, tuple[list[int], list[int]] | None]\n\nThe padded bytes to scan.",
};

}  // namespace unspin
