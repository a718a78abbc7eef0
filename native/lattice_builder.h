// Builds the lattice of a segment. Twin: unspin.spun.decoder.Decoder (_start, _step, _state, _build).

#pragma once

#include "channel.h"

namespace unspin {

// A candidate phrase, in words: the first, and one past the last.
struct Span {
    long first, last, phrase;
};

// What a segment needs of the words before it: the last two, or a longer beginning of an original.
std::vector<Word> start(Channel& channel, const std::vector<Word>& previous);

// All readings of some words.
//   behind: from `start`.
//   spans: the candidates among them, sorted, in words counted from the first.
Lattice build(const std::shared_ptr<Channel>& channel, const std::vector<Word>& behind,
              const std::vector<Word>& words, const std::vector<Span>& spans);

}  // namespace unspin
