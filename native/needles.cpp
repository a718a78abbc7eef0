// The type Needles. Twin: unspin.rulebook.scanner.Needles.

#include "objects.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace unspin {
namespace {

constexpr std::size_t kHead = 5;  // bytes that a needle is looked up by; as in the twin
// Of the hash of a head, those that find its slot, and those that find the bit that tells of one: few enough for the
// nearest cache, as every place of a text is looked up.
constexpr int kSlotBits = 12, kBits = 16;

// The numbers of the needles that were found, each once.
struct Found {
    std::vector<std::size_t> numbers;
    std::vector<bool> has;  // by number

    void add(std::size_t number) {
        if (!has[number]) numbers.push_back(number);
        has[number] = true;
    }
};

constexpr bool is_digit(unsigned char byte) { return byte >= '0' && byte <= '9'; }

constexpr unsigned char in_lower_case(unsigned char byte) {
    return byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
}

// Digits are alike in a head: texts have few, and needles with all of them many.
constexpr std::array<unsigned char, 256> make_heads() {
    std::array<unsigned char, 256> heads{};
    for (int byte = 0; byte < 256; ++byte) heads[byte] = is_digit(byte) ? '0' : in_lower_case(byte);
    return heads;
}

constexpr auto kHeads = make_heads();

struct AsWritten {
    static unsigned char in_head(unsigned char byte) { return byte; }
    static unsigned char letter(unsigned char byte) { return byte; }
};

struct InLowerCase {
    static unsigned char in_head(unsigned char byte) { return kHeads[byte]; }
    static unsigned char letter(unsigned char byte) { return in_lower_case(byte); }
};

// Strings in order, so that those with the same beginning stand together. At most places of a text none begins, which
// one look at a bit tells; elsewhere letter after letter leaves fewer of them.
template <typename Case>
class Needles {
public:
    Needles() = default;
    Needles(const Needles&) = delete;  // a copy's places would be those of this one
    Needles(Needles&&) = default;

    // `number` is what the caller calls it by.
    void add(std::string_view needle, std::size_t number) { needles_.push_back({std::string(needle), number}); }

    void finish() {
        std::sort(needles_.begin(), needles_.end(), [](const auto& a, const auto& b) { return a.letters < b.letters; });
        begins_.assign((std::size_t{1} << kBits) / 64, 0);
        starts_.assign(std::size_t{1} << kSlotBits, needles_.end());
        ends_.assign(std::size_t{1} << kSlotBits, needles_.end());
        for (auto at = needles_.begin(); at != needles_.end(); ++at) {
            std::uint64_t head = 0;
            for (std::size_t i = 0; i < kHead; ++i) head = behind(head, at->letters[i]);
            const std::uint64_t hash = hash_of(head), bit = hash >> (64 - kBits), slot = hash >> (64 - kSlotBits);
            begins_[bit / 64] |= std::uint64_t{1} << (bit % 64);
            if (starts_[slot] == needles_.end()) starts_[slot] = at;
            ends_[slot] = at + 1;
        }
    }

    // Marks those that a text begins with; `head` is that of its first bytes.
    void look(std::string_view text, std::uint64_t head, Found& found) const {
        const std::uint64_t hash = hash_of(head), bit = hash >> (64 - kBits), slot = hash >> (64 - kSlotBits);
        if (begins_[bit / 64] >> (bit % 64) & 1) look(text, starts_[slot], ends_[slot], found);
    }

    // The head of the bytes that end with another one.
    static std::uint64_t behind(std::uint64_t head, char next) {
        return head >> 8 | std::uint64_t{Case::in_head(static_cast<unsigned char>(next))} << (8 * kHead - 8);
    }

private:
    struct Needle {
        std::string letters;
        std::size_t number;
    };

    using Place = typename std::vector<Needle>::const_iterator;

    static std::uint64_t hash_of(std::uint64_t head) { return head * 0x9e3779b97f4a7c15u; }  // Fibonacci hashing

    static void look(std::string_view text, Place first, Place last, Found& found) {
        for (std::size_t depth = 0;; ++depth) {  // those from first to last begin with so many letters of the text
            for (; first != last && first->letters.size() == depth; ++first) found.add(first->number);
            if (first == last || depth == text.size()) return;
            const unsigned char letter = Case::letter(static_cast<unsigned char>(text[depth]));
            const auto at = [depth](const Needle& needle) { return static_cast<unsigned char>(needle.letters[depth]); };
            first = std::partition_point(first, last, [&](const Needle& needle) { return at(needle) < letter; });
            last = std::partition_point(first, last, [&](const Needle& needle) { return at(needle) == letter; });
        }
    }

