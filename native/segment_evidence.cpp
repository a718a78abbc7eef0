// What solved segments say for a family, added up sentence by sentence. Twin: unspin.spun.segment_evidence.

#include "solution.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace unspin {
namespace {

// unspin.spun.segment_evidence
constexpr double kSlight = 0.2;        // _SLIGHT
constexpr double kMost = 2.0;          // _MOST
constexpr double kShare = 0.7;         // _SHARE
constexpr double kMostOfWhole = 4.0;   // _MOST_OF_WHOLE
constexpr Py_ssize_t kJudged = 2;      // _JUDGED

struct Weights {
    double fresh = 0.0, full = 0.0, judged = 0.0, in_need = 0.0;
};

struct Way {
    std::vector<double> apart, needing;  // by sentence
    double presence, left, fit;
    bool is_of_whole;
};

// As Python has it: x * x, which a compiler makes of a constant power, may differ in the last bit.
double squared(double x) {
    const volatile double power = 2.0;
    return std::pow(x, power);
}

double segment_evidence(double evidence, const Weights& weights, const Way& way) {
    const double present = std::min(evidence, weights.fresh);
    if (way.fit == 0.0) return way.presence * present;
    if (weights.full <= kSlight) return way.left * std::min(evidence, 0.0);
    const double beyond = evidence - way.fit * weights.full;
    const double most = way.is_of_whole ? kMostOfWhole : std::min(kMost, kShare * weights.full);
    const double fitting = std::max(-kMost, std::min(most, beyond)) * std::min(1.0, weights.full);
    return way.presence * present + fitting * weights.fresh * weights.judged / squared(weights.full);
}

bool is_judged(PyObject* phrase) {
    const Py_ssize_t size = PyUnicode_GET_LENGTH(phrase);
    Py_ssize_t blanks = 0;
    for (Py_ssize_t i = 0; i < size; ++i) blanks += PyUnicode_READ_CHAR(phrase, i) == ' ';
    return blanks < kJudged;
}

// Weighs the phrases of one segment after the other.
class Weigher {
public:
    Weigher(const Buffer& evidence, PyObject* in_need, PyObject* phrases) : evidence_(evidence), phrases_(phrases) {
        const Ref all = checked(PySequence_List(in_need));
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(all.get()); ++i) {
            in_need_.insert(as_long(PyList_GET_ITEM(all.get(), i)));
        }
    }

    // Of a segment, by its number, from its posteriors.
    Weights of(Py_ssize_t segment, const std::vector<Posterior>& posteriors) {
        std::vector<std::pair<long, Phrase*>> here;
        for (const auto& [reading, posterior] : posteriors) {
            Phrase& phrase = known_[reading.phrase];
            if (phrase.segment != segment) {
                phrase.segment = segment;
                phrase.mass = 0.0;
                here.push_back({reading.phrase, &phrase});
            }
            phrase.mass += posterior;
        }
        Weights weights;
        for (const auto& [index, phrase] : here) {
            if (index < 0 || index >= static_cast<long>(evidence_.size()) || index >= PyList_GET_SIZE(phrases_)) {
                PyErr_Format(PyExc_IndexError, "no phrase %ld", index);
                throw PythonError();
            }
            phrase->seen += std::max(1.0, phrase->mass);
            const double value = phrase->mass * std::max(0.0, evidence_.data<double>()[index]);
            weights.full += value;
            weights.fresh += value / phrase->seen;
            if (is_judged(PyList_GET_ITEM(phrases_, index))) weights.judged += value;
            if (in_need_.count(index)) weights.in_need += value / phrase->seen;
        }
        return weights;
    }

private:
    struct Phrase {
        double seen = 0.0;        // how often, so far
        Py_ssize_t segment = -1;  // the last of them
        double mass = 0.0;        // there
    };

    const Buffer& evidence_;
    PyObject* phrases_;
    std::unordered_set<long> in_need_;
    std::unordered_map<long, Phrase> known_;
};

