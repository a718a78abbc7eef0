// What a document shows of single substitutions. Twin: unspin.spun.substitution_factors.

#include "solution.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace unspin {
namespace {

// unspin.spun.substitution_factors
constexpr double kPriorCount = 3.0;   // _PRIOR_COUNT
constexpr double kMostCounted = 2.0;  // _MOST_COUNTED
constexpr double kOften = 1.2;        // _OFTEN
constexpr double kFew = 0.3;          // _FEW
constexpr double kSmall = 0.6;        // _SMALL

using Key = std::uint64_t;  // of a substitution

Key key_of(const Reading& reading) {
    return static_cast<Key>(reading.phrase) << 32 | static_cast<std::uint32_t>(reading.choice);
}

Ref as_tuple(Key key) {
    return checked(Py_BuildValue("(ll)", static_cast<long>(key >> 32), static_cast<long>(key & 0xFFFFFFFFU)));
}

// Sums by number, and the numbers in the order in which they came up.
class Sums {
public:
    double& operator[](std::size_t number) {
        if (number >= values_.size()) {
            values_.resize(number + 1);
            is_seen_.resize(number + 1);
        }
        if (!is_seen_[number]) order_.push_back(number);
        is_seen_[number] = true;
        return values_[number];
    }
    const std::vector<std::size_t>& order() const { return order_; }
    void clear() {
        for (const std::size_t number : order_) {
            values_[number] = 0.0;
            is_seen_[number] = false;
        }
        order_.clear();
    }

private:
    std::vector<double> values_;
    std::vector<bool> is_seen_;
    std::vector<std::size_t> order_;
};

PyObject* substitutions_made(PyObject* module, PyObject* solutions) {
    const auto& types = *static_cast<Types*>(PyModule_GetState(module));
    return guarded<PyObject*>(nullptr, [&] {
        const Ref solved = checked(PySequence_Fast(solutions, "solutions are a sequence"));
        std::unordered_map<Key, std::size_t> numbers;
        std::vector<Key> keys;
        std::vector<double> masses;
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(solved.get()); ++i) {
            for (const auto& [reading, posterior] :
                 as_solution(types, PySequence_Fast_GET_ITEM(solved.get(), i)).posteriors) {
                const auto [at, is_new] = numbers.emplace(key_of(reading), masses.size());
                if (is_new) {
                    keys.push_back(at->first);
                    masses.push_back(0.0);
                }
                masses[at->second] += posterior;
            }
        }
        Ref made = checked(PyDict_New());
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const Ref mass = checked(PyFloat_FromDouble(masses[i]));
            if (PyDict_SetItem(made.get(), as_tuple(keys[i]).get(), mass.get()) < 0) throw PythonError();
        }
        return made.release();
    });
}

// The substitutions of one document.
class Document {
public:
    Document(PyObject* made, PyObject* unreplaced, PyObject* substitutions, double guessed, double sure)
        : unreplaced_(unreplaced),
          substitutions_(substitutions),
          guessed_(guessed),
          sure_(sure),
          by_form_(checked(PyDict_New())) {
        Py_ssize_t at = 0;
        PyObject *tuple, *mass;
        std::vector<std::size_t> order;
        while (PyDict_Next(made, &at, &tuple, &mass)) {
            long phrase, number;
            if (!PyArg_ParseTuple(tuple, "ll", &phrase, &number)) throw PythonError();
            const std::size_t known = this->number(static_cast<Key>(phrase) << 32 | static_cast<std::uint32_t>(number));
            known_[known].made = as_double(mass);
            originals_[known_[known].original].replaced += known_[known].made;
            order.push_back(known);
        }
        for (const std::size_t known : order) {
            const Original& original = originals_[known_[known].original];
            known_[known].is_often = original.replaced + original.unreplaced > kOften;
        }
    }

