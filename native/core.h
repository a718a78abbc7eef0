// What the files of the extension share. Each file is one idea; module.cpp puts them together.
//
// Everything here has a twin in Python, named at the head of its file, that gives the same answers: the twin is what
// runs where no compiler was at hand, and says what the function means. tests/test_core.py holds both against each
// other.

#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <new>
#include <utility>

namespace unspin {

// The types of the module, which one of its objects needs to make others.
struct State {
    PyTypeObject* matches;
    PyTypeObject* scanner;
};

// A Python object around one of C++, which never changes once it is made: threads may share it without a lock.
template <typename Content>
struct Object {
    PyObject_HEAD
    Content* content;
};

template <typename Content>
const Content& content_of(PyObject* object) {
    return *reinterpret_cast<Object<Content>*>(object)->content;
}

template <typename Content>
PyObject* make(PyTypeObject* type, Content&& content) {
    PyObject* self = type->tp_alloc(type, 0);
    if (self == nullptr) return nullptr;
    auto*& held = reinterpret_cast<Object<std::decay_t<Content>>*>(self)->content;
    held = new (std::nothrow) std::decay_t<Content>(std::forward<Content>(content));
    if (held != nullptr) return self;
    Py_DECREF(self);
    return PyErr_NoMemory();
}

template <typename Content>
void dispose(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    delete reinterpret_cast<Object<Content>*>(self)->content;
    type->tp_free(self);
    Py_DECREF(type);
}

// A reference that is given back when it goes out of scope.
class Reference {
public:
    explicit Reference(PyObject* object = nullptr) : object_(object) {}
    Reference(const Reference&) = delete;
    Reference& operator=(const Reference&) = delete;
    ~Reference() { Py_XDECREF(object_); }
    PyObject* get() const { return object_; }
    PyObject* release() { return std::exchange(object_, nullptr); }
    explicit operator bool() const { return object_ != nullptr; }

private:
    PyObject* object_;
};

// The memory of an object such as bytes, an array, or a view of a mapped file.
class Buffer {
public:
    Buffer() = default;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() {
        if (view_.obj != nullptr) PyBuffer_Release(&view_);
    }
    // Whether the object has such memory, of numbers of so many bytes; otherwise an error is set.
    bool open(PyObject* object, Py_ssize_t width) {
        if (PyObject_GetBuffer(object, &view_, PyBUF_ND) != 0) return false;
        if (view_.itemsize == width) return true;
        PyErr_Format(PyExc_TypeError, "numbers of %zd bytes belong here, not of %zd", width, view_.itemsize);
        return false;
    }
    template <typename Number>
    const Number* data() const { return static_cast<const Number*>(view_.buf); }
    std::size_t size() const { return static_cast<std::size_t>(view_.len / view_.itemsize); }

private:
    Py_buffer view_{};
};

// fold.cpp
extern PyMethodDef fold_method;
// matches.cpp
extern PyType_Spec matches_spec;
// scanner.cpp
extern PyType_Spec scanner_spec;
// screen.cpp
extern PyMethodDef peak_method;
extern PyMethodDef maximal_method;

}  // namespace unspin
