// Cuts texts into segments, and solves each only once. Twin: unspin.spun.decoder.Decoder.

#include "lattice_builder.h"

#include <algorithm>
#include <cstring>

namespace unspin {
namespace {

// unspin.spun.decoder
constexpr std::size_t kCached = 3'000;  // _CACHED
constexpr long kBehind = 3;             // _BEHIND
constexpr long kAhead = 2;              // _AHEAD

// --- a lattice as a Python object -------------------------------------------------------------------------------

struct LatticeObject {
    PyObject_HEAD
    Lattice lattice;
    std::vector<std::pair<Spinner, Ref>> solutions;
};

LatticeObject& as_lattice(PyObject* object) { return *reinterpret_cast<LatticeObject*>(object); }

Ref lattice_object(PyTypeObject* type, Lattice lattice) {
    Ref object = checked(type->tp_alloc(type, 0));
    LatticeObject& made = as_lattice(object.get());
    new (&made.lattice) Lattice(std::move(lattice));
    new (&made.solutions) std::vector<std::pair<Spinner, Ref>>();
    return object;
}

void destroy_lattice(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    LatticeObject& lattice = as_lattice(self);
    lattice.solutions.~vector();
    lattice.lattice.~Lattice();
    type->tp_free(self);
    Py_DECREF(type);
}

PyObject* guesses(PyObject* self, void*) { return PyBool_FromLong(as_lattice(self).lattice.has_guesses); }

PyGetSetDef lattice_fields[] = {
    {"guesses", guesses, nullptr, "Whether any substitution in it is only guessed.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot lattice_slots[] = {
    {Py_tp_doc, const_cast<char*>("All paths through a segment.")},
    {Py_tp_dealloc, reinterpret_cast<void*>(destroy_lattice)},
    {Py_tp_getset, lattice_fields},
    {0, nullptr},
};

// --- the Python class -------------------------------------------------------------------------------------------

// What a decoder learns from its channel under one language model.
struct Learned {
    std::shared_ptr<Channel> channel;  // its lattices need it too
    std::unordered_map<std::string, Ref> lattices;
};

struct Decoder {
    PyObject_HEAD
    PyObject* channel;
    PyObject* language;
    PyObject* segment;  // the class Segment
    Learned learned;
};

Decoder& as_decoder(PyObject* self) { return *reinterpret_cast<Decoder*>(self); }

const Types& types_of(PyObject* self) { return *static_cast<Types*>(PyType_GetModuleState(Py_TYPE(self))); }

PyObject* create(PyTypeObject* type, PyObject* args, PyObject* keywords) {
    static const char* names[] = {"channel", "language", nullptr};
    PyObject *channel, *language;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO", const_cast<char**>(names), &channel, &language)) {
        return nullptr;
    }
    return guarded<PyObject*>(nullptr, [&] {
        const Ref lattices = checked(PyImport_ImportModule("unspin.spun.lattice"));
        Ref segment = attribute(lattices.get(), "Segment");
        Ref self = checked(type->tp_alloc(type, 0));
        Decoder& decoder = as_decoder(self.get());
        new (&decoder.learned) Learned();
        decoder.channel = Ref::borrowed(channel).release();
        decoder.language = Ref::borrowed(language).release();
        decoder.segment = segment.release();
        return self.release();
    });
}

void destroy(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    Decoder& decoder = as_decoder(self);
    decoder.learned.~Learned();
    Py_CLEAR(decoder.segment);
    Py_CLEAR(decoder.language);
    Py_CLEAR(decoder.channel);
    type->tp_free(self);
    Py_DECREF(type);
}

// What is known under the language model as it is now: all anew when that has a new vocabulary.
Learned& learned(PyObject* self) {
    Decoder& decoder = as_decoder(self);
    Learned& learned = decoder.learned;
    std::shared_ptr<Language> language = shared_language(decoder.language, types_of(self).language_model);
    if (!language && learned.channel && !learned.channel->language->is_full()) return learned;
    if (!language) language = asking(decoder.language);
    if (!learned.channel || learned.channel->language != language) {
        learned.lattices.clear();
        learned.channel = std::make_shared<Channel>(decoder.channel, std::move(language));
    }
    return learned;
}

// The items of any sequence of str, as numbers.
std::vector<Word> as_words(Vocabulary& vocabulary, PyObject* texts) {
    const Ref items = checked(PySequence_Fast(texts, "words are a sequence"));
    std::vector<Word> words;
    words.reserve(PySequence_Fast_GET_SIZE(items.get()));
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items.get()); ++i) {
        words.push_back(vocabulary.number(PySequence_Fast_GET_ITEM(items.get(), i)));
    }
    return words;
}

