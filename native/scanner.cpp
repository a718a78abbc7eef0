// The type Scanner. Twin: unspin.rulebook.scanner.Scanner.

#include "fold.h"
#include "parts.h"
#include "word_trie.h"

#include <climits>

namespace unspin {
namespace {

PyObject* create(PyTypeObject* type, PyObject* args, PyObject*) {
    const char* lines;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "y#", &lines, &size)) return nullptr;
    const std::string_view phrases = {lines, static_cast<std::size_t>(size)};
    try {
        WordTrie trie;
        trie.reserve(static_cast<std::size_t>(std::count(phrases.begin(), phrases.end(), '\n')) + 1);
        for_parts(phrases, '\n', [&](std::string_view phrase) { trie.add(phrase); });
        trie.finish();
        return make(type, std::move(trie));
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    }
}

PyObject* search(PyObject* self, PyObject* text) {
    if (!PyUnicode_Check(text)) {
        return PyErr_Format(PyExc_TypeError, "a text is a str, not %.100s", Py_TYPE(text)->tp_name);
    }
    if (PyUnicode_GET_LENGTH(text) > INT_MAX) return PyErr_Format(PyExc_OverflowError, "so long a text comes in pieces");
    Matches matches;
    bool failed = false;
    Py_BEGIN_ALLOW_THREADS  // a str and the trie do not change
    try {
        Folded folded = fold(text);
        matches.found = content_of<WordTrie>(self).search(folded.bytes);
        matches.at = std::move(folded.at);
        matches.by = std::move(folded.by);
    } catch (const std::bad_alloc&) {
        failed = true;
    }
    Py_END_ALLOW_THREADS
    if (failed) return PyErr_NoMemory();
    const auto* types = static_cast<Types*>(PyType_GetModuleState(Py_TYPE(self)));
    return make(types->matches, std::move(matches));
}

PyObject* scan(PyObject* self, PyObject* args) {
    PyObject *text, *marks = Py_None;
    if (!PyArg_ParseTuple(args, "O|O", &text, &marks)) return nullptr;
    const Ref matches(search(self, text));
    return matches ? PyObject_CallMethod(matches.get(), "hits", "OO", text, marks) : nullptr;
}

PyMethodDef methods[] = {
    {"search", search, METH_O, "Every occurrence of every phrase."},
    {"scan", scan, METH_VARARGS, "The same, or those that are marked, in code points of the text."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dispose<WordTrie>)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

PyType_Spec scanner_spec = {"unspin._core.Scanner", sizeof(Object<WordTrie>), 0, Py_TPFLAGS_DEFAULT, slots};

}  // namespace unspin
