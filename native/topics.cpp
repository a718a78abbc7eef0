// What words have to do with each other. Twins: unspin.english.topics.Topics and TextTopic.

#include "topics.h"
#include "word_index.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace unspin {
namespace {

constexpr std::int64_t kCommon = 150;  // unspin.english.topics._COMMON
constexpr double kMost = 3.0;         // _MOST
constexpr double kScale = 127.0;      // _SCALE
constexpr Py_ssize_t kNear = 12;      // _NEAR
constexpr double kWhole = 0.7;        // _WHOLE

constexpr std::size_t kKept = 8'000;  // _KEPT

using Vector = std::vector<double>;
using Rank = std::uint32_t;

constexpr Rank kNone = ~Rank(0);  // of a word that says nothing of a topic

double dot(const Vector& one, const Vector& other) {
    double sum = 0.0;
    for (std::size_t i = 0; i < one.size(); ++i) sum += one[i] * other[i];
    return sum;
}

void make_unit(Vector& vector) {
    const double length = std::sqrt(dot(vector, vector));
    if (length == 0.0) return;
    for (double& value : vector) value /= length;
}

class Vectors {
public:
    // The columns of a file: those of its words, and the components of all vectors in a row.
    explicit Vectors(PyObject* columns)
        : words_(columns),
          components_(columns, "vectors"),
          size_(components_.size() / std::max<std::size_t>(1, words_.size())) {}

    std::size_t size() const { return size_; }

    // Calls `see` with the rank of each word of a str that says anything of a topic.
    template <typename See>
    void for_each_rank(PyObject* phrase, See see) const {
        if (PyUnicode_IS_ASCII(phrase)) {
            const char* const bytes = reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(phrase));
            const std::string_view text(bytes, PyUnicode_GET_LENGTH(phrase));
            for (std::size_t begin = 0, end; begin <= text.size(); begin = end + 1) {
                end = begin;
                while (end < text.size() && !Py_UNICODE_ISSPACE(Py_UCS4(text[end]))) ++end;
                const Rank found = end > begin ? rank(text.substr(begin, end - begin)) : kNone;
                if (found != kNone) see(found);
            }
            return;
        }
        const Ref words = checked(PyUnicode_Split(phrase, nullptr, -1));
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(words.get()); ++i) {
            const Rank found = rank(utf8_of(PyList_GET_ITEM(words.get(), i)));
            if (found != kNone) see(found);
        }
    }

    // Adds the vector of a word times its weight to a sum.
    void add(Rank rank, double* sum) const {
        const double weight = std::min(kMost, std::log(1.0 + double(rank) / double(kCommon))) / kScale;
        const std::int8_t* const vector = components_.begin() + rank * size_;
        for (std::size_t i = 0; i < size_; ++i) sum[i] += weight * vector[i];
    }

    // The sum of the vectors of the words of a phrase, of length one; empty where none of them says anything.
    const Vector& direction(PyObject* phrase) {
        const Ref text = Ref::borrowed(phrase);
        const auto known = directions_.find(text);
        if (known != directions_.end()) return known->second;
        return directions_.emplace(text, find_direction(phrase)).first->second;
    }

    // Forgets the directions that are kept, where they are many.
    void tidy() {
        if (directions_.size() > kKept) directions_.clear();
    }

private:
    // A str is found by the hash that it keeps itself.
    struct Hash {
        std::size_t operator()(const Ref& text) const { return static_cast<std::size_t>(PyObject_Hash(text.get())); }
    };
    struct IsSame {
        bool operator()(const Ref& one, const Ref& other) const {
            return one.get() == other.get() || PyUnicode_Compare(one.get(), other.get()) == 0;
        }
    };

    // kNone for a word that says nothing of a topic.
    Rank rank(std::string_view word) const {
        const std::int64_t found = words_.number(word);
        return found < kCommon ? kNone : static_cast<Rank>(found);
    }

    Vector find_direction(PyObject* phrase) const {
        Vector sum(size_);
        bool is_known = false;
        for_each_rank(phrase, [&](Rank rank) {
            add(rank, sum.data());
            is_known = true;
        });
        if (!is_known) return {};
        make_unit(sum);
        return sum;
    }

    WordIndex words_;  // by falling frequency
    Column<std::int8_t> components_;
    std::size_t size_;  // of a vector
    std::unordered_map<Ref, Vector, Hash, IsSame> directions_;  // of phrases
};

