// Which readings of a solved segment are chosen. Twin: unspin.spun.outcomes.Outcomes.

#include "solution.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace unspin {
namespace {

// unspin.spun.outcomes
constexpr double kBalanced = 0.5;         // _BALANCED
constexpr double kSurely = 0.95;          // _SURELY
constexpr double kLikeliest = 0.3;        // _LIKELIEST
constexpr double kMostCertain = 0.9999;   // _MOST_CERTAIN
constexpr std::size_t kKept = 20'000;     // _KEPT

// (first word, one past the last, number of what is written there instead).
using Change = std::array<long, 3>;

struct Candidate : Reading {
    double posterior, likely, calibrated;
};

struct Certainty {
    double factor = 1.0, doubt = 0.0, ceiling = 1.0;

    double of(double probability) const {
        if (factor == 1.0 && doubt == 0.0 && ceiling == 1.0) return probability;
        const double bounded = std::max(1.0 - kMostCertain, std::min(kMostCertain, probability));
        return ceiling / (1.0 + std::exp(doubt - factor * std::log(bounded / (1.0 - bounded))));
    }
};

// What each reading changes, as far as it was asked for.
class Changes {
public:
    Changes(PyObject* phrases, PyObject* choices) : phrases_(Ref::borrowed(phrases)), choices_(Ref::borrowed(choices)) {
        const Ref module = checked(PyImport_ImportModule("unspin.spun.outcomes"));
        changes_ = attribute(module.get(), "changes");
    }

    // In words counted from the first of the reading.
    const std::vector<Change>& of(const Candidate& reading) {
        const Change key{reading.phrase, reading.choice, reading.last - reading.first};
        const auto known = known_.find(key);
        if (known != known_.end()) return known->second;
        return known_.emplace(key, read(reading)).first->second;
    }

    // Forgets what was learned, where that is much.
    void tidy() {
        if (known_.size() <= kKept) return;
        known_.clear();
        texts_.clear();
    }

private:
    std::vector<Change> read(const Candidate& reading) {
        const Ref written = checked(PySequence_GetItem(phrases_.get(), reading.phrase));
        const Ref number = checked(PyLong_FromLong(reading.phrase));
        const Ref choices = item(choices_.get(), number.get());
        const Ref plain = attribute(checked(PySequence_GetItem(choices.get(), reading.choice)).get(), "plain");
        const Ref made = checked(PyObject_CallFunction(changes_.get(), "llOO", 0L, reading.last - reading.first,
                                                       written.get(), plain.get()));
        std::vector<Change> changes;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(made.get()); ++i) {
            long first, last;
            PyObject* text;
            if (!PyArg_ParseTuple(PyTuple_GET_ITEM(made.get(), i), "llU", &first, &last, &text)) throw PythonError();
            const long id = texts_.emplace(utf8_of(text), static_cast<long>(texts_.size())).first->second;
            changes.push_back({first, last, id});
        }
        return changes;
    }

    struct Hash {
        std::size_t operator()(const Change& key) const {
            std::size_t hash = 0;
            for (const long part : key) hash = (hash ^ static_cast<std::size_t>(part)) * 0x9E3779B97F4A7C15ULL;
            return hash ^ (hash >> 29);
        }
    };

    Ref phrases_, choices_, changes_;
    std::unordered_map<Change, std::vector<Change>, Hash> known_;
    std::unordered_map<std::string, long> texts_;
};

// The readings of a segment of so many words, in the order of the solution.
std::vector<Candidate> candidates_of(const Solution& solution, long size) {
    std::vector<Candidate> candidates;
    candidates.reserve(solution.posteriors.size());
    for (const auto& [reading, posterior] : solution.posteriors) {
        if (reading.first < 0 || reading.last <= reading.first || reading.last > size) {
            PyErr_Format(PyExc_ValueError, "the reading of %d to %d is not one of %ld words", reading.first,
                         reading.last, size);
            throw PythonError();
        }
        candidates.push_back({reading, posterior, 0.0, 0.0});
    }
    return candidates;
}

// The probability of each of some keys, added up in the order in which they came.
template <typename Key>
class Masses {
public:
    void add(const Key& key, double mass) { masses_.push_back({key, mass}); }

    void sum() {
        std::stable_sort(masses_.begin(), masses_.end(), is_before);
        std::size_t sums = 0;
        for (std::size_t i = 0; i < masses_.size(); ++i) {
            if (sums > 0 && masses_[sums - 1].first == masses_[i].first) {
                masses_[sums - 1].second += masses_[i].second;
            } else {
                masses_[sums++] = masses_[i];
            }
        }
        masses_.resize(sums);
    }

    double operator[](const Key& key) const {
        return std::lower_bound(masses_.begin(), masses_.end(), std::make_pair(key, 0.0), is_before)->second;
    }

private:
    using Mass = std::pair<Key, double>;

    static bool is_before(const Mass& one, const Mass& other) { return one.first < other.first; }

    std::vector<Mass> masses_;
};

