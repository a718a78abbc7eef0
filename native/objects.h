// References to Python objects that are let go of by themselves, and Python's errors as C++ exceptions.

#pragma once

#include "core.h"

#include <exception>
#include <new>
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

}  // namespace unspin
