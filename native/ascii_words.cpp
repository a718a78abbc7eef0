// The words of a passage of ASCII, by which its language is told. Twin: unspin.passages.languages.ascii_words.

#include "objects.h"

#include <cstring>
#include <string>

namespace unspin {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_upper(c) || is_lower(c); }

// Not in addresses: "com" is a preposition in Portuguese.
bool parts_before(char c) { return !is_letter(c) && (c == '\0' || std::strchr(".@/_-", c) == nullptr); }
bool parts_behind(char c) { return c == '\0' || std::strchr("@_/", c) == nullptr; }

// The end of the word that begins at `start`; `start` where there is none. As in a regular expression, a word that runs
// into an address is taken as far as it does not touch that.
std::size_t end_of(const char* text, std::size_t size, std::size_t start) {
    std::size_t end = start, whole = start;  // whole: behind the part before the last apostrophe
    while (end < size && is_letter(text[end])) ++end;
    whole = end;
    std::size_t last = start;  // where the last part begins
    while (end + 1 < size && text[end] == '\'' && is_letter(text[end + 1])) {
        whole = end;
        last = ++end;
        while (end < size && is_letter(text[end])) ++end;
    }
    if (end == size || parts_behind(text[end])) return end;
    if (end - last > 1) return end - 1;
    return last > start ? whole : start;
}

PyObject* ascii_words(PyObject*, PyObject* args) {
    PyObject* passage;
    int with_capitals;
    if (!PyArg_ParseTuple(args, "Up:ascii_words", &passage, &with_capitals)) return nullptr;
    if (!PyUnicode_IS_ASCII(passage)) return PyErr_Format(PyExc_ValueError, "a passage of ASCII belongs here");
    return guarded<PyObject*>(nullptr, [&] {
        const char* const text = reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(passage));
        const std::size_t size = PyUnicode_GET_LENGTH(passage);
        Ref words = checked(PyList_New(0));
        std::string lower;
        for (std::size_t at = 0; at < size;) {
            const bool may_begin = is_letter(text[at]) && (at == 0 || parts_before(text[at - 1]));
            const std::size_t end = may_begin ? end_of(text, size, at) : at;
            if (end == at) {
                ++at;
                continue;
            }
            lower.assign(text + at, end - at);
            bool has_lower = false;
            for (char& c : lower) {
                has_lower = has_lower || is_lower(c);
                if (is_upper(c)) c += 'a' - 'A';
            }
            at = end;
            if (!has_lower && with_capitals == 0) continue;
            const Ref word = checked(PyUnicode_FromStringAndSize(lower.data(), lower.size()));
            if (PyList_Append(words.get(), word.get()) < 0) throw PythonError();
        }
        return words.release();
    });
}

}  // namespace

PyMethodDef ascii_words_method = {"ascii_words", ascii_words, METH_VARARGS, "The words of a passage of ASCII."};

}  // namespace unspin
