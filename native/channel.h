// A family of spinners as a noisy channel: what the Python object knows, in numbers, read off it when first asked for.
// Twin: unspin.spun.channel.Channel.

#pragma once

#include "key_table.h"
#include "lattice.h"

namespace unspin {

// A written word: how the language model sees it, and how surely the spinner would have replaced it.
struct Form {
    Run run;
    double trust;
    bool is_sure;
};

// One way to read a phrase.
struct Substitution {
    Run run;
    double weight, trust;
    bool is_sure;
    long choice;
};

using Substitutions = std::vector<Substitution>;

// What a run of words is to the channel.
struct Role {
    bool is_long = false;    // a long original
    bool is_prefix = false;  // the beginning of one

    bool is_any() const { return is_long || is_prefix; }
};

class Channel {
public:
    // `channel` is borrowed; the words are those of `language`.
    Channel(PyObject* channel, std::shared_ptr<Language> language);

    // Both stay where they are as long as the channel does.
    const Form& form(Word written);
    const Substitutions& substitutions(long phrase);
    // Whether a trust is that of a guess, of `least` or more.
    bool is_guess(double trust, double least) const { return least <= trust && trust < sure_; }
    // Whether any long original begins with these two words.
    bool begins(Word first, Word second) { return pairs(first, second).is_any(); }
    // Of `size` words from `words` on.
    Role role(const Word* words, std::size_t size);
    // Behind `size` words from `words` on, of which there is at least one.
    State state(const Word* words, std::size_t size);

    const std::shared_ptr<Language> language;

private:
    enum class Row : unsigned char { kUnread, kEmpty, kRead };

    struct PairRole {
        std::uint32_t number = kNone;  // of the bits below
    };
    static constexpr std::uint32_t kLong = 1, kPrefix = 2;

    // The role of two words.
    Role pairs(Word first, Word second);
    void read_pairs(Word first);
    Run run(PyObject* lm_form);

    Ref lm_form_, replaced_, substitutions_, pairs_, long_originals_, prefixes_;
    double sure_;
    std::vector<std::unique_ptr<const Form>> forms_;
    std::vector<std::unique_ptr<const Substitutions>> by_phrase_;
    std::vector<Row> rows_;  // of pairs, by the first word
    KeyTable<PairRole> by_pair_;
    std::unordered_map<std::string, Role> by_run_;  // of three words and more
};

}  // namespace unspin
