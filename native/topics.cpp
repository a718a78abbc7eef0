// What words have to do with each other. Twins: unspin.english.topics.Topics and TextTopic.

#include "topics.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace unspin {
namespace {

constexpr std::size_t kCommon = 150;  // unspin.english.topics._COMMON
constexpr double kMost = 3.0;         // _MOST
constexpr double kScale = 127.0;      // _SCALE
constexpr Py_ssize_t kNear = 12;      // _NEAR
constexpr double kWhole = 0.7;        // _WHOLE

constexpr std::size_t kKept = 8'000;  // _KEPT

using Vector = std::vector<double>;

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
    // A list of str, and the components of all in bytes.
    Vectors(PyObject* words, PyObject* bytes) {
        const Ref items = checked(PySequence_Fast(words, "words are a sequence"));
        const Py_ssize_t count = PySequence_Fast_GET_SIZE(items.get());
        for (Py_ssize_t rank = 0; rank < count; ++rank) {
            words_.push_back(utf8_of(PySequence_Fast_GET_ITEM(items.get(), rank)));
            ranks_.insert_or_assign(words_.back(), rank);
        }
        const auto* begin = reinterpret_cast<const std::int8_t*>(PyBytes_AS_STRING(bytes));
        components_.assign(begin, begin + PyBytes_GET_SIZE(bytes));
        size_ = components_.size() / std::max<std::size_t>(1, count);
    }

    std::size_t size() const { return size_; }

    // The vector of one word times its weight, added to a sum; false for a word that says nothing of a topic.
    bool add(PyObject* word, double* sum) const {
        Py_ssize_t length = 0;
        const char* const bytes = PyUnicode_AsUTF8AndSize(word, &length);
        if (bytes == nullptr) {
            if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) throw PythonError();
            PyErr_Clear();
            return false;
        }
        const auto found = ranks_.find(std::string_view(bytes, length));
        if (found == ranks_.end() || found->second < kCommon) return false;
        const std::size_t rank = found->second;
        const double weight = std::min(kMost, std::log(1.0 + double(rank) / double(kCommon))) / kScale;
        const std::int8_t* const vector = components_.data() + rank * size_;
        for (std::size_t i = 0; i < size_; ++i) sum[i] += weight * vector[i];
        return true;
    }

    // The sum of the vectors of the words of a phrase, of length one; empty where none of them says anything.
    const Vector& direction(PyObject* phrase) {
        std::string text = utf8_of(phrase);
        const auto known = directions_.find(text);
        if (known != directions_.end()) return known->second;
        return directions_.emplace(std::move(text), find_direction(phrase)).first->second;
    }

    // Forgets the directions that are kept, where they are many.
    void tidy() {
        if (directions_.size() > kKept) directions_.clear();
    }

private:
    Vector find_direction(PyObject* phrase) const {
        const Ref words = checked(PyUnicode_Split(phrase, nullptr, -1));
        Vector sum(size_);
        bool is_known = false;
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(words.get()); ++i) {
            is_known = add(PyList_GET_ITEM(words.get(), i), sum.data()) || is_known;
        }
        if (!is_known) return {};
        make_unit(sum);
        return sum;
    }

    std::deque<std::string> words_;  // never moved: the keys below point there
    std::unordered_map<std::string_view, std::size_t> ranks_;
    std::vector<std::int8_t> components_;
    std::unordered_map<std::string, Vector> directions_;  // of phrases
    std::size_t size_ = 0;
};

// --- one text ---------------------------------------------------------------------------------------------------

struct TextTopic {
    PyObject_HEAD
    PyObject* topics;
    Vector sums;             // for each word, and for the end, the sum of the vectors before it, in a row
    Py_ssize_t words;        // how many there are
    Py_ssize_t first, last;  // the place that was asked about last
    Vector around;           // its topic
};

struct Topics {
    PyObject_HEAD
    Vectors vectors;
};

TextTopic& as_text(PyObject* self) { return *reinterpret_cast<TextTopic*>(self); }
Vectors& vectors_of(PyObject* topics) { return reinterpret_cast<Topics*>(topics)->vectors; }

