// What a segment came to, as a Python object: a text has thousands, and each is a few numbers. Twin:
// unspin.spun.lattice.Solution.

#include "solution.h"

namespace unspin {
namespace {

Reading as_reading(PyObject* tuple) {
    const auto [first, last, phrase, choice] = as_longs<4>(tuple);
    for (const long number : {first, last, phrase, choice}) {
        if (number == static_cast<std::int32_t>(number)) continue;
        PyErr_Format(PyExc_OverflowError, "%ld is too much for a reading", number);
        throw PythonError();
    }
    return {std::int32_t(first), std::int32_t(last), std::int32_t(phrase), std::int32_t(choice)};
}

PyObject* create(PyTypeObject* type, PyObject* args, PyObject* keywords) {
    static const char* names[] = {"evidence", "posteriors", nullptr};
    Solution solution;
    PyObject* dict;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "dO!", const_cast<char**>(names), &solution.evidence, &PyDict_Type,
                                     &dict)) {
        return nullptr;
    }
    return guarded<PyObject*>(nullptr, [&] {
        Py_ssize_t at = 0;
        PyObject *reading, *value;
        solution.posteriors.reserve(PyDict_Size(dict));
        while (PyDict_Next(dict, &at, &reading, &value)) {
            solution.posteriors.push_back({as_reading(reading), as_double(value)});
        }
        return make(type, std::move(solution));
    });
}

PyObject* compare(PyObject* one, PyObject* other, int how) {
    if (Py_TYPE(one) != Py_TYPE(other) || (how != Py_EQ && how != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
    return guarded<PyObject*>(nullptr, [&] {
        bool is_same = content_of<Solution>(one).evidence == content_of<Solution>(other).evidence;
        if (is_same) {
            const Ref here = attribute(one, "posteriors"), there = attribute(other, "posteriors");
            const int is_equal = PyObject_RichCompareBool(here.get(), there.get(), Py_EQ);
            if (is_equal < 0) throw PythonError();
            is_same = is_equal == 1;
        }
        return PyBool_FromLong(is_same == (how == Py_EQ));
    });
}

PyObject* evidence(PyObject* self, void*) { return PyFloat_FromDouble(content_of<Solution>(self).evidence); }

PyObject* posteriors(PyObject* self, void*) {
    return guarded<PyObject*>(nullptr, [&] {
        Ref dict = checked(PyDict_New());
        for (const Posterior& its : content_of<Solution>(self).posteriors) {
            const Ref value = checked(PyFloat_FromDouble(its.value));
            if (PyDict_SetItem(dict.get(), as_tuple(its.reading).get(), value.get()) < 0) throw PythonError();
        }
        return dict.release();
    });
}

PyObject* changes(PyObject* self, PyObject*) {
    double sum = 0.0;
    for (const Posterior& its : content_of<Solution>(self).posteriors) sum += its.value;
    return PyFloat_FromDouble(sum);
}

PyObject* replaced(PyObject* self, PyObject* number) {
    return guarded<PyObject*>(nullptr, [&] {
        return PyFloat_FromDouble(content_of<Solution>(self).replaced(as_long(number)));
    });
}

PyObject* likely(PyObject* self, PyObject* threshold) {
    return guarded<PyObject*>(nullptr, [&] {
        const double least = as_double(threshold);
        Ref list = checked(PyList_New(0));
        for (const auto& [reading, value] : content_of<Solution>(self).posteriors) {
            if (value > least && PyList_Append(list.get(), as_tuple(reading).get()) < 0) throw PythonError();
        }
        return list.release();
    });
}

PyMethodDef methods[] = {
    {"changes", changes, METH_NOARGS, "How many changes are to be expected."},
    {"replaced", replaced, METH_O, "Probability that a word is not as the source had it."},
    {"likely", likely, METH_O, "The readings that are likelier than a threshold."},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef fields[] = {
    {"evidence", evidence, nullptr, "log P(words | spun) / P(words | clean).", nullptr},
    {"posteriors", posteriors, nullptr, "Reading -> probability that the source read so; made anew.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("What a segment came to.")},
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dispose<Solution>)},
    {Py_tp_richcompare, reinterpret_cast<void*>(compare)},
    {Py_tp_methods, methods},
    {Py_tp_getset, fields},
    {0, nullptr},
};

}  // namespace

Ref solution_object(const Types& types, Solution solution) { return checked(make(types.solution, std::move(solution))); }

const Solution& as_solution(const Types& types, PyObject* object) {
    if (Py_TYPE(object) != types.solution) {
        PyErr_Format(PyExc_TypeError, "a Solution belongs here, not %s", Py_TYPE(object)->tp_name);
        throw PythonError();
    }
    return content_of<Solution>(object);
}

Ref as_tuple(const Reading& reading) {
    return checked(Py_BuildValue("(iiii)", reading.first, reading.last, reading.phrase, reading.choice));
}

PyType_Spec solution_spec = {"unspin._core.Solution", sizeof(Object<Solution>), 0, Py_TPFLAGS_DEFAULT, slots};

}  // namespace unspin
