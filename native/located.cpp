// Hits in words. Twin: unspin.spun.located.

#include "objects.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace unspin {
namespace {

// unspin.spun.located
constexpr char kGlueBefore[] = "-'_/\\@#&$%+=*^~";  // GLUE_BEFORE, without the curly apostrophe
constexpr char kGlueBehind[] = "-'_/\\@&%+=*^~";    // GLUE_BEHIND
constexpr Py_UCS4 kApostrophe = 0x2019;

bool is_one_of(const char* signs, Py_UCS4 c) { return c < 0x80 && c != 0 && std::strchr(signs, int(c)) != nullptr; }

bool is_stop(Py_UCS4 c) { return c == '.' || c == ':'; }

// A str, read code point by code point.
class Text {
public:
    explicit Text(PyObject* text) : kind_(PyUnicode_KIND(text)), data_(PyUnicode_DATA(text)), size_(PyUnicode_GET_LENGTH(text)) {}
    Py_UCS4 operator[](Py_ssize_t at) const { return PyUnicode_READ(kind_, data_, at); }
    Py_ssize_t size() const { return size_; }
    bool is_alnum(Py_ssize_t at) const { return at >= 0 && at < size_ && Py_UNICODE_ISALNUM((*this)[at]); }
    bool is_digit(Py_ssize_t at) const { return at >= 0 && at < size_ && Py_UNICODE_ISDIGIT((*this)[at]); }

private:
    int kind_;
    const void* data_;
    Py_ssize_t size_;
};

// Whether the sign at `at` joins a phrase, of which it touches the character at `inner`, with what is at `outer`.
bool joins(const Text& text, Py_ssize_t at, Py_ssize_t outer, Py_ssize_t inner) {
    if (is_stop(text[at])) return text.is_alnum(outer);
    return text[at] == ',' && text.is_digit(outer) && text.is_digit(inner);
}

bool touches(const Text& text, Py_ssize_t a, Py_ssize_t b) {
    if (a > 0) {
        const Py_UCS4 before = text[a - 1];
        if (is_one_of(kGlueBefore, before) || before == kApostrophe) return true;
        if (joins(text, a - 1, a - 2, a)) return true;
    }
    if (b >= text.size()) return false;
    const Py_UCS4 behind = text[b];
    return is_one_of(kGlueBehind, behind) || behind == kApostrophe || joins(text, b, b + 1, b - 1);
}

bool is_lower_ascii(Py_UCS4 c) { return 'a' <= c && c <= 'z'; }

// Whether a phrase is written so, or with a capital, of ASCII like the letter behind it.
bool reads(const Text& text, Py_ssize_t a, Py_ssize_t b, PyObject* phrase) {
    const Text written(phrase);
    if (written.size() != b - a) return false;
    const bool is_begun = written.size() > 1 && is_lower_ascii(written[0]) && is_lower_ascii(written[1]);
    const bool has_capital = is_begun && text[a] == written[0] - 'a' + 'A';
    for (Py_ssize_t i = has_capital ? 1 : 0; i < written.size(); ++i) {
        if (text[a + i] != written[i]) return false;
    }
    return true;
}

// Offsets, rising, and the numbers that belong to them.
class Places {
public:
    void add(Py_ssize_t offset, Py_ssize_t number) {
        offsets_.push_back(offset);
        numbers_.push_back(number);
    }
    // -1 where none is there.
    Py_ssize_t at(Py_ssize_t offset) const {
        const auto found = std::lower_bound(offsets_.begin(), offsets_.end(), offset);
        return found != offsets_.end() && *found == offset ? numbers_[found - offsets_.begin()] : -1;
    }

private:
    std::vector<Py_ssize_t> offsets_, numbers_;
};

// Whether a word ends with a curly apostrophe and an s.
bool is_curly_possessive(const Text& text, Py_ssize_t end, PyObject* lower) {
    const Text word(lower);
    return word.size() > 1 && end > 1 && word[word.size() - 1] == 's' && word[word.size() - 2] == '\'' &&
           text[end - 2] == kApostrophe;
}

PyObject* located(PyObject*, PyObject* args) {
    PyObject *whole, *words, *hits, *phrases, *marks;
    if (!PyArg_ParseTuple(args, "UOOO!S:located", &whole, &words, &hits, &PyList_Type, &phrases, &marks)) return nullptr;
    return guarded<PyObject*>(nullptr, [&] {
        const Text text(whole);
        const Ref all = checked(PySequence_Fast(words, "words are a sequence"));
        Places starts, ends;
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(all.get()); ++i) {
            Py_ssize_t start, end;
            PyObject* lower;
            if (!PyArg_ParseTuple(PySequence_Fast_GET_ITEM(all.get(), i), "nnU", &start, &end, &lower)) {
                throw PythonError();
            }
            if (start < 0 || end < start || end > text.size()) {
                PyErr_SetString(PyExc_IndexError, "no words of the text");
                throw PythonError();
            }
            starts.add(start, i);
            if (is_curly_possessive(text, end, lower)) ends.add(end - 2, i + 1);
            ends.add(end, i + 1);
        }
        const Ref found = checked(PySequence_Fast(hits, "hits are a sequence"));
        Ref spans = checked(PyList_New(0)), others = checked(PyList_New(0));
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(found.get()); ++i) {
            const auto [phrase, a, b] = as_longs<3>(PySequence_Fast_GET_ITEM(found.get(), i));
            const Py_ssize_t first = starts.at(a), last = ends.at(b);
            if (first < 0 || last < 0) continue;
            if (phrase < 0 || phrase >= PyList_GET_SIZE(phrases) || phrase >= PyBytes_GET_SIZE(marks)) {
                PyErr_Format(PyExc_IndexError, "no phrase %ld", phrase);
                throw PythonError();
            }
            PyObject* const written = PyList_GET_ITEM(phrases, phrase);
            const bool is_plain = PyBytes_AS_STRING(marks)[phrase] != 0 && PyUnicode_Check(written) &&
                                  reads(text, a, b, written) && !touches(text, a, b);
            const Ref made = checked(is_plain ? Py_BuildValue("(nnl)", first, last, phrase)
                                              : Py_BuildValue("(nnlll)", first, last, phrase, a, b));
            if (PyList_Append(is_plain ? spans.get() : others.get(), made.get()) < 0) throw PythonError();
        }
        return checked(PyTuple_Pack(2, spans.get(), others.get())).release();
    });
}

}  // namespace

PyMethodDef located_method = {"located", located, METH_VARARGS, "The hits that begin and end with words."};

}  // namespace unspin
