// Which readings fit what the text is about. Twin: unspin.spun.topic_factors.topic_factors.

#include "topics.h"

#include <algorithm>
#include <cmath>

namespace unspin {
namespace {

// unspin.spun.topic_factors
constexpr double kStrength = 3.5;  // _STRENGTH
constexpr double kGreatest = 2.5;  // _GREATEST
constexpr double kLikely = 0.005;  // _LIKELY
constexpr double kOpen = 0.02;     // _OPEN

// Some words of a list, joined by blanks.
Ref joined(PyObject* words, PyObject* blank, long first, long last) {
    const Ref part = checked(PyList_GetSlice(words, first, last));
    return checked(PyUnicode_Join(blank, part.get()));
}

// What an alternative of a phrase writes, in lower case.
Ref plain_of(PyObject* choices, PyObject* phrase, long number) {
    const Ref all = checked(PyObject_GetItem(choices, phrase));
    const Ref plain = attribute(checked(PySequence_GetItem(all.get(), number)).get(), "plain");
    return checked(PyObject_CallMethod(plain.get(), "lower", nullptr));
}

// Whether any reading is neither likely enough nor unlikely enough to be left as it is.
bool is_open(PyObject* posteriors) {
    Py_ssize_t at = 0;
    PyObject *reading, *posterior;
    while (PyDict_Next(posteriors, &at, &reading, &posterior)) {
        const double value = as_double(posterior);
        if (kOpen < value && value < 1.0 - kOpen) return true;
    }
    return false;
}

PyObject* topic_factors(PyObject* module, PyObject* args) {
    PyObject *topic, *words, *posteriors, *choices;
    long from;
    int settled = 0;
    const auto* types = static_cast<Types*>(PyModule_GetState(module));
    if (!PyArg_ParseTuple(args, "O!O!lO!O|p:topic_factors", types->text_topic, &topic, &PyList_Type, &words, &from,
                          &PyDict_Type, &posteriors, &choices, &settled)) {
        return nullptr;
    }
    return guarded<PyObject*>(nullptr, [&] {
        const Ref blank = checked(PyUnicode_FromString(" "));
        if (!settled && !is_open(posteriors)) return Ref::borrowed(Py_None).release();
        Ref factors = checked(PyDict_New());
        Ref written;  // what stands at the place that was looked at last
        long begun = -1, ended = -1;
        Py_ssize_t at = 0;
        PyObject *reading, *posterior;
        while (PyDict_Next(posteriors, &at, &reading, &posterior)) {
            if (as_double(posterior) < kLikely) continue;
            long a, b, number;
            PyObject* phrase;
            if (!PyArg_ParseTuple(reading, "llOl", &a, &b, &phrase, &number)) throw PythonError();
            if (!written || a != begun || b != ended) {
                written = joined(words, blank.get(), from + a, from + b);
                begun = a;
                ended = b;
            }
            const Ref plain = plain_of(choices, phrase, number);
            const auto better = topic_fit(topic, from + a, from + b, written.get(), plain.get());
            if (!better) continue;
            const double factor = std::exp(std::max(-kGreatest, std::min(kGreatest, kStrength * *better)));
            const Ref key = checked(Py_BuildValue("(Ol)", phrase, number)), value = checked(PyFloat_FromDouble(factor));
            if (PyDict_SetItem(factors.get(), key.get(), value.get()) < 0) throw PythonError();
        }
        return factors.release();
    });
}

}  // namespace

PyMethodDef topic_factors_method = {"topic_factors", topic_factors, METH_VARARGS,
                                    "What the topic of a text says of the readings of a segment."};

}  // namespace unspin