// --- one text ---------------------------------------------------------------------------------------------------

// For each word of a text, and for the end, the sum of the vectors before it. One in sixteen is kept: all would take
// half a kilobyte a word.
class RunningSums {
public:
    RunningSums(const Vectors& vectors, Py_ssize_t words) : vectors_(vectors), begins_(1, 0), total_(vectors.size()) {
        begins_.reserve(words + 1);
    }

    // What is read at the next word.
    void add(PyObject* read) {
        if (!PyUnicode_Check(read)) {
            PyErr_SetString(PyExc_TypeError, "what is read at a word is a str");
            throw PythonError();
        }
        if ((begins_.size() - 1) % kEvery == 0) kept_.insert(kept_.end(), total_.begin(), total_.end());
        vectors_.for_each_rank(read, [&](Rank rank) {
            ranks_.push_back(rank);
            vectors_.add(rank, total_.data());
        });
        begins_.push_back(ranks_.size());
    }

    Py_ssize_t words() const { return begins_.size() - 1; }
    const Vector& total() const { return total_; }

    // That before a word.
    Vector before(Py_ssize_t word) const {
        if (word == words()) return total_;
        const std::size_t kept = word / kEvery;
        const auto at = kept_.begin() + kept * vectors_.size();
        Vector sum(at, at + vectors_.size());
        for (std::size_t i = begins_[kept * kEvery]; i < begins_[word]; ++i) vectors_.add(ranks_[i], sum.data());
        return sum;
    }

private:
    static constexpr std::size_t kEvery = 16;

    const Vectors& vectors_;
    std::vector<Rank> ranks_;           // of all words that say anything of a topic, in order
    std::vector<std::size_t> begins_;  // for each word, and for the end, how many of them stand before it
    Vector kept_;                       // the sums before every sixteenth word, in a row
    Vector total_;
};

struct TextTopic {
    PyObject_HEAD
    PyObject* topics;
    RunningSums sums;
};

using Topics = std::unique_ptr<Vectors>;

TextTopic& as_text(PyObject* self) { return *reinterpret_cast<TextTopic*>(self); }
Vectors& vectors_of(PyObject* topics) { return *content_of<Topics>(topics); }

// The topic of the words around some, and of the text, without these.
Vector around(const RunningSums& sums, Py_ssize_t first, Py_ssize_t last) {
    const Vector before = sums.before(std::max<Py_ssize_t>(0, first - kNear));
    const Vector behind = sums.before(std::min(sums.words(), last + kNear));
    const Vector begun = sums.before(first), ended = sums.before(last);
    Vector passage(before.size()), whole(before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        const double own = ended[i] - begun[i];
        passage[i] = behind[i] - before[i] - own;
        whole[i] = sums.total()[i] - own;
    }
    make_unit(passage);
    make_unit(whole);
    for (std::size_t i = 0; i < passage.size(); ++i) passage[i] += kWhole * whole[i];
    return passage;
}

