"""The native twins; what each does is said by the one in Python that is named."""

def fold_text(text: str) -> tuple[bytes, tuple[list[int], list[int]] | None]:
    """`unspin.rulebook.scanner.fold_text`."""
