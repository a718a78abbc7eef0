// The module unspin._core: the list of what the other files define.

#include "core.h"

#include <utility>

namespace {

PyMethodDef methods[] = {
    unspin::fold_method,
    unspin::peak_method,
    unspin::loud_method,
    unspin::maximal_method,
    unspin::signs_method,
    unspin::spaced_method,
    unspin::words_method,
    unspin::restarts_method,
    unspin::located_method,
    unspin::sentence_sums_method,
    unspin::substitutions_made_method,
    unspin::substitution_factors_method,
    unspin::ascii_words_method,
    unspin::topic_factors_method,
    unspin::chain_method,
    {nullptr, nullptr, 0, nullptr},
};

PyTypeObject* add_type(PyObject* module, PyType_Spec* spec) {
    PyObject* type = PyType_FromModuleAndSpec(module, spec, nullptr);
    if (type == nullptr || PyModule_AddType(module, reinterpret_cast<PyTypeObject*>(type)) < 0) {
        Py_XDECREF(type);
        return nullptr;
    }
    return reinterpret_cast<PyTypeObject*>(type);
}

int fill(PyObject* module) {
    auto* types = static_cast<unspin::Types*>(PyModule_GetState(module));
    const std::pair<PyTypeObject**, PyType_Spec*> specs[] = {
        {&types->matches, &unspin::matches_spec},         {&types->scanner, &unspin::scanner_spec},
        {&types->lookup, &unspin::lookup_spec},           {&types->needles, &unspin::needles_spec},
        {&types->language_model, &unspin::language_spec}, {&types->lattice, &unspin::lattice_spec},
        {&types->decoder, &unspin::decoder_spec},         {&types->topics, &unspin::topics_spec},
        {&types->text_topic, &unspin::text_topic_spec},   {&types->term_reader, &unspin::term_reader_spec},
        {&types->solution, &unspin::solution_spec},       {&types->outcomes, &unspin::outcomes_spec},
    };
    for (const auto& [type, spec] : specs) {
        *type = add_type(module, spec);
        if (*type == nullptr) return -1;
    }
    return 0;
}

// The collector of cycles asks, and unties: the module holds its classes, and they hold the module.
int traverse(PyObject* module, visitproc visit, void* arg) {
    auto* types = static_cast<unspin::Types*>(PyModule_GetState(module));
    Py_VISIT(types->matches);
    Py_VISIT(types->scanner);
    Py_VISIT(types->lookup);
    Py_VISIT(types->needles);
    Py_VISIT(types->language_model);
    Py_VISIT(types->lattice);
    Py_VISIT(types->decoder);
    Py_VISIT(types->topics);
    Py_VISIT(types->text_topic);
    Py_VISIT(types->term_reader);
    Py_VISIT(types->solution);
    Py_VISIT(types->outcomes);
    return 0;
}

int clear(PyObject* module) {
    auto* types = static_cast<unspin::Types*>(PyModule_GetState(module));
    Py_CLEAR(types->matches);
    Py_CLEAR(types->scanner);
    Py_CLEAR(types->lookup);
    Py_CLEAR(types->needles);
    Py_CLEAR(types->language_model);
    Py_CLEAR(types->lattice);
    Py_CLEAR(types->decoder);
    Py_CLEAR(types->topics);
    Py_CLEAR(types->text_topic);
    Py_CLEAR(types->term_reader);
    Py_CLEAR(types->solution);
    Py_CLEAR(types->outcomes);
    return 0;
}

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(fill)},
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},  // what changes an object enters it first (objects.h)
#endif
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, nullptr},
};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    "unspin._core",
    "Native twins of the inner loops of unspin (unspin.core).",
    sizeof(unspin::Types),
    methods,
    slots,
    traverse,
    clear,
    nullptr,
};

}  // namespace

PyMODINIT_FUNC PyInit__core() { return PyModuleDef_Init(&definition); }