    std::vector<Needle> needles_;
    std::vector<std::uint64_t> begins_;  // a bit for each hash, whether the head of a needle has it;
    std::vector<Place> starts_, ends_;   // and for each slot, the stretch of needles that holds all of it
};

struct BothCases {
    Needles<InLowerCase> lower;
    Needles<AsWritten> as_written;
    std::size_t count = 0;

    // The numbers of the needles that stand in a text. Throws std::bad_alloc.
    std::vector<std::size_t> search(std::string_view text) const {
        Found found{{}, std::vector<bool>(count)};
        std::uint64_t head = 0, exact = 0;
        for (std::size_t at = 0; at < text.size(); ++at) {
            head = Needles<InLowerCase>::behind(head, text[at]);
            exact = Needles<AsWritten>::behind(exact, text[at]);
            if (at + 1 < kHead) continue;
            const std::string_view rest = text.substr(at + 1 - kHead);
            lower.look(rest, head, found);
            as_written.look(rest, exact, found);
        }
        return std::move(found.numbers);
    }
};

// A text as bytes, a question mark for what ASCII does not have.
template <typename Unit>
std::string ascii(const Unit* text, std::size_t size) {
    std::string bytes(size, '?');
    for (std::size_t at = 0; at < size; ++at) {
        if (text[at] < 128) bytes[at] = static_cast<char>(text[at]);
    }
    return bytes;
}

std::vector<std::size_t> search_text(const BothCases& needles, PyObject* text) {
    const std::size_t size = PyUnicode_GET_LENGTH(text);
    if (PyUnicode_IS_ASCII(text)) return needles.search({reinterpret_cast<const char*>(PyUnicode_1BYTE_DATA(text)), size});
    switch (PyUnicode_KIND(text)) {
        case PyUnicode_1BYTE_KIND: return needles.search(ascii(PyUnicode_1BYTE_DATA(text), size));
        case PyUnicode_2BYTE_KIND: return needles.search(ascii(PyUnicode_2BYTE_DATA(text), size));
        default: return needles.search(ascii(PyUnicode_4BYTE_DATA(text), size));
    }
}

// Adds a list of bytes to needles; `count` numbers them.
template <typename Case>
void add(PyObject* strings, Needles<Case>& needles, std::size_t& count) {
    const Ref items = checked(PySequence_Fast(strings, "a list of bytes belongs here"));
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items.get()); ++i) {
        char* letters;
        Py_ssize_t size;
        if (PyBytes_AsStringAndSize(PySequence_Fast_GET_ITEM(items.get(), i), &letters, &size) != 0) throw PythonError();
        if (static_cast<std::size_t>(size) < kHead) {
            PyErr_Format(PyExc_ValueError, "a needle has %zu bytes or more", kHead);
            throw PythonError();
        }
        needles.add({letters, static_cast<std::size_t>(size)}, count++);
    }
    needles.finish();
}

PyObject* create(PyTypeObject* type, PyObject* args, PyObject*) {
    PyObject *lower, *as_written;
    if (!PyArg_ParseTuple(args, "OO", &lower, &as_written)) return nullptr;
    return guarded<PyObject*>(nullptr, [&] {
        BothCases both;
        add(lower, both.lower, both.count);
        add(as_written, both.as_written, both.count);
        return make(type, std::move(both));
    });
}

PyObject* search(PyObject* self, PyObject* text) {
    if (!PyUnicode_Check(text)) {
        return PyErr_Format(PyExc_TypeError, "a text is a str, not %.100s", Py_TYPE(text)->tp_name);
    }
    return guarded<PyObject*>(nullptr, [&] {
        Ref numbers = checked(PySet_New(nullptr));
        for (const std::size_t found : search_text(content_of<BothCases>(self), text)) {
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
    {Py_tp_dealloc, reinterpret_cast<void*>(dispose<BothCases>)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

PyType_Spec needles_spec = {"unspin._core.Needles", sizeof(Object<BothCases>), 0, Py_TPFLAGS_DEFAULT, slots};

}  // namespace unspin
