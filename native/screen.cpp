// Maximal scoring segments of the weights of phrases along a text. Twins: peak, loud and maximal of unspin.spun.screen.

#include "matches.h"

#include <algorithm>

namespace unspin {
namespace {

// Whether every phrase that was found has a weight; otherwise an error is set.
bool all_weighed(const Matches& matches, const Buffer& weights) {
    for (const Hit& hit : matches.found) {
        if (hit.phrase < weights.size()) continue;
        PyErr_Format(PyExc_IndexError, "no weight for phrase %u", hit.phrase);
        return false;
    }
    return true;
}

// What two of the functions are called with: hits, the weight of each phrase in nats, and what a code point costs.
struct Given {
    const Matches* matches = nullptr;
    Buffer weights;
    double drag = 0.0, limit = 0.0;

    bool read(PyObject* args, const char* format, PyObject* module) {
        PyObject *found, *numbers;
        const auto* types = static_cast<Types*>(PyModule_GetState(module));
        if (!PyArg_ParseTuple(args, format, types->matches, &found, &numbers, &drag, &limit)) return false;
        if (!weights.open(numbers, sizeof(float))) return false;
        matches = &content_of<Matches>(found);
        return all_weighed(*matches, weights);
    }
};

double distance(std::uint32_t from, std::uint32_t to) { return static_cast<double>(to) - static_cast<double>(from); }

double peak_of(const Matches& matches, const float* weights, double drag) {
    double best = 0.0, current = 0.0;
    std::uint32_t last = 0;
    for (const Hit& hit : matches.found) {
        current -= drag * distance(last, hit.start);
        last = hit.start;
        current = current <= 0.0 ? weights[hit.phrase] : current + weights[hit.phrase];
        best = std::max(best, current);
    }
    return best;
}

PyObject* peak(PyObject* module, PyObject* args) {
    Given given;
    if (!given.read(args, "O!Od:peak", module)) return nullptr;
    return PyFloat_FromDouble(peak_of(*given.matches, given.weights.data<float>(), given.drag));
}

PyObject* loud(PyObject* module, PyObject* args) {
    PyObject *found, *numbers, *columns, *limits;
    double drag;
    const auto* types = static_cast<Types*>(PyModule_GetState(module));
    if (!PyArg_ParseTuple(args, "O!OOOd:loud", types->matches, &found, &numbers, &columns, &limits, &drag)) {
        return nullptr;
    }
    return guarded<PyObject*>(nullptr, [&]() -> PyObject* {
        const Matches& matches = content_of<Matches>(found);
        Buffer weights;
        if (!weights.open(numbers, sizeof(float)) || !all_weighed(matches, weights)) return nullptr;
        const double best = peak_of(matches, weights.data<float>(), drag);
        const Ref all = checked(PySequence_Fast(columns, "columns are a sequence"));
        const Ref least = checked(PySequence_Fast(limits, "limits are a sequence"));
        if (PySequence_Fast_GET_SIZE(all.get()) != PySequence_Fast_GET_SIZE(least.get())) {
            return PyErr_Format(PyExc_ValueError, "there are as many limits as columns");
        }
        Ref chosen = checked(PyList_New(0));
        for (Py_ssize_t at = 0; at < PySequence_Fast_GET_SIZE(all.get()); ++at) {
            const double limit = as_double(PySequence_Fast_GET_ITEM(least.get(), at));
            if (best < limit) continue;
            Buffer column;
            if (!column.open(PySequence_Fast_GET_ITEM(all.get(), at), sizeof(float))) return nullptr;
            if (!all_weighed(matches, column)) return nullptr;
            if (peak_of(matches, column.data<float>(), drag) < limit) continue;
            const Ref number = checked(PyLong_FromSsize_t(at));
            if (PyList_Append(chosen.get(), number.get()) != 0) return nullptr;
        }
        return Py_BuildValue("dO", best, chosen.get());
    });
}

struct Segment {
    double before, behind;  // the sums of all weights up to it, and up to its end
    std::uint32_t start, end;
    std::ptrdiff_t left;  // the nearest segment to its left with a smaller sum before it, or -1
};

PyObject* maximal(PyObject* module, PyObject* args) {
    Given given;
    if (!given.read(args, "O!Odd:maximal", module)) return nullptr;
    const float* weights = given.weights.data<float>();
    std::vector<Segment> found;
    double total = 0.0;
    std::uint32_t last = 0;
    try {
        for (const Hit& hit : given.matches->found) {
            total -= given.drag * distance(last, hit.start);
            last = hit.start;
            const double weight = weights[hit.phrase];
            Segment segment{total, total + weight, hit.start, hit.end, -1};
            total = segment.behind;
            if (weight <= 0.0) continue;
            for (;;) {
                std::ptrdiff_t left = static_cast<std::ptrdiff_t>(found.size()) - 1;
                while (left >= 0 && found[left].before >= segment.before) left = found[left].left;
                segment.left = left;
                if (left < 0 || found[left].behind >= segment.behind) break;
                segment.before = found[left].before;
                segment.start = found[left].start;
                segment.end = std::max(segment.end, found[left].end);
                found.erase(found.begin() + left, found.end());
            }
            found.push_back(segment);
        }
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    }
    Ref list(PyList_New(0));
    if (!list) return nullptr;
    for (const Segment& segment : found) {
        if (!(segment.behind - segment.before >= given.limit)) continue;
        const Ref place(Py_BuildValue("II", segment.start, segment.end));
        if (!place || PyList_Append(list.get(), place.get()) != 0) return nullptr;
    }
    return list.release();
}

}  // namespace

PyMethodDef peak_method = {"peak", peak, METH_VARARGS, "The evidence of the best segment, in nats."};
PyMethodDef loud_method = {"loud", loud, METH_VARARGS, "The same, and the families that come to a limit."};
PyMethodDef maximal_method = {"maximal", maximal, METH_VARARGS, "(start, end) of the maximal segments of a limit."};

}  // namespace unspin
