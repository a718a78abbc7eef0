// The module unspin._core: nothing but the list of what the other files define.

#include "core.h"

namespace {

PyMethodDef methods[] = {
    unspin::fold_method,
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
    types->language_model = add_type(module, &unspin::language_spec);
    types->lattice = add_type(module, &unspin::lattice_spec);
    types->decoder = add_type(module, &unspin::decoder_spec);
    return types->language_model && types->lattice && types->decoder ? 0 : -1;
}

int clear(PyObject* module) {
    auto* types = static_cast<unspin::Types*>(PyModule_GetState(module));
    Py_CLEAR(types->language_model);
    Py_CLEAR(types->lattice);
    Py_CLEAR(types->decoder);
    return 0;
}

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(fill)},
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},  // nothing here is kept between two calls but what an object of the caller holds
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
    nullptr,
    clear,
    nullptr,
};

}  // namespace

PyMODINIT_FUNC PyInit__core() { return PyModuleDef_Init(&definition); }