    // What the other segments show of the substitutions of one.
    Ref factors(const Solution& solution) {
        own_.clear();
        own_replaced_.clear();
        bool is_often = false;
        for (const auto& [reading, posterior] : solution.posteriors) {
            const std::size_t known = number(key_of(reading));
            own_[known] += posterior;
            own_replaced_[known_[known].original] += posterior;
            is_often = is_often || known_[known].is_often;
        }
        Ref factors = checked(PyDict_New());
        if (!is_often) return factors;
        for (const std::size_t number : own_.order()) {
            const Substitution& its = known_[number];
            const Original& original = originals_[its.original];
            const double others = original.replaced - own_replaced_[its.original] + original.unreplaced;
            if (others < kFew) continue;
            const double counted = std::min(1.0, kMostCounted / others);
            const double elsewhere = its.made - own_[number];
            const double share =
                (counted * elsewhere + kPriorCount * its.prior) / (counted * others + kPriorCount);
            const double factor = share / its.prior;
            if (kSmall < factor && factor < 1 / kSmall) continue;
            const Ref value = checked(PyFloat_FromDouble(factor));
            if (PyDict_SetItem(factors.get(), as_tuple(its.key).get(), value.get()) < 0) throw PythonError();
        }
        return factors;
    }

private:
    struct Substitution {
        Key key;
        std::size_t original;
        double prior;
        double made = 0.0;
        bool is_often = false;
    };

    struct Original {
        double unreplaced;
        double replaced = 0.0;
    };

    std::size_t number(Key key) {
        const auto known = numbers_.find(key);
        if (known != numbers_.end()) return known->second;
        const Ref phrase = checked(PyLong_FromLong(static_cast<long>(key >> 32)));
        const Ref all = item(substitutions_, phrase.get());
        const Ref one = checked(PySequence_GetItem(all.get(), static_cast<Py_ssize_t>(key & 0xFFFFFFFFU)));
        const auto its = [&](Py_ssize_t at) { return field(one.get(), 4, at); };  // lm_form, weight, trust, choice
        const double weight = as_double(its(1)), trust = as_double(its(2));
        const double prior = std::min(1.0, trust >= sure_ ? weight : weight * guessed_);
        known_.push_back({key, original(its(0)), prior});
        return numbers_.emplace(key, known_.size() - 1).first->second;
    }

    std::size_t original(PyObject* lm_form) {
        PyObject* const known = PyDict_GetItemWithError(by_form_.get(), lm_form);
        if (known != nullptr) return static_cast<std::size_t>(as_long(known));
        if (PyErr_Occurred()) throw PythonError();
        PyObject* const left = PyDict_GetItemWithError(unreplaced_, lm_form);
        if (left == nullptr && PyErr_Occurred()) throw PythonError();
        originals_.push_back({left != nullptr ? as_double(left) : 0.0});
        const std::size_t number = originals_.size() - 1;
        const Ref at = checked(PyLong_FromSize_t(number));
        if (PyDict_SetItem(by_form_.get(), lm_form, at.get()) < 0) throw PythonError();
        return number;
    }

    PyObject *unreplaced_, *substitutions_;
    double guessed_, sure_;
    std::unordered_map<Key, std::size_t> numbers_;
    std::vector<Substitution> known_;
    Ref by_form_;  // how the language model sees an original -> its number; a str knows its hash
    std::vector<Original> originals_;
    Sums own_, own_replaced_;
};

PyObject* substitution_factors(PyObject* module, PyObject* args) {
    const auto& types = *static_cast<Types*>(PyModule_GetState(module));
    PyObject *solutions, *made, *unreplaced, *substitutions;
    double guessed;
    if (!PyArg_ParseTuple(args, "OO!O!Od:substitution_factors", &solutions, &PyDict_Type, &made, &PyDict_Type,
                          &unreplaced, &substitutions, &guessed)) {
        return nullptr;
    }
    return guarded<PyObject*>(nullptr, [&] {
        const Ref choices = checked(PyImport_ImportModule("unspin.rulebook.choices"));
        const double sure = as_double(attribute(choices.get(), "SURE").get());
        Document document(made, unreplaced, substitutions, guessed, sure);
        const Ref solved = checked(PySequence_Fast(solutions, "solutions are a sequence"));
        Ref list = checked(PyList_New(0));
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(solved.get()); ++i) {
            const Ref factors = document.factors(as_solution(types, PySequence_Fast_GET_ITEM(solved.get(), i)));
            if (PyList_Append(list.get(), factors.get()) < 0) throw PythonError();
        }
        return list.release();
    });
}

}  // namespace

PyMethodDef substitutions_made_method = {"substitutions_made", substitutions_made, METH_O,
                                         "How often each substitution seems to have been made in some segments."};
PyMethodDef substitution_factors_method = {"substitution_factors", substitution_factors, METH_VARARGS,
                                           "What other segments show of the substitutions of each."};

}  // namespace unspin
