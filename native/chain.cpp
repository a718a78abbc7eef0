// Which sentences are spun, by forward-backward over all of them. Twin: unspin.spun.evidence.chain.

#include "objects.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace unspin {
namespace {

// unspin.spun.evidence
constexpr double kPrior = 0.06;   // PRIOR
constexpr std::size_t kFew = 5;   // FEW
constexpr double kLeave = 0.03;   // LEAVE
constexpr double kSwitch = 0.01;  // SWITCH

using Row = std::vector<double>;

// log of the sum of exp of each.
double add(const Row& values) {
    const double greatest = *std::max_element(values.begin(), values.end());
    double total = 0.0;
    for (const double value : values) total += std::exp(value - greatest);
    return greatest + std::log(total);
}

Row as_row(PyObject* numbers) {
    const Ref items = checked(PySequence_Fast(numbers, "odds are a sequence"));
    Row row(PySequence_Fast_GET_SIZE(items.get()));
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = as_double(PySequence_Fast_GET_ITEM(items.get(), i));
    return row;
}

Ref as_list(const Row& row) {
    Ref list = checked(PyList_New(row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
        PyList_SET_ITEM(list.get(), i, checked(PyFloat_FromDouble(row[i])).release());
    }
    return list;
}

struct Judged {
    double score;
    std::vector<Row> posteriors;  // by family
};

Judged judged(const std::vector<Row>& odds) {
    const std::size_t families = odds.size(), size = odds.empty() ? 0 : odds[0].size();
    Judged judged{0.0, std::vector<Row>(families, Row(size))};
    if (size == 0) return judged;
    const double share = kPrior / double(std::max(size, kFew));
    const double enter = std::log(share), stay_clean = std::log(1.0 - share * double(families));
    const double leave = std::log(kLeave);
    const double stay = std::log(1.0 - kLeave - (families > 1 ? kSwitch : 0.0));
    const double change = families > 1 ? std::log(kSwitch / double(families - 1)) : 0.0;
    std::vector<Row> forward{{stay_clean}};
    for (const Row& of : odds) forward[0].push_back(enter + of[0]);
    Row ways;
    for (std::size_t i = 1; i < size; ++i) {
        const Row& before = forward.back();
        ways = {before[0] + stay_clean};
        for (std::size_t g = 0; g < families; ++g) ways.push_back(before[g + 1] + leave);
        Row row{add(ways)};
        for (std::size_t f = 0; f < families; ++f) {
            ways = {before[0] + enter};
            for (std::size_t g = 0; g < families; ++g) ways.push_back(before[g + 1] + (f == g ? stay : change));
            row.push_back(add(ways) + odds[f][i]);
        }
        forward.push_back(std::move(row));
    }
    const double total = add(forward.back());
    Row behind(families + 1);
    for (std::size_t i = size; i-- > 0;) {
        for (std::size_t f = 0; f < families; ++f) {
            judged.posteriors[f][i] = std::exp(std::min(0.0, forward[i][f + 1] + behind[f + 1] - total));
        }
        Row ahead{behind[0]};
        for (std::size_t f = 0; f < families; ++f) ahead.push_back(odds[f][i] + behind[f + 1]);
        ways = {stay_clean + ahead[0]};
        for (std::size_t f = 0; f < families; ++f) ways.push_back(enter + ahead[f + 1]);
        Row made{add(ways)};
        for (std::size_t f = 0; f < families; ++f) {
            ways = {leave + ahead[0]};
            for (std::size_t g = 0; g < families; ++g) ways.push_back((f == g ? stay : change) + ahead[g + 1]);
            made.push_back(add(ways));
        }
        behind = std::move(made);
    }
    judged.score = 1.0 - std::exp(std::min(0.0, stay_clean * double(size) - total));
    return judged;
}

PyObject* chain(PyObject*, PyObject* odds) {
    return guarded<PyObject*>(nullptr, [&] {
        const Ref families = checked(PySequence_Fast(odds, "odds are a sequence"));
        std::vector<Row> rows;
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(families.get()); ++i) {
            rows.push_back(as_row(PySequence_Fast_GET_ITEM(families.get(), i)));
            if (rows.back().size() != rows.front().size()) {
                PyErr_SetString(PyExc_ValueError, "each family has odds for each sentence");
                throw PythonError();
            }
        }
        const Judged found = judged(rows);
        const Ref posteriors = checked(PyList_New(0));
        for (const Row& row : found.posteriors) {
            if (PyList_Append(posteriors.get(), as_list(row).get()) < 0) throw PythonError();
        }
        return checked(Py_BuildValue("(dO)", found.score, posteriors.get())).release();
    });
}

}  // namespace

PyMethodDef chain_method = {"chain", chain, METH_O, "How likely any sentence is spun, and each is of each family."};

}  // namespace unspin
