// Which readings fit what the text is about. Twin: unspin.spun.topic_factors.topic_factors.

#include "solution.h"
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
Ref plain_of(PyObject* choices, PyObject* phrase, Py_ssize_t number) {
    const Ref all = item(choices, phrase);
    const Ref plain = attribute(checked(PySequence_GetItem(all.get(), number)).get(), "plain");
    return checked(PyObject_CallMethod(plain.get(), "lower", nullptr));
}

// Whether any reading is neither likely enough nor unlikely enough to be left as it is.
bool is_open(const Solution& solution) {
    return std::any_of(solution.posteriors.begin(), solution.posteriors.end(),
                       [](const Posterior& its) { return kOpen < its.value && its.value < 1.0 - kOpen; });
}

PyObject* topic_factors(PyObject* module, PyObject* args) {
    PyObject *topic, *words, *solved, *choices;
    long from;
    int settled = 0;
    const auto* types = static_cast<Types*>(PyModule_GetState(module));
    if (!PyArg_ParseTuple(args, "O!O!lOO|p:topic_factors", types->text_topic, &topic, &PyList_Type, &words, &from,
                          &solved, &choices, &settled)) {
        return nullptr;
    }
    return guarded<PyObject*>(nullptr, [&] {
        const Solution& solution = as_solution(*types, solved);
        if (!settled && !is_open(solution)) return Ref::borrowed(Py_None).release();
        const Ref blank = checked(PyUnicode_FromString(" "));
        Ref factors = checked(PyDict_New());
        const std::vector<Posterior>& all = solution.posteriors;
        for (auto begin = all.begin(); begin != all.end();) {  // readings of the same words, one after the other
            const Reading& place = begin->reading;
            std::vector<Ref> keys, plains;
            auto its = begin;
            for (; its != all.end() && its->reading.first == place.first && its->reading.last == place.last; ++its) {
                if (its->value < kLikely) continue;
                const Ref phrase = checked(PyLong_FromLong(its->reading.phrase));
                plains.push_back(plain_of(choices, phrase.get(), its->reading.choice));
                keys.push_back(checked(Py_BuildValue("(Oi)", phrase.get(), its->reading.choice)));
            }
            begin = its;
            if (keys.empty()) continue;
            const long first = from + place.first, last = from + place.last;
            const Ref written = joined(words, blank.get(), first, last);
            const auto fits = topic_fits(topic, first, last, written.get(), plains);
            for (std::size_t i = 0; i < fits.size(); ++i) {
                if (!fits[i]) continue;
                const Ref factor = checked(
                    PyFloat_FromDouble(std::exp(std::max(-kGreatest, std::min(kGreatest, kStrength * *fits[i])))));
                if (PyDict_SetItem(factors.get(), keys[i].get(), factor.get()) < 0) throw PythonError();
            }
        }
        return factors.release();
    });
}

}  // namespace

PyMethodDef topic_factors_method = {"topic_factors", topic_factors, METH_VARARGS,
                                    "What the topic of a text says of the readings of a segment."};

}  // namespace unspin
