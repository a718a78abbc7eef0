// The type Needles. Twin: unspin.rulebook.scanner.Needles.

#include "objects.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace unspin {
namespace {

constexpr std::size_t kHead = 3;  // bytes that a needle is looked up by; Needles.SHORTEST of the twin
constexpr std::size_t kSlots = 1 << 16;

std::size_t slot(const char* at) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(at);
    const std::uint32_t head = bytes[0] | bytes[1] << 8 | bytes[2] << 16;
    return head * 2654435761u >> 16;  // Knuth's multiplicative hash
}

// Strings in order, so that those with the same beginning stand together. At most places of a text none begins, which
// one look tells; elsewhere letter after letter leaves fewer of them.
class Needles {
public:
    Needles() = default;
    Needles(const Needles&) = delete;  // a copy's places would be those of this one
    Needles(Needles&&) = default;

    // `number` is what the caller calls it by.
    void add(std::string_view needle, std::size_t number) { needles_.push_back({std::string(needle), number}); }

    void finish() {
        std::sort(needles_.begin(), needles_.end(), [](const auto& a, const auto& b) { return a.letters < b.letters; });
        begins_.assign(kSlots, 0);
        starts_.assign(kSlots, needles_.begin());
        ends_.assign(kSlots, needles_.begin());
        for (auto at = needles_.begin(); at != needles_.end(); ++at) {
            const std::size_t s = slot(at->letters.data());
            if (!begins_[s]) starts_[s] = at;
            begins_[s] = 1;
            ends_[s] = at + 1;
        }
    }

    // The numbers of the needles that stand in the text, each once. Throws std::bad_alloc.
    std::vector<std::size_t> search(std::string_view text) const {
        Found found{{}, std::vector<bool>(needles_.size())};
        for (std::size_t at = 0; at + kHead <= text.size(); ++at) {
            const std::size_t s = slot(text.data() + at);
            if (begins_[s]) look(text.substr(at), starts_[s], ends_[s], found);
        }
        return std::move(found.numbers);
    }

private:
    struct Needle {
        std::string letters;
        std::size_t number;
    };

    struct Found {
        std::vector<std::size_t> numbers;
        std::vector<bool> has;  // by number

        void add(std::size_t number) {
            if (!has[number]) numbers.push_back(number);
            has[number] = true;
        }
    };

    using Place = std::vector<Needle>::const_iterator;

    // Marks those of some needles that a text begins with.
    static void look(std::string_view text, Place first, Place last, Found& found) {
        for (std::size_t depth = 0;; ++depth) {  // those from first to last begin with so many letters of the text
            for (; first != last && first->letters.size() == depth; ++first) found.add(first->number);
            if (first == last || depth == text.size()) return;
            const auto letter = static_cast<unsigned char>(text[depth]);
            const auto at = [depth](const Needle& needle) { return static_cast<unsigned char>(needle.letters[depth]); };
            first = std::partition_point(first, last, [&](const Needle& needle) { return at(needle) < letter; });
            last = std::partition_point(first, last, [&](const Needle& needle) { return at(needle) == letter; });
        }
    }

    std::vector<Needle> needles_;
    std::vector<std::uint8_t> begins_;  // for each slot, whether the head of a needle has it,
    std::vector<Place> starts_, ends_;  // and the stretch of needles that holds all those
};

PyObject* create(PyTypeObject* type, PyObject* args, PyObject*) {
    PyObject* strings;
    if (!PyArg_ParseTuple(args, "O", &strings)) return nullptr;
    return guarded<PyObject*>(nullptr, [&]() -> PyObject* {
        const Ref items = checked(PySequence_Fast(strings, "a list of bytes belongs here"));
        Needles needles;
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items.get()); ++i) {
            char* letters;
            Py_ssize_t size;
            if (PyBytes_AsStringAndSize(PySequence_Fast_GET_ITEM(items.get(), i), &letters, &size) != 0) return nullptr;
            if (static_cast<std::size_t>(size) < kHead) {
                return PyErr_Format(PyExc_ValueError, "a needle has %zu bytes or more", kHead);
            }
            needles.add({letters, static_cast<std::size_t>(size)}, static_cast<std::size_t>(i));
        }
        needles.finish();
        return make(type, std::move(needles));
    });
}

PyObject* search(PyObject* self, PyObject* text) {
    char* letters;
    Py_ssize_t size;
    if (PyBytes_AsStringAndSize(text, &letters, &size) != 0) return nullptr;
    return guarded<PyObject*>(nullptr, [&] {
        Ref numbers = checked(PySet_New(nullptr));
        for (const std::size_t found : content_of<Needles>(self).search({letters, static_cast<std::size_t>(size)})) {
            const Ref number = checked(PyLong_FromSize_t(found));
            if (PySet_Add(numbers.get(), number.get()) != 0) throw PythonError();
        }
        return numbers.release();
    });
}

PyMethodDef methods[] = {
    {"search", search, METH_O, "The numbers of the needles that stand in a text."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(create)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dispose<Needles>)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

PyType_Spec needles_spec = {"unspin._core.Needles", sizeof(Object<Needles>), 0, Py_TPFLAGS_DEFAULT, slots};

}  // namespace unspin