std::vector<Span> as_spans(PyObject* tuples, std::size_t size) {
    const Ref items = checked(PySequence_Fast(tuples, "spans are a sequence"));
    std::vector<Span> spans(PySequence_Fast_GET_SIZE(items.get()));
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const auto [first, last, phrase] = as_longs<3>(PySequence_Fast_GET_ITEM(items.get(), i));
        const Span span = spans[i] = {first, last, phrase};
        if (span.first < 0 || span.last <= span.first || span.last > long(size)) {
            PyErr_Format(PyExc_ValueError, "the span %ld to %ld is not one of %zu words", span.first, span.last, size);
            throw PythonError();
        }
        if (i > 0 && span.first < spans[i - 1].first) {
            PyErr_SetString(PyExc_ValueError, "spans are sorted");
            throw PythonError();
        }
    }
    return spans;
}

template <typename Number>
void append(std::string& key, const std::vector<Number>& numbers) {
    const std::size_t size = numbers.size();
    key.append(reinterpret_cast<const char*>(&size), sizeof size);
    key.append(reinterpret_cast<const char*>(numbers.data()), size * sizeof(Number));
}

Ref known_lattice(PyObject* self, Learned& learned, const std::vector<Word>& previous, const std::vector<Word>& words,
                  const std::vector<Span>& spans) {
    const std::vector<Word> behind = start(*learned.channel, previous);
    std::string key;
    append(key, behind);
    append(key, words);
    append(key, spans);
    const auto known = learned.lattices.find(key);
    if (known != learned.lattices.end()) return known->second;
    if (learned.lattices.size() >= kCached) learned.lattices.clear();
    Ref made = lattice_object(types_of(self).lattice, build(learned.channel, behind, words, spans));
    learned.lattices.emplace(std::move(key), made);
    return made;
}

PyObject* lattice(PyObject* self, PyObject* args) {
    PyObject *previous, *words, *spans;
    if (!PyArg_ParseTuple(args, "OOO", &previous, &words, &spans)) return nullptr;
    return entered<PyObject*>(self, as_decoder(self).language, nullptr, [&] {
        Learned& known = learned(self);
        Vocabulary& vocabulary = known.channel->language->words;
        const std::vector<Word> inside = as_words(vocabulary, words);
        return known_lattice(self, known, as_words(vocabulary, previous), inside, as_spans(spans, inside.size()))
            .release();
    });
}

// A named tuple of some fields: what the class comes to when it is called, at half the time.
Ref named(PyObject* type, Ref fields) {
    const Ref args = checked(PyTuple_Pack(1, fields.get()));
    return checked(PyTuple_Type.tp_new(reinterpret_cast<PyTypeObject*>(type), args.get(), nullptr));
}

// For each word, and for the end, whether the language model starts afresh there.
std::vector<bool> as_restarts(PyObject* flags, std::size_t words) {
    const Ref items = checked(PySequence_Fast(flags, "restarts are a sequence"));
    std::vector<bool> restarts(PySequence_Fast_GET_SIZE(items.get()));
    for (std::size_t i = 0; i < restarts.size(); ++i) {
        const int value = PyObject_IsTrue(PySequence_Fast_GET_ITEM(items.get(), i));
        if (value < 0) throw PythonError();
        restarts[i] = value == 1;
    }
    if (restarts.size() != words + 1 || !restarts.back()) {
        PyErr_SetString(PyExc_ValueError, "restarts are one for each word, and a true one for the end");
        throw PythonError();
    }
    return restarts;
}

