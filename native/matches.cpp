// The type Matches. Twin: unspin.rulebook.scanner.Matches.

#include "matches.h"

#include <algorithm>

namespace unspin {

std::ptrdiff_t Matches::position(std::ptrdiff_t offset) const {
    const auto passed = std::upper_bound(at.begin(), at.end(), offset) - at.begin();
    return passed == 0 ? offset : offset + by[passed - 1];
}

namespace {

const Matches& its(PyObject* self) { return content_of<Matches>(self); }

bool append(PyObject* list, std::uint32_t phrase, Py_ssize_t start, Py_ssize_t end) {
    const Ref hit(Py_BuildValue("Inn", phrase, start, end));
    return hit && PyList_Append(list, hit.get()) == 0;
}

PyObject* found(PyObject* self, void*) {
    Ref list(PyList_New(0));
    if (!list) return nullptr;
    for (const Hit& hit : its(self).found) {
        if (!append(list.get(), hit.phrase, hit.start, hit.end)) return nullptr;
    }
    return list.release();
}

// Whether a phrase is marked; an error is set where it has no mark.
bool is_marked(const Buffer& marks, std::uint32_t phrase) {
    if (phrase < marks.size()) return marks.data<char>()[phrase] != 0;
    PyErr_Format(PyExc_IndexError, "no mark for phrase %u", phrase);
    return false;
}

PyObject* among(PyObject* self, PyObject* marks) {
    Buffer marked;
    if (!marked.open(marks, 1)) return nullptr;
    Ref list(PyList_New(0));
    if (!list) return nullptr;
    for (const Hit& hit : its(self).found) {
        if (!is_marked(marked, hit.phrase)) {
            if (PyErr_Occurred()) return nullptr;
            continue;
        }
        if (!append(list.get(), hit.phrase, hit.start, hit.end)) return nullptr;
    }
    return list.release();
}

PyObject* position(PyObject* self, PyObject* offset) {
    const Py_ssize_t number = PyLong_AsSsize_t(offset);
    return PyErr_Occurred() ? nullptr : PyLong_FromSsize_t(its(self).position(number));
}

// A letter that ASCII does not have was folded to a blank: "caf|é" is no end of a word.
bool is_whole(PyObject* text, Py_ssize_t start, Py_ssize_t end) {
    const Py_ssize_t size = PyUnicode_GET_LENGTH(text);
    return !(start > 0 && Py_UNICODE_ISALNUM(PyUnicode_READ_CHAR(text, start - 1))) &&
           !(end < size && Py_UNICODE_ISALNUM(PyUnicode_READ_CHAR(text, end)));
}

PyObject* hits(PyObject* self, PyObject* args) {
    PyObject *text, *wanted = Py_None;
    if (!PyArg_ParseTuple(args, "U|O", &text, &wanted)) return nullptr;
    Buffer marked;
    if (wanted != Py_None && !marked.open(wanted, 1)) return nullptr;
    const Matches& matches = its(self);
    const bool plain = PyUnicode_IS_ASCII(text);
    Ref list(PyList_New(0));
    if (!list) return nullptr;
    for (const Hit& hit : matches.found) {
        if (wanted != Py_None && !is_marked(marked, hit.phrase)) {
            if (PyErr_Occurred()) return nullptr;
            continue;
        }
        const Py_ssize_t start = matches.position(hit.start);
        const Py_ssize_t end = matches.position(std::ptrdiff_t{hit.end} - 3) + 1;
        if (!plain && !is_whole(text, start, end)) continue;
        if (!append(list.get(), hit.phrase, start, end)) return nullptr;
    }
    return list.release();
}

// Numbers of a sequence; an error is set where it holds anything else.
bool read(PyObject* sequence, std::vector<std::ptrdiff_t>& into) {
    const Ref items(PySequence_Fast(sequence, "a list of numbers belongs here"));
    if (!items) return false;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items.get()); ++i) {
        into.push_back(PyLong_AsSsize_t(PySequence_Fast_GET_ITEM(items.get(), i)));
        if (PyErr_Occurred()) return false;
    }
    return true;
}

PyObject* create(PyTypeObject* type, PyObject* args, PyObject*) {
    PyObject *found, *shifts;
    if (!PyArg_ParseTuple(args, "OO", &found, &shifts)) return nullptr;
    try {
        Matches matches;
        const Ref items(PySequence_Fast(found, "a list of hits belongs here"));
        if (!items) return nullptr;
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items.get()); ++i) {
            Hit hit{};
            PyObject* item = PySequence_Fast_GET_ITEM(items.get(), i);
            if (!PyArg_ParseTuple(item, "III", &hit.phrase, &hit.start, &hit.end)) return nullptr;
            matches.found.push_back(hit);
        }
        if (shifts != Py_None) {
            PyObject *at, *by;
            if (!PyArg_ParseTuple(shifts, "OO", &at, &by) || !read(at, matches.at) || !read(by, matches.by)) {
                return nullptr;
            }
            if (matches.by.size() != matches.at.size() + 1) {
                return PyErr_Format(PyExc_ValueError, "there is one shift more than places");
            }
            matches.by.erase(matches.by.begin());  // the first is 0
        }
        return make(type, std::move(matches));
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    }
}

PyGetSetDef attributes[] = {
    {"found", found, nullptr, "(number of the phrase, start, end) with the padding of the phrase; a new list.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyMethodDef methods[] = {
    {"position", position, METH_O, "Where in the text something stands that was seen at an offset."},
    {"among", among, METH_O, "Those of `found` whose phrases are marked."},
    {"hits", hits, METH_VARARGS, "All, or those that are marked, in code points of the text."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dispose<Matches>)},
    {Py_tp_getset, attributes},
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

PyType_Spec matches_spec = {"unspin._core.Matches", sizeof(Object<Matches>), 0, Py_TPFLAGS_DEFAULT, slots};

}  // namespace unspin
