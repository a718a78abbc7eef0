// The words of a text of Latin letters, and what parts words for the language model.
// Twins: unspin.english.words (latin_words, restarts).

#include "objects.h"

#include <array>

namespace unspin {
namespace {

enum Kind : unsigned char { kOther, kLetter, kNumber };

constexpr std::size_t kLatin = 0x250;  // behind the Latin letters of Unicode that are contiguous: to Extended-B

// As in Unicode: letters, and what counts or belongs to numbers.
constexpr std::array<Kind, kLatin> make_kinds() {
    std::array<Kind, kLatin> kinds{};
    for (std::size_t c = 'a'; c <= 'z'; ++c) kinds[c] = kinds[c - 'a' + 'A'] = kLetter;
    for (std::size_t c = '0'; c <= '9'; ++c) kinds[c] = kNumber;
    for (std::size_t c = 0xC0; c < kLatin; ++c) kinds[c] = c == 0xD7 || c == 0xF7 ? kOther : kLetter;
    for (const std::size_t c : {0xAA, 0xB5, 0xBA}) kinds[c] = kLetter;
    for (const std::size_t c : {0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE}) kinds[c] = kNumber;
    return kinds;
}

constexpr auto kKinds = make_kinds();

bool is_sign(Py_UCS4 c) { return (c >= 0x2000 && c <= 0x206F) || (c >= 0x20A0 && c <= 0x20BF); }

bool is_apostrophe(Py_UCS4 c) { return c == '\'' || c == 0x2019; }

Kind kind_of(Py_UCS4 c) { return c < kLatin ? kKinds[c] : kOther; }

// A tuple of a subclass that adds nothing to it.
bool append(PyObject* list, PyTypeObject* type, std::size_t start, std::size_t end, PyObject* lower) {
    const Ref word(type->tp_alloc(type, 3));
    if (!word) return false;
    PyObject* items[] = {PyLong_FromSize_t(start), PyLong_FromSize_t(end), PyUnicode_Substring(lower, start, end)};
    bool whole = true;
    for (int i = 0; i < 3; ++i) {
        whole = whole && items[i] != nullptr;
        PyTuple_SET_ITEM(word.get(), i, items[i]);
    }
    return whole && PyList_Append(list, word.get()) == 0;
}

template <typename Unit>
PyObject* cut(const Unit* text, std::size_t size, PyObject* lower, PyTypeObject* type) {
    Ref list(PyList_New(0));
    if (!list) return nullptr;
    for (std::size_t at = 0; at < size;) {
        if (kind_of(text[at]) == kOther) {
            if (text[at] >= kLatin && !is_sign(text[at])) Py_RETURN_NONE;
            ++at;
            continue;
        }
        const std::size_t start = at;
        while (at < size && kind_of(text[at]) != kOther) ++at;
        while (at + 1 < size && is_apostrophe(text[at]) && kind_of(text[at + 1]) == kLetter) {
            ++at;
            while (at < size && kind_of(text[at]) == kLetter) ++at;
        }
        if (!append(list.get(), type, start, at, lower)) return nullptr;
    }
    return list.release();
}

PyObject* latin_words(PyObject*, PyObject* args) {
    PyObject *text, *lower;
    PyTypeObject* type;
    if (!PyArg_ParseTuple(args, "UUO!:latin_words", &text, &lower, &PyType_Type, &type)) return nullptr;
    const std::size_t size = PyUnicode_GET_LENGTH(text);
    if (!PyType_IsSubtype(type, &PyTuple_Type) || static_cast<std::size_t>(PyUnicode_GET_LENGTH(lower)) != size) {
        return PyErr_Format(PyExc_TypeError, "a text, as many code points in lower case, and a kind of tuple belong here");
    }
    switch (PyUnicode_KIND(text)) {
        case PyUnicode_1BYTE_KIND: return cut(PyUnicode_1BYTE_DATA(text), size, lower, type);
        case PyUnicode_2BYTE_KIND: return cut(PyUnicode_2BYTE_DATA(text), size, lower, type);
        default: return cut(PyUnicode_4BYTE_DATA(text), size, lower, type);
    }
}

// unspin.english.words._BREAK
bool is_break(Py_UCS4 c) {
    switch (c) {
        case '.': case '!': case '?': case ';': case ':': case '"': case '(': case ')': case '\n': case '[': case ']':
        case 0x201C: case 0x201D: case 0x2026: case 0x2013: case 0x2014:
            return true;
        default:
            return false;
    }
}

// Whether what stands from `start` to `end` parts the words around it.
bool breaks(int kind, const void* text, Py_ssize_t start, Py_ssize_t end) {
    for (Py_ssize_t at = start; at < end; ++at) {
        const Py_UCS4 c = PyUnicode_READ(kind, text, at);
        if (is_break(c) || (c == '-' && at > start && PyUnicode_READ(kind, text, at - 1) == ' ')) return true;
    }
    return false;
}

PyObject* restarts(PyObject*, PyObject* args) {
    PyObject *text, *words;
    if (!PyArg_ParseTuple(args, "UO:restarts", &text, &words)) return nullptr;
    return guarded<PyObject*>(nullptr, [&] {
        const Ref all = checked(PySequence_Fast(words, "words are a sequence"));
        const Py_ssize_t size = PySequence_Fast_GET_SIZE(all.get());
        const int kind = PyUnicode_KIND(text);
        const void* const data = PyUnicode_DATA(text);
        Ref flags = checked(PyList_New(size + 1));
        Py_ssize_t behind = 0;  // the end of the word before
        for (Py_ssize_t i = 0; i <= size; ++i) {
            bool is_restart = i == 0 || i == size;
            if (i < size) {
                PyObject* const word = PySequence_Fast_GET_ITEM(all.get(), i);
                const Py_ssize_t start = as_long(field(word, 3, 0)), end = as_long(field(word, 3, 1));
                if (start < behind || end < start || end > PyUnicode_GET_LENGTH(text)) {
                    PyErr_SetString(PyExc_IndexError, "no words of the text");
                    throw PythonError();
                }
                is_restart = is_restart || breaks(kind, data, behind, start);
                behind = end;
            }
            PyList_SET_ITEM(flags.get(), i, Ref::borrowed(is_restart ? Py_True : Py_False).release());
        }
        return flags.release();
    });
}

}  // namespace

PyMethodDef restarts_method = {"restarts", restarts, METH_VARARGS, "Where the language model starts afresh."};
PyMethodDef words_method = {"latin_words", latin_words, METH_VARARGS, "The words of a text of Latin letters, or None."};

}  // namespace unspin