PyObject* segments(PyObject* self, PyObject* args) {
    PyObject *texts, *flags, *tuples;
    if (!PyArg_ParseTuple(args, "OOO", &texts, &flags, &tuples)) return nullptr;
    return entered<PyObject*>(self, as_decoder(self).language, nullptr, [&] {
        Learned& known = learned(self);
        const std::vector<Word> words = as_words(known.channel->language->words, texts);
        const std::vector<bool> restarts = as_restarts(flags, words.size());
        const std::vector<Span> spans = as_spans(tuples, words.size());
        Ref made = checked(PyList_New(0));
        for (std::size_t i = 0; i < spans.size();) {
            const long first = spans[i].first;
            long end = spans[i].last;
            std::vector<Span> inside;
            for (; i < spans.size(); ++i) {
                const Span& span = spans[i];
                const bool is_near = span.first < end + kAhead &&
                                     std::find(restarts.begin() + end, restarts.begin() + std::max(end, span.first + 1),
                                               true) == restarts.begin() + std::max(end, span.first + 1);
                if (!inside.empty() && span.first >= end && !is_near) break;
                end = std::max(end, span.last);
                inside.push_back({span.first - first, span.last - first, span.phrase});
            }
            long before = first, behind = end;
            while (before > std::max(0L, first - kBehind) && !restarts[before]) --before;
            while (behind < end + kAhead && !restarts[behind]) ++behind;
            const auto at = words.begin();
            const Ref lattice = known_lattice(self, known, {at + before, at + first}, {at + first, at + behind}, inside);
            const Ref segment = named(as_decoder(self).segment,
                                      checked(Py_BuildValue("(llO)", first, behind - first, lattice.get())));
            if (PyList_Append(made.get(), segment.get()) < 0) throw PythonError();
        }
        return made.release();
    });
}

Spinner as_spinner(PyObject* tuple) {
    Spinner spinner;
    if (!PyArg_ParseTuple(tuple, "ddd", &spinner.unreplaced, &spinner.violation, &spinner.guessed)) throw PythonError();
    return spinner;
}

// (phrase, alternative) -> factor, reading by reading.
Factors as_factors(const Lattice& lattice, PyObject* dict) {
    using Substitution = std::pair<std::int32_t, std::int32_t>;
    Factors factors;
    if (dict == Py_None || PyDict_Size(dict) <= 0) return factors;
    std::vector<std::pair<Substitution, double>> given;
    given.reserve(PyDict_Size(dict));
    Py_ssize_t at = 0;
    PyObject *key, *value;
    while (PyDict_Next(dict, &at, &key, &value)) {
        const auto [phrase, choice] = as_longs<2>(key);
        given.push_back({{std::int32_t(phrase), std::int32_t(choice)}, as_double(value)});
    }
    std::sort(given.begin(), given.end());
    factors.reserve(lattice.readings.size());
    for (const Reading& reading : lattice.readings) {
        const Substitution wanted{reading.phrase, reading.choice};
        const auto found = std::lower_bound(given.begin(), given.end(), wanted,
                                            [](const auto& one, const Substitution& other) { return one.first < other; });
        factors.push_back(found != given.end() && found->first == wanted ? found->second : 1.0);
    }
    return factors;
}

PyObject* solve(PyObject* self, PyObject* args) {
    PyObject *object, *tuple, *dict = Py_None;
    const Types& types = types_of(self);
    if (!PyArg_ParseTuple(args, "O!O!|O", types.lattice, &object, &PyTuple_Type, &tuple, &dict)) return nullptr;
    return entered<PyObject*>(self, as_decoder(self).language, nullptr, [&] {
        LatticeObject& lattice = as_lattice(object);
        Spinner spinner = as_spinner(tuple);
        if (!lattice.lattice.has_guesses) spinner.guessed = 1.0;
        const Factors factors = as_factors(lattice.lattice, dict);
        if (!factors.empty()) {
            return solution_object(types, unspin::solve(lattice.lattice, spinner, factors)).release();
        }
        for (const auto& [of, known] : lattice.solutions) {
            if (std::memcmp(&of, &spinner, sizeof spinner) == 0) return Ref(known).release();
        }
        Ref made = solution_object(types, unspin::solve(lattice.lattice, spinner, factors));
        lattice.solutions.emplace_back(spinner, made);
        return made.release();
    });
}

