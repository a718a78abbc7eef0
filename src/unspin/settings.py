"""Settings: what `[tool.unspin]` of a pyproject.toml, or an unspin.toml, may say; the command line wins.

One table is the source of all: names, types and meanings of the dataclass make the reader, its errors, the JSON schema
that is shipped and the page on configuration.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from unspin.errors import RuleError, SettingsError, did_you_mean

_FILES = ("unspin.toml", "pyproject.toml")
_TABLE = b"[tool.unspin"


class _Kind(NamedTuple):
    """A type of settings.

    Attributes:
        schema: its JSON schema.
        wanted: what a value must be, for messages.
        is_of: whether a value, as TOML has it, is of the type.
    """

    schema: dict[str, Any]
    wanted: str
    is_of: Callable[[Any], bool]


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}

_KINDS = {
    "list": _Kind(_TEXTS, "a list of texts", _is_list),
    "float": _Kind(
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        "a number between 0 and 1",
        lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1,
    ),
    "bool": _Kind({"type": "boolean"}, "true or false", lambda value: isinstance(value, bool)),
    "str": _Kind({"type": "string"}, "a text", lambda value: isinstance(value, str)),
    "repair or flag": _Kind({"enum": ["repair", "flag"]}, "repair or flag", lambda value: value in ("repair", "flag")),
    "map of lists": _Kind(
        {"type": "object", "additionalProperties": _TEXTS},
        "a table of lists of texts",
        lambda value: isinstance(value, dict) and all(map(_is_list, value.values())),
    ),
    "map of texts": _Kind(
        {"type": "object", "additionalProperties": {"type": "string"}},
        "a table of texts",
        lambda value: isinstance(value, dict) and all(isinstance(item, str) for item in value.values()),
    ),
}
"""Name of a type, as the page on configuration has it -> what it is."""


def _about(kind: str, meaning: str) -> dict[str, str]:
    return {"type": kind, "help": meaning}


@dataclass(frozen=True)
class Settings:
    """How texts are repaired and files are chosen. In the file, names have hyphens in place of underscores."""

    select: tuple[str, ...] = field(
        default=(), metadata=_about("list", "Stages, rule ids, or beginnings of ids, that alone are applied.")
    )
    extend: tuple[str, ...] = field(
        default=(), metadata=_about("list", "What is off by default and is to run as well, such as encoding/quotes.")
    )
    ignore: tuple[str, ...] = field(
        default=(), metadata=_about("list", "Stages, rule ids, or beginnings of ids, that are left out.")
    )
    rules: tuple[str, ...] = field(
        default=(), metadata=_about("list", "Folders of your own rules, relative to the file with the settings.")
    )
    confidence: float = field(
        default=0.5,
        metadata=_about("float", "Probability from which an edit of spun text is made: .5 is balanced, .8 careful."),
    )
    spun: str = field(
        default="repair",
        metadata=_about("repair or flag", "What is done about spun text: it is repaired, or only reported."),
    )
    web: bool = field(default=False, metadata=_about("bool", "Take out what is left of the page."))
    spelling: bool = field(default=False, metadata=_about("bool", "Correct spelling."))
    words: tuple[str, ...] = field(
        default=(), metadata=_about("list", "Words that are right, whatever the spelling stage thinks.")
    )
    model: str = field(
        default="",
        metadata=_about("str", "File of counts of your own clean text (unspin learn), relative to this file."),
    )
    rescorer: str = field(
        default="",
        metadata=_about(
            "str",
            "Causal language model that chooses what is left open in spun text: a GGUF file, a folder, or a name.",
        ),
    )
    language: str = field(
        default="auto",
        metadata=_about("str", "Language of all texts, as a code such as en or pt-BR; auto tells it by each passage."),
    )
    language_field: str = field(
        default="", metadata=_about("str", "Field of records that says which language they are in, where one does.")
    )
    text_fields: tuple[str, ...] = field(
        default=(), metadata=_about("list", "Fields of records that hold texts, dotted for fields of fields.")
    )
    exclude: tuple[str, ...] = field(
        default=(), metadata=_about("list", "Files and folders to pass over, as in a .gitignore.")
    )
    force_exclude: bool = field(
        default=False, metadata=_about("bool", "Pass over excluded files even where the command line names them.")
    )
    gitignore: bool = field(
        default=True,
        metadata=_about("bool", "Pass over what .gitignore files ignore; false where they name your data."),
    )
    per_file_ignores: dict[str, list[str]] = field(
        default_factory=dict,
        metadata=_about("map of lists", "Pattern of files -> stages, rule ids or beginnings of ids, left out in them."),
    )
    ignore_phrases: dict[str, str] = field(
        default_factory=dict, metadata=_about("map of texts", "Phrase that is never touched -> the reason.")
    )
    baseline: str = field(
        default="", metadata=_about("str", "File of findings that are known and do not count, relative to this file.")
    )
    root: Path = field(default=Path(), metadata=_about("", "The folder of the file; it is no setting."))

    def merged(self, **given: Any) -> Settings:
        """These settings with those of the command line, where one was given; lists are added to.

        Raises:
            SettingsError: there is no setting of a name.
        """
        changed: dict[str, Any] = {}
        known_names = [f.name for f in fields(self)]
        for name, value in given.items():
            if name not in known_names:
                raise SettingsError(f"unknown setting {name!r}{did_you_mean(name, known_names)}")
            if value is None or value in ([], ()):
                continue
            known = getattr(self, name)
            added = name in ("extend", "ignore", "rules", "exclude", "words") and isinstance(known, tuple)
            changed[name] = (*known, *value) if added else tuple(value) if isinstance(known, tuple) else value
        return replace(self, **changed)

    def dumped(self) -> str:
        """The settings as TOML."""
        lines = ["[tool.unspin]"]
        tables = []
        for name, kind, _ in described():
            value = getattr(self, name.replace("-", "_"))
            if kind.startswith("map"):
                tables += ["", f"[tool.unspin.{name}]", *(f"{_toml(key)} = {_toml(v)}" for key, v in value.items())]
            else:
                lines.append(f"{name} = {_toml(value)}")
        return "\n".join([*lines, *tables]) + "\n"


def _toml(value: Any) -> str:
    import json

    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def described() -> list[tuple[str, str, str]]:
    """(name, type, meaning) of every setting, as the file has it."""
    return [
        (f.name.replace("_", "-"), f.metadata["type"], f.metadata["help"])
        for f in fields(Settings)
        if f.metadata["type"]
    ]


def schema() -> dict[str, Any]:
    """The JSON schema of the table `tool.unspin`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "unspin",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {"description": meaning, **_KINDS[kind].schema} for name, kind, meaning in described()},
    }


