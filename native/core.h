// What the files of the extension share. Each file is one idea; module.cpp puts them together.
//
// Every function here has a twin in Python, named in the comment at its head, that gives the same answers: the twin is
// what runs where no compiler was at hand, and says what the function means. tests/test_core.py holds both against
// each other.

#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

namespace unspin {

// fold.cpp
extern PyMethodDef fold_method;

// language.cpp, decoder.cpp
extern PyType_Spec language_spec, lattice_spec, decoder_spec;

// The classes of one module object.
struct Types {
    PyTypeObject *language_model, *lattice, *decoder;
};

}  // namespace unspin
