// How likely one word is after others: the counts, the trigram model and the frequencies in their mapped files.
// Twins: unspin.english.language_model.LanguageModel, .ngrams.Ngrams, .frequencies.Frequencies.

#include "language.h"
#include "word_index.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace unspin {

Word Vocabulary::number(std::string_view word) {
    const std::uint64_t key = std::hash<std::string_view>()(word);
    const Entry* const known = numbers_.find(key, [&](const Entry& entry) { return texts_[entry.number] == word; });
    if (known != nullptr) return known->number;
    texts_.emplace_back(word);
    const Word number = static_cast<Word>(texts_.size() - 1);
    numbers_.add(key, {number});
    return number;
}

Word Vocabulary::number(PyObject* word) {
    Py_ssize_t size = 0;
    const char* bytes = PyUnicode_AsUTF8AndSize(word, &size);
    if (bytes != nullptr) return number(std::string_view(bytes, size));
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) throw PythonError();
    PyErr_Clear();  // half of a surrogate pair
    const Ref encoded = checked(PyUnicode_AsEncodedString(word, "utf-8", "surrogatepass"));
    return number(std::string_view(PyBytes_AS_STRING(encoded.get()), PyBytes_GET_SIZE(encoded.get())));
}

namespace {

Ref as_str(const std::string& text) {
    return checked(PyUnicode_DecodeUTF8(text.data(), text.size(), "surrogatepass"));
}

// --- counts of pairs, and the trigram model ---------------------------------------------------------------------

constexpr std::int64_t kNarrow = 0x10000;  // unspin.english.ngrams.NARROW

using Range = std::pair<std::int64_t, std::int64_t>;  // the first, and one past the last

struct Pair {
    double counted, modelled;
};

class Ngrams {
public:
    explicit Ngrams(PyObject* columns)
        : index(columns),
          single_(columns, "single"),
          backoff_(columns, "backoff"),
          pair_rows_(columns, "pair rows"),
          contexts_(columns, "contexts"),
          context_rows_(columns, "context rows"),
          pair_words_(columns, "pair words"),
          triple_words_(columns, "triple words"),
          pair_codes_(columns, "pair codes"),
          count_codes_(columns, "count codes"),
          context_codes_(columns, "context codes"),
          triple_codes_(columns, "triple codes"),
          pair_scale_(columns, "pair scale"),
          count_scale_(columns, "count scale"),
          context_scale_(columns, "context scale"),
          triple_scale_(columns, "triple scale") {}

    Pair pair(std::int64_t previous, std::int64_t word) const {
        if (previous < 0 || word < 0) return {0.0, 0.0};
        const std::int64_t at = place(previous, word);
        const double counted = at >= 0 ? count_scale_[count_codes_[at]] : 0.0;
        const int code = at >= 0 ? pair_codes_[at] : 0;
        return {counted, code ? pair_scale_[code] : backoff_[previous] * single_[word]};
    }

    // Where the contexts that begin with a word lie among all.
    Range contexts(std::int64_t first) const {
        if (first < 0) return {0, 0};
        const auto behind = [&](std::uint32_t pair) {
            return std::lower_bound(contexts_.begin(), contexts_.end(), pair) - contexts_.begin();
        };
        return {behind(pair_rows_[2 * first]), behind(pair_rows_[2 * first + 2])};
    }

    // The context of two words, among those that begin with the first.
    std::int64_t context(Range among, std::int64_t first, std::int64_t second) const {
        if (among.first == among.second || first < 0 || second < 0) return kUnknown;
        const std::int64_t pair = place(first, second);
        if (pair < 0) return kUnknown;
        const auto end = contexts_.begin() + among.second;
        const auto at = std::lower_bound(contexts_.begin() + among.first, end, static_cast<std::uint32_t>(pair));
        return at != end && *at == pair ? at - contexts_.begin() : kUnknown;
    }

    double triple(std::int64_t context, std::int64_t word, double behind_second) const {
        if (context < 0 || behind_second == 0.0) return behind_second;
        if (word < kNarrow) {
            const auto end = triple_words_.begin() + context_rows_[context + 1];
            const auto at = std::lower_bound(triple_words_.begin() + context_rows_[context], end,
                                             static_cast<std::uint16_t>(word));
            if (at < end && *at == word) return triple_scale_[triple_codes_[at - triple_words_.begin()]];
        }
        return context_scale_[context_codes_[context]] * behind_second;
    }

    double single(std::int64_t word) const { return word >= 0 ? single_[word] : 0.0; }

    const WordIndex index;

private:
    std::int64_t place(std::int64_t first, std::int64_t second) const {
        const std::size_t row = 2 * first + (second >= kNarrow);
        const auto end = pair_words_.begin() + pair_rows_[row + 1];
        const auto narrow = static_cast<std::uint16_t>(second % kNarrow);
        const auto at = std::lower_bound(pair_words_.begin() + pair_rows_[row], end, narrow);
        return at < end && *at == narrow ? at - pair_words_.begin() : kUnknown;
    }