// The topic of the words around some, and of the text, without these.
Vector around(const TextTopic& text, Py_ssize_t first, Py_ssize_t last) {
    const std::size_t size = text.sums.size() / (text.words + 1);
    const auto sum = [&](Py_ssize_t word) { return text.sums.data() + word * size; };
    const double* const before = sum(std::max<Py_ssize_t>(0, first - kNear));
    const double* const behind = sum(std::min(text.words, last + kNear));
    Vector passage(size), whole(size);
    for (std::size_t i = 0; i < size; ++i) {
        const double own = sum(last)[i] - sum(first)[i];
        passage[i] = behind[i] - before[i] - own;
        whole[i] = sum(text.words)[i] - own;
    }
    make_unit(passage);
    make_unit(whole);
    for (std::size_t i = 0; i < passage.size(); ++i) passage[i] += kWhole * whole[i];
    return passage;
}

std::optional<double> find_fit(TextTopic& text, Py_ssize_t first, Py_ssize_t last, PyObject* phrase, PyObject* plain) {
    if (first < 0 || last < first || last > text.words) {
        PyErr_SetString(PyExc_IndexError, "no words of the text");
        throw PythonError();
    }
    Vectors& vectors = vectors_of(text.topics);
    vectors.tidy();
    const Vector &as_it_stands = vectors.direction(phrase), &read = vectors.direction(plain);
    if (as_it_stands.empty() || read.empty()) return std::nullopt;
    if (text.around.empty() || text.first != first || text.last != last) {
        text.around = around(text, first, last);
        text.first = first;
        text.last = last;
    }
    return dot(text.around, read) - dot(text.around, as_it_stands);
}

PyObject* fit(PyObject* self, PyObject* args) {
    Py_ssize_t first, last;
    PyObject *phrase, *plain;
    if (!PyArg_ParseTuple(args, "nnUU", &first, &last, &phrase, &plain)) return nullptr;
    return guarded<PyObject*>(nullptr, [&] {
        const auto found = topic_fit(self, first, last, phrase, plain);
        return found ? PyFloat_FromDouble(*found) : Ref::borrowed(Py_None).release();
    });
}

void destroy_text(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    TextTopic& text = as_text(self);
    text.around.~Vector();
    text.sums.~Vector();
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
        const std::size_t size = vectors.size();
        Vector sums((words + 1) * size);
        for (Py_ssize_t i = 0; i < words; ++i) {
            const Ref read = checked(PySequence_Fast(PySequence_Fast_GET_ITEM(places.get(), i), "words are a sequence"));
            double* const sum = sums.data() + (i + 1) * size;
            std::copy(sum - size, sum, sum);
            for (Py_ssize_t j = 0; j < PySequence_Fast_GET_SIZE(read.get()); ++j) {
                vectors.add(PySequence_Fast_GET_ITEM(read.get(), j), sum);
            }
        }
        PyTypeObject* type = static_cast<Types*>(PyType_GetModuleState(Py_TYPE(self)))->text_topic;
        Ref made = checked(type->tp_alloc(type, 0));
        TextTopic& topic = as_text(made.get());
        new (&topic.sums) Vector(std::move(sums));
        topic.words = words;
        new (&topic.around) Vector();
        topic.topics = Ref::borrowed(self).release();
        return made.release();
    });
}

PyObject* create(PyTypeObject* type, PyObject* args, PyObject* keywords) {
    static const char* names[] = {"words", "vectors", nullptr};
    PyObject *words, *bytes;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OS", const_cast<char**>(names), &words, &bytes)) return nullptr;
    return guarded<PyObject*>(nullptr, [&] {
        Vectors vectors(words, bytes);
        Ref self = checked(type->tp_alloc(type, 0));
        new (&reinterpret_cast<Topics*>(self.get())->vectors) Vectors(std::move(vectors));
        return self.release();
    });
}

void destroy(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    reinterpret_cast<Topics*>(self)->vectors.~Vectors();
    type->tp_free(self);
    Py_DECREF(type);
}

PyMethodDef methods[] = {
    {"of", of, METH_O, "What a text is about."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("Vectors of words.")},
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(destroy)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

std::optional<double> topic_fit(PyObject* text_topic, Py_ssize_t first, Py_ssize_t last, PyObject* phrase,
                                PyObject* plain) {
    TextTopic& text = as_text(text_topic);
    std::optional<double> found;
    const bool is_done = entered<bool>(text_topic, text.topics, false, [&] {
        found = find_fit(text, first, last, phrase, plain);
        return true;
    });
    if (!is_done) throw PythonError();
    return found;
}

PyType_Spec topics_spec = {"unspin._core.Topics", sizeof(Topics), 0, Py_TPFLAGS_DEFAULT, slots};
PyType_Spec text_topic_spec = {"unspin._core.TextTopic", sizeof(TextTopic), 0, kNotByCaller, text_slots};

}  // namespace unspin