def find(start: Path) -> Path | None:
    """The nearest file with settings, in a folder or those above it."""
    folder = start.resolve()
    for parent in (folder, *folder.parents):
        for name in _FILES:
            path = parent / name
            if path.is_file() and (name == "unspin.toml" or _TABLE in path.read_bytes()):
                return path
    return None


def load(path: Path | None) -> Settings:
    """The settings of a file; the defaults where there is none.

    Raises:
        SettingsError: naming file and line, for what cannot be read or is not known.
    """
    if path is None:
        return Settings()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not read: {error}") from None
    return parsed(text, path)


def parsed(text: str, path: Path) -> Settings:
    """The settings of a text.

    Args:
        text: TOML.
        path: where it comes from, for messages and for paths that it holds.

    Raises:
        SettingsError: naming file and line, for what is not known.
    """
    from unspin.rulebook.parsing import load_toml

    try:
        table = load_toml(path, text)
    except RuleError as error:
        raise SettingsError(str(error)) from None
    if path.name == "pyproject.toml" or "tool" in table:
        tool = table.get("tool", {})
        found = tool.get("unspin", {}) if isinstance(tool, dict) else None
        if not isinstance(found, dict):
            raise SettingsError(f"{path}:{_line(text, 'tool')}: tool.unspin is a table: write [tool.unspin]")
        table = found
    known = {name: kind for name, kind, _ in described()}
    given: dict[str, Any] = {}
    for name, value in table.items():
        here = f"{path}:{_line(text, name)}"
        if name not in known:
            raise SettingsError(f"{here}: unknown setting {name!r}{did_you_mean(name, known)}")
        given[name.replace("-", "_")] = _checked(here, name, known[name], value)
    folder = path.resolve().parent
    given["rules"] = tuple(str(folder / rules) for rules in given.get("rules", ()))
    for name in ("baseline", "model"):
        if given.get(name):
            given[name] = str(folder / given[name])
    return Settings(**given, root=folder)


def _line(text: str, name: str) -> int:
    found = re.search(rf"(?m)^\s*\[?(?:tool\.unspin\.)?[\"']?{re.escape(name)}\b", text)
    return text.count("\n", 0, found.end()) + 1 if found else 1


def _checked(here: str, name: str, kind: str, value: Any) -> Any:
    """A value of the type that a setting has, as `Settings` holds it.

    Raises:
        SettingsError: it has another.
    """
    if not _KINDS[kind].is_of(value):
        raise SettingsError(f"{here}: {name} must be {_KINDS[kind].wanted}, not {value!r}")
    return tuple(value) if kind == "list" else float(value) if kind == "float" else value
