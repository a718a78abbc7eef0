// How well words fit what a text is about.

#pragma once

#include "objects.h"

#include <optional>
#include <vector>

namespace unspin {

// unspin.english.topics.TextTopic.fit, of a native TextTopic, for each of some phrases that may stand at a place.
std::vector<std::optional<double>> topic_fits(PyObject* text_topic, Py_ssize_t first, Py_ssize_t last, PyObject* phrase,
                                              const std::vector<Ref>& plains);

}  // namespace unspin
