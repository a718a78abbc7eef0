// What the files of the extension share. Each file is one idea; module.cpp puts them together.
//
// Everything here has a twin in Python, named at the head of its file, that gives the same answers: the twin is what
// runs where no compiler was at hand, and says what the function means. tests/test_core.py holds both against each
// other.

#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

namespace unspin {

// fold.cpp, screen.cpp, signs.cpp, words.cpp, located.cpp, segment_evidence.cpp, substitution_factors.cpp,
// ascii_words.cpp, topic_factors.cpp, chain.cpp
extern PyMethodDef fold_method, peak_method, loud_method, maximal_method, signs_method, spaced_method, words_method,
    restarts_method, located_method, sentence_sums_method, substitutions_made_method, substitution_factors_method,
    ascii_words_method, topic_factors_method, chain_method;

// matches.cpp, scanner.cpp, lookup.cpp
extern PyType_Spec matches_spec, scanner_spec, lookup_spec;

// needles.cpp
extern PyType_Spec needles_spec;

// language.cpp, decoder.cpp, topics.cpp, term_reader.cpp
extern PyType_Spec language_spec, lattice_spec, decoder_spec, topics_spec, text_topic_spec, term_reader_spec;

// solution.cpp, outcomes.cpp
extern PyType_Spec solution_spec, outcomes_spec;

// The classes of one module object.
struct Types {
    PyTypeObject *matches, *scanner, *lookup, *needles, *language_model, *lattice, *decoder, *topics, *text_topic,
        *term_reader, *solution, *outcomes;
};

// For classes whose objects come from methods of others alone.
constexpr unsigned int kNotByCaller = Py_TPFLAGS_DEFAULT
#ifdef Py_TPFLAGS_DISALLOW_INSTANTIATION
                                      | Py_TPFLAGS_DISALLOW_INSTANTIATION
#endif
    ;

}  // namespace unspin
