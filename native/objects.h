// References to Python objects that are let go of by themselves, Python's errors as C++ exceptions, and C++ objects as
// Python's.

#pragma once

#include "core.h"

#include <array>
#include <exception>
#include <new>
#include <string>
#include <utility>

namespace unspin {

// Thrown where Python has set its error already: whoever stands next to Python returns nullptr.
struct PythonError : std::exception {};

// A reference that is owned; may be empty.
class Ref {
public:
    Ref() = default;
    explicit Ref(PyObject* owned) : object_(owned) {}
    Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Ref(const Ref& other) : object_(other.object_) { Py_XINCREF(object_); }
    Ref& operator=(Ref other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~Ref() { Py_XDECREF(object_); }

    static Ref borrowed(PyObject* object) {
        Py_XINCREF(object);
        return Ref(object);
    }

    PyObject* get() const { return object_; }
    PyObject* release() { return std::exchange(object_, nullptr); }
    explicit operator bool() const { return object_ != nullptr; }

private:
    PyObject* object_ = nullptr;
};

// What a call of Python's returned, or its error thrown.
inline Ref checked(PyObject* owned) {
    if (owned == nullptr) throw PythonError();
    return Ref(owned);
}

inline Ref attribute(PyObject* object, const char* name) { return checked(PyObject_GetAttrString(object, name)); }

// What a mapping has for a key; a class derived from dict is asked as if it were one, which takes a third of the time.
inline Ref item(PyObject* mapping, PyObject* key) {
    if (PyDict_Check(mapping)) {
        PyObject* const known = PyDict_GetItemWithError(mapping, key);
        if (known != nullptr) return Ref::borrowed(known);
        if (PyErr_Occurred()) throw PythonError();
    }
    return checked(PyObject_GetItem(mapping, key));
}

inline double as_double(PyObject* number) {
    const double value = PyFloat_AsDouble(number);
    if (value == -1.0 && PyErr_Occurred()) throw PythonError();
    return value;
}

inline long as_long(PyObject* number) {
    const long value = PyLong_AsLong(number);
    if (value == -1 && PyErr_Occurred()) throw PythonError();
    return value;
}

// The whole numbers that a tuple of as many holds; in half the time that PyArg_ParseTuple takes.
template <std::size_t size>
std::array<long, size> as_longs(PyObject* tuple) {
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != Py_ssize_t(size)) {
        PyErr_Format(PyExc_TypeError, "a tuple of %zu numbers belongs here", size);
        throw PythonError();
    }
    std::array<long, size> numbers;
    for (std::size_t i = 0; i < size; ++i) numbers[i] = as_long(PyTuple_GET_ITEM(tuple, i));
    return numbers;
}

// The bytes of a str; half of a surrogate pair, which no word of any list has, as if it were a letter.
inline std::string utf8_of(PyObject* text) {
    Py_ssize_t size = 0;
    const char* bytes = PyUnicode_AsUTF8AndSize(text, &size);
    if (bytes != nullptr) return std::string(bytes, size);
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) throw PythonError();
    PyErr_Clear();
    const Ref encoded = checked(PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass"));
    return std::string(PyBytes_AS_STRING(encoded.get()), PyBytes_GET_SIZE(encoded.get()));
}

// Runs what may throw, and hands on what it returns; an exception becomes Python's error, and `failed` is returned.
template <typename Result, typename Body>
Result guarded(Result failed, Body body) {
    try {
        return body();
    } catch (const PythonError&) {
        return failed;
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
        return failed;
    } catch (const std::exception& error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
        return failed;
    }
}

// The same while no other thread does so on behalf of either object; the lock of the interpreter sees to that where
// there is one.
template <typename Result, typename Body>
Result entered([[maybe_unused]] PyObject* one, [[maybe_unused]] PyObject* other, Result failed, Body body) {
    Result result = failed;
#ifdef Py_GIL_DISABLED
    Py_BEGIN_CRITICAL_SECTION2(one, other);
#endif
    result = guarded(failed, body);
#ifdef Py_GIL_DISABLED
    Py_END_CRITICAL_SECTION2();
#endif
    return result;
}

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

}  // namespace unspin
