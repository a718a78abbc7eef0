// A family of spinners as a noisy channel: what the Python object knows, in numbers, read off it when first asked for.
// Twin: unspin.spun.channel.Channel.

#pragma once

#include "lattice.h"

namespace unspin {

// A written word: how the language model sees it, and how surely the spinner would have replaced it.
struct Form {
    std::vector<Word> words;
    double trust;
    bool is_sure;
};

// One way to read a phrase.
struct Substitution {
    std::vector<Word> words;
    double weight;
    bool is_sure;
    long choice;
};

using Substitutions = std::vector<Substitution>;

// What a run of words is to the channel.
struct Role {
    bool is_long;    // a long original
    bool is_prefix;  // the beginning of one
};

class Channel {
public:
    // `channel` is borrowed; the words are those of `language`.
    Channel(PyObject* channel, std::shared_ptr<Language> language);

    std::shared_ptr<const Form> form(Word written);
    std::shared_ptr<const Substitutions> substitutions(long phrase);
    // Whether any long original begins with these two words.
    bool begins(Word first, Word second) { return pairs(first, second) != nullptr; }
    // Of `size` words from `words` on.
    Role role(const Word* words, std::size_t size);

    const std::shared_ptr<Language> language;

private:
    // The role of two words; nullptr where they are neither.
    const Role* pairs(Word first, Word second);
    std::vector<Word> split(PyObject* lm_form);

    Ref lm_form_, replaced_, substitutions_, pairs_, long_originals_, prefixes_;
    double sure_;
    std::vector<std::shared_ptr<const Form>> forms_;
    std::unordered_map<long, std::shared_ptr<const Substitutions>> by_phrase_;
    std::vector<bool> are_pairs_read_;  // by the first word
    std::unordered_map<std::uint64_t, Role> by_pair_;
    std::unordered_map<std::string, Role> by_run_;  // of three words and more
};

}  // namespace unspin