PyObject* rescore(PyObject* self, PyObject* args) {
    PyObject *object, *solution, *tuple, *dict;
    const Types& types = types_of(self);
    if (!PyArg_ParseTuple(args, "O!OO!O", types.lattice, &object, &solution, &PyTuple_Type, &tuple, &dict)) {
        return nullptr;
    }
    return entered<PyObject*>(self, as_decoder(self).language, nullptr, [&] {
        const LatticeObject& lattice = as_lattice(object);
        const std::vector<Posterior>& posteriors = as_solution(types, solution).posteriors;
        std::optional<Solution> made;
        if (!std::all_of(posteriors.begin(), posteriors.end(), [](const Posterior& its) { return is_settled(its.value); })) {
            made = unspin::rescore(lattice.lattice, as_spinner(tuple), as_factors(lattice.lattice, dict));
        }
        return made ? solution_object(types, std::move(*made)).release() : Ref::borrowed(solution).release();
    });
}

PyObject* guesses_made(PyObject* self, PyObject* args) {
    PyObject *texts, *tuples, *objects;
    double least;
    const Types& types = types_of(self);
    if (!PyArg_ParseTuple(args, "O!OOd", &PyList_Type, &texts, &tuples, &objects, &least)) return nullptr;
    return entered<PyObject*>(self, as_decoder(self).language, nullptr, [&] {
        Learned& known = learned(self);
        Channel& channel = *known.channel;
        const Ref segments = checked(PySequence_Fast(tuples, "segments are a sequence"));
        const Ref solutions = checked(PySequence_Fast(objects, "solutions are a sequence"));
        const Py_ssize_t size = std::min(PySequence_Fast_GET_SIZE(segments.get()), PySequence_Fast_GET_SIZE(solutions.get()));
        double used = 0.0, left = 0.0;
        for (Py_ssize_t i = 0; i < size; ++i) {
            PyObject* const segment = PySequence_Fast_GET_ITEM(segments.get(), i);
            const Solution& solution = as_solution(types, PySequence_Fast_GET_ITEM(solutions.get(), i));
            for (const auto& [reading, posterior] : solution.posteriors) {
                const Substitutions& all = channel.substitutions(reading.phrase);
                if (reading.choice < 0 || std::size_t(reading.choice) >= all.size()) {
                    PyErr_Format(PyExc_IndexError, "no alternative %d of phrase %d", reading.choice, reading.phrase);
                    throw PythonError();
                }
                if (channel.is_guess(all[reading.choice].trust, least)) used += posterior;
            }
            const long first = as_long(field(segment, 3, 0));
            const Ref words = checked(PyList_GetSlice(texts, first, first + as_long(field(segment, 3, 1))));
            for (Py_ssize_t word = 0; word < PyList_GET_SIZE(words.get()); ++word) {
                const Word number = channel.language->words.number(PyList_GET_ITEM(words.get(), word));
                if (channel.is_guess(channel.form(number).trust, least)) left += 1.0 - solution.replaced(word);
            }
        }
        return Py_BuildValue("(dd)", used, left);
    });
}

PyMethodDef methods[] = {
    {"segments", segments, METH_VARARGS, "The words of a text that candidates cover, cut where nothing joins them."},
    {"lattice", lattice, METH_VARARGS, "All readings of one segment."},
    {"solve", solve, METH_VARARGS, "Evidence and posteriors of one segment, by pairs of words."},
    {"rescore", rescore, METH_VARARGS, "Evidence and posteriors of one segment, by threes of words."},
    {"guesses", guesses_made, METH_VARARGS, "How many originals seem to be replaced by guesses, and to be left."},
    {nullptr, nullptr, 0, nullptr},
};

PyObject* channel_of(PyObject* self, void*) { return Ref::borrowed(as_decoder(self).channel).release(); }
PyObject* language_of(PyObject* self, void*) { return Ref::borrowed(as_decoder(self).language).release(); }

PyGetSetDef fields[] = {
    {"channel", channel_of, nullptr, "What the spinner writes for what.", nullptr},
    {"language", language_of, nullptr, "How likely one word is after others.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("Solves segments against one channel and one language model.")},
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
    {Py_tp_methods, methods},
    {Py_tp_getset, fields},
    {0, nullptr},
};

}  // namespace

PyType_Spec lattice_spec = {"unspin._core.Lattice", sizeof(LatticeObject), 0, kNotByCaller, lattice_slots};
PyType_Spec decoder_spec = {"unspin._core.Decoder", sizeof(Decoder), 0, Py_TPFLAGS_DEFAULT, slots};

}  // namespace unspin
