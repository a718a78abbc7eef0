// The module unspin._core: the list of what the other files define.

#include "core.h"

namespace {

PyMethodDef methods[] = {
    unspin::fold_method,
    unspin::peak_method,
    unspin::maximal_method,
    {nullptr, nullptr, 0, nullptr},
};

bool add_type(PyObject* module, PyType_Spec& spec, PyTypeObject*& kept) {
    kept = reinterpret_cast<PyTypeObject*>(PyType_FromModuleAndSpec(module, &spec, nullptr));
    return kept != nullptr && PyModule_AddType(module, kept) == 0;
}

int add_types(PyObject* module) {
    auto* state = static_cast<unspin::State*>(PyModule_GetState(module));
    const bool added = add_type(module, unspin::matches_spec, state->matches) &&
                       add_type(module, unspin::scanner_spec, state->scanner);
    return added ? 0 : -1;
}

int traverse(PyObject* module, visitproc visit, void* arg) {
    auto* state = static_cast<unspin::State*>(PyModule_GetState(module));
    Py_VISIT(state->matches);
    Py_VISIT(state->scanner);
    return 0;
}

int clear(PyObject* module) {
    auto* state = static_cast<unspin::State*>(PyModule_GetState(module));
    Py_CLEAR(state->matches);
    Py_CLEAR(state->scanner);
    return 0;
}

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(add_types)},
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},  // no object of this module changes once it is made
#endif
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
    {0, nullptr},
};

PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "unspin._core", "Native twins of the inner loops of unspin (unspin.core).",
    sizeof(unspin::State), methods,        slots,
    traverse,              clear,          nullptr,
};

}  // namespace

PyMODINIT_FUNC PyInit__core() { return PyModuleDef_Init(&definition); }