    Column<double> single_, backoff_;
    Column<std::uint32_t> pair_rows_, contexts_, context_rows_;
    Column<std::uint16_t> pair_words_, triple_words_;
    Column<std::uint8_t> pair_codes_, count_codes_, context_codes_, triple_codes_;
    Column<double> pair_scale_, count_scale_, context_scale_, triple_scale_;
};

// --- the two, and how often words are used, together ------------------------------------------------------------

constexpr double kFloor = 1e-8;                   // unspin.english.language_model.FLOOR
constexpr double kByPair[] = {0.3, 0.5, 0.2};     // _BY_PAIR
constexpr double kByTriple[] = {0.2, 0.6, 0.2};   // _BY_TRIPLE

double mixed(const double (&shares)[3], double counted, double modelled, double frequency) {
    return shares[0] * counted + shares[1] * (modelled != 0.0 ? modelled : counted) + shares[2] * frequency;
}

// The files, which every generation of a vocabulary shares.
struct Tables {
    Tables(PyObject* ngram_columns, PyObject* frequency_columns)
        : ngrams(ngram_columns), frequent(frequency_columns), centibels(frequency_columns, "centibels") {}

    double frequency(std::string_view word) const {
        const std::int64_t number = frequent.number(word);
        return std::max(kFloor, number >= 0 ? std::pow(10.0, -double(centibels[number]) / 100) : 0.0);
    }

    const Ngrams ngrams;
    const WordIndex frequent;
    const Column<std::uint16_t> centibels;
};

class Counted : public Language {
public:
    Counted(std::shared_ptr<const Tables> tables, PyObject* own) : tables_(std::move(tables)), own_(own) {}

    double frequency(Word word) { return facts(word).frequency; }

    // LanguageModel.association
    double association(Word first, Word second) {
        const std::int64_t word = facts(second).number;
        const Pair found = tables_->ngrams.pair(facts(first).number, word);
        double ratio = found.counted / facts(second).frequency;
        if (found.modelled != 0.0) ratio = std::max(ratio, found.modelled / tables_->ngrams.single(word));
        return std::log(std::max(ratio, 1e-3));
    }

private:
    struct Facts {
        std::int64_t number;
        double frequency;
        Range contexts{kUnknown, kUnknown};  // those that begin with it, once they were asked for
    };

    // What the files say of one word; looked up once.
    Facts facts(Word word) {
        while (facts_.size() <= word) {
            const std::string& text = words.text(static_cast<Word>(facts_.size()));
            const std::int64_t number = text.empty() ? kUnknown : tables_->ngrams.index.number(text);
            facts_.push_back({number, tables_->frequency(text)});
        }
        return facts_[word];
    }

    // The context of two words; kUnknown where it is none.
    std::int64_t context(Word first, Word second) {
        const std::int64_t number = facts(first).number;
        Range& among = facts_[first].contexts;
        if (among.first == kUnknown) among = tables_->ngrams.contexts(number);
        return tables_->ngrams.context(among, number, facts(second).number);
    }

    double find_pair(Word previous, Word word) override {
        const Facts facts = this->facts(word);
        const Pair found = tables_->ngrams.pair(this->facts(previous).number, facts.number);
        const double value = mixed(kByPair, found.counted, found.modelled, facts.frequency);
        if (own_ == nullptr) return value;
        const Ref one = as_str(words.text(previous)), other = as_str(words.text(word));
        return as_double(checked(PyObject_CallMethod(own_, "pair", "OOd", one.get(), other.get(), value)).get());
    }

    double find_triple(Word first, Word second, Word word) override {
        const Facts facts = this->facts(word);
        const Pair found = tables_->ngrams.pair(this->facts(second).number, facts.number);
        const double modelled = tables_->ngrams.triple(context(first, second), facts.number, found.modelled);
        const double value = mixed(kByTriple, found.counted, modelled, facts.frequency);
        if (own_ == nullptr) return value;
        const Ref one = as_str(words.text(first)), two = as_str(words.text(second)), other = as_str(words.text(word));
        return as_double(
            checked(PyObject_CallMethod(own_, "triple", "(OO)Od", one.get(), two.get(), other.get(), value)).get());
    }

    const std::shared_ptr<const Tables> tables_;
    PyObject* const own_;  // borrowed from the Python object
    std::vector<Facts> facts_;
};

class Asking : public Language {
public:
    explicit Asking(PyObject* model) : model_(model) {}

private:
    double find_pair(Word previous, Word word) override {
        const Ref one = as_str(words.text(previous)), other = as_str(words.text(word));
        return as_double(checked(PyObject_CallMethod(model_, "pair", "OO", one.get(), other.get())).get());
    }

