"""The native twins; what each does is said by the one in Python that is named."""

def fold_text(text: str) -> tuple[bytes, tuple[list[int], list[int]] | None]:
    """`unspin.rulebook.scanner.fold_text`."""

class LanguageModel:
    """`unspin.english.language_model.LanguageModel`."""

class Decoder:
    """`unspin.spun.decoder.Decoder`."""

class Lattice:
    """`unspin.spun.lattice.Lattice`, as its decoder alone reads it."""

class Topics:
    """`unspin.english.topics.Topics`."""

class TextTopic:
    """`unspin.english.topics.TextTopic`."""
