// The type Lookup. Twin: unspin.rulebook.scanner.Lookup.
//
// A trie of all phrases takes longer to build than a little text to read. So one is built for each text, of the few
// phrases that may stand in it: those whose first and last words it has.

#include "fold.h"
#include "parts.h"
#include "word_trie.h"

#include <climits>
#include <unordered_set>

namespace unspin {
namespace {

struct Lookup {
    Ref phrases;  // bytes: folded phrases, a line each

    Matches search(PyObject* text) const {
        Folded folded = fold(text);
        std::unordered_set<std::string_view> words;
        for_parts(folded.bytes, ' ', [&](std::string_view word) { words.insert(word); });
        const auto has = [&](std::string_view word) { return words.find(word) != words.end(); };
        const std::string_view lines = {PyBytes_AS_STRING(phrases.get()),
                                        static_cast<std::size_t>(PyBytes_GET_SIZE(phrases.get()))};
        WordTrie trie;
        std::vector<std::uint32_t> numbers;  // of the phrases in it
        std::uint32_t number = 0;
        for_parts(lines, '\n', [&](std::string_view phrase) {
            if (has(phrase.substr(0, phrase.find(' '))) && has(phrase.substr(phrase.rfind(' ') + 1))) {
                trie.add(phrase);
                numbers.push_back(number);
            }
            ++number;
        });
        trie.finish();
        Matches matches{trie.search(folded.bytes), std::move(folded.at), std::move(folded.by)};
        for (Hit& hit : matches.found) hit.phrase = numbers[hit.phrase];
        return matches;
    }
};

PyObject* create(PyTypeObject* type, PyObject* args, PyObject*) {
    PyObject* phrases;
    if (!PyArg_ParseTuple(args, "S", &phrases)) return nullptr;
    return make(type, Lookup{Ref::borrowed(phrases)});
}

PyObject* search(PyObject* self, PyObject* text) {
    if (!PyUnicode_Check(text)) {
        return PyErr_Format(PyExc_TypeError, "a text is a str, not %.100s", Py_TYPE(text)->tp_name);
    }
    if (PyUnicode_GET_LENGTH(text) > INT_MAX) return PyErr_Format(PyExc_OverflowError, "so long a text comes in pieces");
    return guarded<PyObject*>(nullptr, [&] {
        const auto* types = static_cast<Types*>(PyType_GetModuleState(Py_TYPE(self)));
        return make(types->matches, content_of<Lookup>(self).search(text));
    });
}

PyMethodDef methods[] = {
    {"search", search, METH_O, "Every occurrence of every phrase."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dispose<Lookup>)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

PyType_Spec lookup_spec = {"unspin._core.Lookup", sizeof(Object<Lookup>), 0, Py_TPFLAGS_DEFAULT, slots};

}  // namespace unspin
