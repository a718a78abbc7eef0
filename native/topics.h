// How well words fit what a text is about.

#pragma once

#include "objects.h"

#include <optional>

namespace unspin {

// unspin.english.topics.TextTopic.fit, of a native TextTopic.
std::optional<double> topic_fit(PyObject* text_topic, Py_ssize_t first, Py_ssize_t last, PyObject* phrase,
                                PyObject* plain);

}  // namespace unspin