std::vector<std::optional<double>> find_fits(TextTopic& text, Py_ssize_t first, Py_ssize_t last, PyObject* phrase,
                                             const std::vector<Ref>& plains) {
    if (first < 0 || last < first || last > text.sums.words()) {
        PyErr_SetString(PyExc_IndexError, "no words of the text");
        throw PythonError();
    }
    Vectors& vectors = vectors_of(text.topics);
    vectors.tidy();
    std::vector<std::optional<double>> fits(plains.size());
    const Vector& as_it_stands = vectors.direction(phrase);
    if (as_it_stands.empty()) return fits;
    Vector here;  // the topic of the place, once it is asked for
    double standing = 0.0;
    for (std::size_t i = 0; i < plains.size(); ++i) {
        const Vector& read = vectors.direction(plains[i].get());
        if (read.empty()) continue;
        if (here.empty()) {
            here = around(text.sums, first, last);
            standing = dot(here, as_it_stands);
        }
        fits[i] = dot(here, read) - standing;
    }
    return fits;
}

PyObject* fit(PyObject* self, PyObject* args) {
    Py_ssize_t first, last;
    PyObject *phrase, *plain;
    if (!PyArg_ParseTuple(args, "nnUU", &first, &last, &phrase, &plain)) return nullptr;
    return guarded<PyObject*>(nullptr, [&] {
        const auto found = topic_fits(self, first, last, phrase, {Ref::borrowed(plain)}).front();
        return found ? PyFloat_FromDouble(*found) : Ref::borrowed(Py_None).release();
    });
}

void destroy_text(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    TextTopic& text = as_text(self);
    text.sums.~RunningSums();
    Py_CLEAR(text.topics);
    type->tp_free(self);
    Py_DECREF(type);
}

PyMethodDef text_methods[] = {
    {"fit", fit, METH_VARARGS, "How much better what a phrase may stand for fits what stands around it."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot text_slots[] = {
    {Py_tp_doc, const_cast<char*>("What one text and its passages are about.")},
    {Py_tp_dealloc, reinterpret_cast<void*>(destroy_text)},
    {Py_tp_methods, text_methods},
    {0, nullptr},
};

// --- all words --------------------------------------------------------------------------------------------------

PyObject* of(PyObject* self, PyObject* text) {
    return guarded<PyObject*>(nullptr, [&] {
        const Vectors& vectors = vectors_of(self);
        const Ref places = checked(PySequence_Fast(text, "a text is a sequence"));
        const Py_ssize_t words = PySequence_Fast_GET_SIZE(places.get());
        RunningSums sums(vectors, words);
        for (Py_ssize_t i = 0; i < words; ++i) sums.add(PySequence_Fast_GET_ITEM(places.get(), i));
        PyTypeObject* type = static_cast<Types*>(PyType_GetModuleState(Py_TYPE(self)))->text_topic;
        Ref made = checked(type->tp_alloc(type, 0));
        TextTopic& topic = as_text(made.get());
        new (&topic.sums) RunningSums(std::move(sums));
        topic.topics = Ref::borrowed(self).release();
        return made.release();
    });
}

PyObject* create(PyTypeObject* type, PyObject* args, PyObject* keywords) {
    static const char* names[] = {"columns", nullptr};
    PyObject* columns;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O", const_cast<char**>(names), &columns)) return nullptr;
    return guarded<PyObject*>(nullptr, [&] {
        return make(type, std::make_unique<Vectors>(columns));
    });
}

PyMethodDef methods[] = {
    {"of", of, METH_O, "What a text is about."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("Vectors of words.")},
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dispose<Topics>)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

std::vector<std::optional<double>> topic_fits(PyObject* text_topic, Py_ssize_t first, Py_ssize_t last, PyObject* phrase,
                                              const std::vector<Ref>& plains) {
    TextTopic& text = as_text(text_topic);
    std::vector<std::optional<double>> found;
    const bool is_done = entered<bool>(text_topic, text.topics, false, [&] {
        found = find_fits(text, first, last, phrase, plains);
        return true;
    });
    if (!is_done) throw PythonError();
    return found;
}

PyType_Spec topics_spec = {"unspin._core.Topics", sizeof(Object<Topics>), 0, Py_TPFLAGS_DEFAULT, slots};
PyType_Spec text_topic_spec = {"unspin._core.TextTopic", sizeof(TextTopic), 0, kNotByCaller, text_slots};

}  // namespace unspin
