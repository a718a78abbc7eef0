// Which characters a text holds beside those of plain prose, and letters that stand alone in a row.
// Twins: unspin.passages.signs.signs, and spaced_letters of unspin.stages.obfuscation.prefilter.

#include "objects.h"

#include <array>
#include <cstdint>
#include <vector>

namespace unspin {
namespace {

bool is_letter(Py_UCS4 c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_blank(Py_UCS4 c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// What plain prose is written with; as PROSE of the twin.
constexpr std::array<bool, 128> make_prose() {
    std::array<bool, 128> prose{};
    for (int c = '0'; c <= '9'; ++c) prose[c] = true;
    for (int c = 'a'; c <= 'z'; ++c) prose[c] = prose[c - 'a' + 'A'] = true;
    for (const char c : {' ', '\t', '\n', '\f', '\r', '.', ',', ';', ':', '!', '?', '\'', '"', '(', ')', '-'}) {
        prose[static_cast<int>(c)] = true;
    }
    return prose;
}

constexpr auto kProse = make_prose();

template <typename Unit>
PyObject* signs_of(const Unit* text, std::size_t size, Py_UCS4 greatest) {
    std::vector<std::uint64_t> seen(greatest / 64 + 1);
    Ref found = checked(PyFrozenSet_New(nullptr));
    for (std::size_t at = 0; at < size; ++at) {
        const Py_UCS4 c = text[at];
        if (c < 128 && kProse[c]) continue;
        const std::uint64_t bit = std::uint64_t{1} << (c % 64);
        if (seen[c / 64] & bit) continue;
        seen[c / 64] |= bit;
        const Ref sign = checked(PyUnicode_FromOrdinal(static_cast<int>(c)));
        if (PySet_Add(found.get(), sign.get()) != 0) throw PythonError();
    }
    return found.release();
}

enum Kind : unsigned char { kOther, kLetter, kSpace };

Kind kind_of(Py_UCS4 c) { return is_letter(c) ? kLetter : is_blank(c) ? kSpace : kOther; }

constexpr std::size_t kSpaced = 8;  // four letters, each behind a blank

template <typename Unit>
bool spaced(const Unit* text, std::size_t size) {
    const auto kind = [&](std::size_t at) { return kind_of(text[at]); };
    const auto alternate = [&](std::size_t at) {  // whether a letter and a blank stand at a place and behind it
        const Kind here = kind(at), next = kind(at + 1);
        return here != next && here != kOther && next != kOther;
    };
    // A row of eight holds three places in a row from one of every four on.
    for (std::size_t at = 3; at + 2 < size; at += 4) {
        if (!alternate(at) || !alternate(at + 1)) continue;
        std::size_t first = at, last = at + 2;
        while (first > 0 && alternate(first - 1)) --first;
        while (last + 1 < size && alternate(last)) ++last;
        if (kind(first) == kLetter) ++first;
        if (last + 1 - first >= kSpaced) return true;
    }
    return false;
}

// Hands the code points of a str to `body`, and what it returns on.
template <typename Body>
PyObject* with_units(PyObject* text, Body body) {
    if (!PyUnicode_Check(text)) {
        return PyErr_Format(PyExc_TypeError, "a text is a str, not %.100s", Py_TYPE(text)->tp_name);
    }
    const std::size_t size = PyUnicode_GET_LENGTH(text);
    return guarded<PyObject*>(nullptr, [&] {
        switch (PyUnicode_KIND(text)) {
            case PyUnicode_1BYTE_KIND: return body(PyUnicode_1BYTE_DATA(text), size);
            case PyUnicode_2BYTE_KIND: return body(PyUnicode_2BYTE_DATA(text), size);
            default: return body(PyUnicode_4BYTE_DATA(text), size);
        }
    });
}

PyObject* signs(PyObject*, PyObject* text) {
    return with_units(text, [text](const auto* units, std::size_t size) {
        return signs_of(units, size, PyUnicode_MAX_CHAR_VALUE(text));
    });
}

PyObject* spaced_letters(PyObject*, PyObject* text) {
    return with_units(text, [](const auto* units, std::size_t size) { return PyBool_FromLong(spaced(units, size)); });
}

}  // namespace

PyMethodDef signs_method = {"signs", signs, METH_O, "The characters that plain prose does without."};
PyMethodDef spaced_method = {"spaced_letters", spaced_letters, METH_O, "Whether four letters stand alone in a row."};

}  // namespace unspin