// supported
void find_likely(std::vector<Candidate>& readings, Changes& changes, const Certainty& certainty) {
    Masses<Change> mass;
    for (const Candidate& reading : readings) {
        for (const auto& [first, last, text] : changes.of(reading)) {
            mass.add({reading.first + first, reading.first + last, text}, reading.posterior);
        }
    }
    mass.sum();
    for (Candidate& reading : readings) {
        reading.likely = 1.0;
        for (const auto& [first, last, text] : changes.of(reading)) {
            reading.likely = std::min(reading.likely, mass[{reading.first + first, reading.first + last, text}]);
        }
        reading.calibrated = certainty.of(reading.likely);
    }
}

// unspin.spun.lattice.select
std::vector<const Candidate*> select(const std::vector<Candidate>& readings, long size, double threshold) {
    std::vector<std::vector<const Candidate*>> ending(size + 1);
    for (const Candidate& reading : readings) {
        if (reading.calibrated >= threshold) ending[reading.last].push_back(&reading);
    }
    std::vector<std::pair<double, const Candidate*>> best{{0.0, nullptr}};
    for (long position = 1; position <= size; ++position) {
        double value = best.back().first;
        const Candidate* chosen = nullptr;
        for (const Candidate* reading : ending[position]) {
            const double gain = best[reading->first].first + reading->calibrated - threshold;
            if (gain > value) {
                value = gain;
                chosen = reading;
            }
        }
        best.push_back({value, chosen});
    }
    std::vector<const Candidate*> picked;
    for (long position = size; position > 0;) {
        const Candidate* const choice = best[position].second;
        if (choice != nullptr) picked.push_back(choice);
        position = choice != nullptr ? choice->first : position - 1;
    }
    return picked;
}

// tied: added to those that are chosen already.
void settle(const std::vector<Candidate>& readings, long size, const Certainty& certainty,
            std::vector<const Candidate*>& chosen) {
    Masses<std::pair<long, long>> replaced;
    for (const Candidate& reading : readings) replaced.add({reading.first, reading.last}, reading.posterior);
    replaced.sum();
    std::vector<bool> is_taken(size);
    const auto take = [&](const Candidate& reading) {
        std::fill(is_taken.begin() + reading.first, is_taken.begin() + reading.last, true);
    };
    for (const Candidate* reading : chosen) take(*reading);
    std::vector<const Candidate*> able;
    for (const Candidate& reading : readings) {
        const bool is_sure = certainty.of(replaced[{reading.first, reading.last}]) >= kSurely * certainty.ceiling;
        if (reading.likely >= kLikeliest && is_sure) able.push_back(&reading);
    }
    const auto key = [](const Candidate* r) { return std::make_tuple(-r->likely, r->first, r->last, r->phrase, r->choice); };
    std::sort(able.begin(), able.end(), [&](const auto* one, const auto* other) { return key(one) < key(other); });
    for (const Candidate* reading : able) {
        const auto end = is_taken.begin() + reading->last;
        if (std::find(is_taken.begin() + reading->first, end, true) != end) continue;
        take(*reading);
        chosen.push_back(reading);
    }
}

PyObject* chosen(PyObject* self, PyObject* args) {
    PyObject *solution, *its_certainty = Py_None;
    long size;
    double threshold;
    if (!PyArg_ParseTuple(args, "Old|O", &solution, &size, &threshold, &its_certainty)) return nullptr;
    Certainty certainty;
    const bool settles = its_certainty != Py_None && threshold <= kBalanced;
    if (its_certainty != Py_None &&
        !PyArg_ParseTuple(its_certainty, "ddd", &certainty.factor, &certainty.doubt, &certainty.ceiling)) {
        return nullptr;
    }
    return entered<PyObject*>(self, self, nullptr, [&] {
        Changes& changes = *reinterpret_cast<Object<Changes>*>(self)->content;
        changes.tidy();
        const auto& types = *static_cast<Types*>(PyType_GetModuleState(Py_TYPE(self)));
        std::vector<Candidate> readings = candidates_of(as_solution(types, solution), std::max(0L, size));
        find_likely(readings, changes, certainty);
        std::vector<const Candidate*> found = select(readings, std::max(0L, size), threshold);
        const std::size_t convincing = found.size();
        if (settles) settle(readings, size, certainty, found);
        Ref list = checked(PyList_New(0));
        for (std::size_t i = 0; i < found.size(); ++i) {
            const double probability = i < convincing ? found[i]->calibrated : found[i]->likely;
            const Ref entry = checked(Py_BuildValue("(Nd)", as_tuple(*found[i]).release(), probability));
            if (PyList_Append(list.get(), entry.get()) < 0) throw PythonError();
        }
        return list.release();
    });
}

PyObject* create(PyTypeObject* type, PyObject* args, PyObject* keywords) {
    static const char* names[] = {"phrases", "choices", nullptr};
    PyObject *phrases, *choices;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO", const_cast<char**>(names), &phrases, &choices)) {
        return nullptr;
    }
    return guarded<PyObject*>(nullptr, [&] { return make(type, Changes(phrases, choices)); });
}

PyMethodDef methods[] = {
    {"chosen", chosen, METH_VARARGS, "The readings of a segment that edits are made of, with their probabilities."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("What the readings of phrases change, and which of them are chosen.")},
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dispose<Changes>)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

PyType_Spec outcomes_spec = {"unspin._core.Outcomes", sizeof(Object<Changes>), 0, Py_TPFLAGS_DEFAULT, slots};

}  // namespace unspin