    double find_triple(Word first, Word second, Word word) override {
        const Ref one = as_str(words.text(first)), two = as_str(words.text(second)), other = as_str(words.text(word));
        return as_double(
            checked(PyObject_CallMethod(model_, "triple", "(OO)O", one.get(), two.get(), other.get())).get());
    }

    PyObject* const model_;
};

// --- the Python class -------------------------------------------------------------------------------------------

struct LanguageModel {
    PyObject_HEAD
    std::shared_ptr<const Tables> tables;
    std::shared_ptr<Counted> current;
    PyObject* own;
};

LanguageModel* as_model(PyObject* self) { return reinterpret_cast<LanguageModel*>(self); }

// The language model to ask: a new one where the old one holds many words; who still uses that keeps it.
Counted& current(PyObject* self) {
    LanguageModel* model = as_model(self);
    if (!model->current || model->current->is_full()) {
        model->current = std::make_shared<Counted>(model->tables, model->own);
    }
    return *model->current;
}

PyObject* create(PyTypeObject* type, PyObject* args, PyObject* keywords) {
    static const char* names[] = {"ngrams", "frequencies", "own", nullptr};
    PyObject *ngrams, *frequencies, *own = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO|O", const_cast<char**>(names), &ngrams, &frequencies, &own)) {
        return nullptr;
    }
    return guarded<PyObject*>(nullptr, [&] {
        const Ref pairs = attribute(ngrams, "columns"), shares = attribute(frequencies, "columns");
        auto tables = std::make_shared<const Tables>(pairs.get(), shares.get());
        Ref self = checked(type->tp_alloc(type, 0));
        LanguageModel* model = as_model(self.get());
        new (&model->tables) std::shared_ptr<const Tables>(std::move(tables));
        new (&model->current) std::shared_ptr<Counted>();
        model->own = own == Py_None ? nullptr : own;
        Py_XINCREF(model->own);
        return self.release();
    });
}

void destroy(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    LanguageModel* model = as_model(self);
    model->current.~shared_ptr();
    model->tables.~shared_ptr();
    Py_CLEAR(model->own);
    type->tp_free(self);
    Py_DECREF(type);
}

template <std::size_t count>
std::array<Word, count> as_words(Counted& language, const std::array<PyObject*, count>& words) {
    std::array<Word, count> numbers{};
    std::transform(words.begin(), words.end(), numbers.begin(), [&](PyObject* word) { return language.words.number(word); });
    return numbers;
}

PyObject* pair(PyObject* self, PyObject* args) {
    PyObject *previous, *word;
    if (!PyArg_ParseTuple(args, "UU", &previous, &word)) return nullptr;
    return entered<PyObject*>(self, self, nullptr, [&] {
        Counted& language = current(self);
        const auto at = as_words<2>(language, {previous, word});
        return PyFloat_FromDouble(language.pair(at[0], at[1]));
    });
}

PyObject* triple(PyObject* self, PyObject* args) {
    PyObject *first, *second, *word;
    if (!PyArg_ParseTuple(args, "(UU)U", &first, &second, &word)) return nullptr;
    return entered<PyObject*>(self, self, nullptr, [&] {
        Counted& language = current(self);
        const auto at = as_words<3>(language, {first, second, word});
        return PyFloat_FromDouble(language.triple(at[0], at[1], at[2]));
    });
}

PyObject* frequency(PyObject* self, PyObject* word) {
    if (!PyUnicode_Check(word)) return PyErr_Format(PyExc_TypeError, "a word is a str");
    return entered<PyObject*>(self, self, nullptr, [&] {
        Counted& language = current(self);
        return PyFloat_FromDouble(language.frequency(language.words.number(word)));
    });
}

PyObject* association(PyObject* self, PyObject* args) {
    PyObject *first, *second;
    if (!PyArg_ParseTuple(args, "UU", &first, &second)) return nullptr;
    return entered<PyObject*>(self, self, nullptr, [&] {
        Counted& language = current(self);
        const auto at = as_words<2>(language, {first, second});
        return PyFloat_FromDouble(language.association(at[0], at[1]));
    });
}

PyMethodDef methods[] = {
    {"pair", pair, METH_VARARGS, "p(word | previous)."},
    {"triple", triple, METH_VARARGS, "p(word | the two words before it)."},
    {"frequency", frequency, METH_O, "Share of a word in running text."},
    {"association", association, METH_VARARGS, "How much oftener a word stands behind another than anywhere."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot type_slots[] = {
    {Py_tp_doc, const_cast<char*>("p(word | previous words), all in lower case.")},
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

std::shared_ptr<Language> shared_language(PyObject* model, PyTypeObject* native) {
    if (Py_TYPE(model) != native) return nullptr;
    current(model);
    return as_model(model)->current;
}

std::shared_ptr<Language> asking(PyObject* model) { return std::make_shared<Asking>(model); }

PyType_Spec language_spec = {"unspin._core.LanguageModel", sizeof(LanguageModel), 0, Py_TPFLAGS_DEFAULT, type_slots};

}  // namespace unspin