std::vector<double> as_doubles(PyObject* numbers) {
    const Ref items = checked(PySequence_Fast(numbers, "a list of numbers belongs here"));
    std::vector<double> values(PySequence_Fast_GET_SIZE(items.get()));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = as_double(PySequence_Fast_GET_ITEM(items.get(), i));
    return values;
}

Ref as_list(const std::vector<double>& values) {
    Ref list = checked(PyList_New(values.size()));
    for (std::size_t i = 0; i < values.size(); ++i) {
        PyList_SET_ITEM(list.get(), i, checked(PyFloat_FromDouble(values[i])).release());
    }
    return list;
}

Way as_way(PyObject* tuple) {
    PyObject *start, *calibration;
    int is_of_whole;
    if (!PyArg_ParseTuple(tuple, "OOp", &start, &calibration, &is_of_whole)) throw PythonError();
    const auto field = [&](const char* name) { return as_double(attribute(calibration, name).get()); };
    std::vector<double> apart = as_doubles(start);
    std::vector<double> needing(apart.size());
    return {std::move(apart), std::move(needing), field("presence"), field("left"), field("fit"), is_of_whole == 1};
}

PyObject* sentence_sums(PyObject* module, PyObject* args) {
    const auto& types = *static_cast<Types*>(PyModule_GetState(module));
    PyObject *solutions, *sentences, *tuples, *column, *in_need, *phrases;
    if (!PyArg_ParseTuple(args, "OOOOOO!:sentence_sums", &solutions, &sentences, &tuples, &column, &in_need,
                          &PyList_Type, &phrases)) {
        return nullptr;
    }
    return guarded<PyObject*>(nullptr, [&] {
        Buffer evidence;
        if (!evidence.open(column, sizeof(double))) throw PythonError();
        std::vector<Way> ways;
        const Ref all_ways = checked(PySequence_Fast(tuples, "ways are a sequence"));
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(all_ways.get()); ++i) {
            ways.push_back(as_way(PySequence_Fast_GET_ITEM(all_ways.get(), i)));
        }
        const Ref solved = checked(PySequence_Fast(solutions, "solutions are a sequence"));
        const Ref places = checked(PySequence_Fast(sentences, "sentences are a sequence"));
        if (PySequence_Fast_GET_SIZE(solved.get()) != PySequence_Fast_GET_SIZE(places.get())) {
            PyErr_SetString(PyExc_ValueError, "each segment has a sentence");
            throw PythonError();
        }
        Weigher weigher(evidence, in_need, phrases);
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(solved.get()); ++i) {
            const Solution& solution = as_solution(types, PySequence_Fast_GET_ITEM(solved.get(), i));
            const Weights weights = weigher.of(i, solution.posteriors);
            const long sentence = as_long(PySequence_Fast_GET_ITEM(places.get(), i));
            for (Way& way : ways) {
                if (sentence < 0 || sentence >= static_cast<long>(way.apart.size())) {
                    PyErr_Format(PyExc_IndexError, "no sentence %ld", sentence);
                    throw PythonError();
                }
                const double value = segment_evidence(solution.evidence, weights, way);
                const double part =
                    value > 0.0 && weights.fresh > 0.0 ? value * weights.in_need / weights.fresh : 0.0;
                way.apart[sentence] += value - part;
                way.needing[sentence] += part;
            }
        }
        Ref sums = checked(PyList_New(0));
        for (const Way& way : ways) {
            const Ref both = checked(PyTuple_Pack(2, as_list(way.apart).get(), as_list(way.needing).get()));
            if (PyList_Append(sums.get(), both.get()) < 0) throw PythonError();
        }
        return sums.release();
    });
}

}  // namespace

PyMethodDef sentence_sums_method = {"sentence_sums", sentence_sums, METH_VARARGS, "What sentences say for a family."};

}  // namespace unspin
