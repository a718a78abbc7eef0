"""How the Problematic Paper Screener writes what it looks for, and what that should have been."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

_OPERATORS = ("AND", "OR", "NOT")
_ANY_OPERATOR = re.compile(rf'"|\b(?:{"|".join(_OPERATORS)})\b')
_TOKEN = re.compile(
    r'\s*(?:(?P<sign>[()])|"(?P<quoted>[^"]*)"(?:~(?P<within>[0-9]{1,3}))?|(?P<bare>[^\s()"]+)|(?P<stray>"))'
)
_BARE = re.compile(r"(?P<text>.*?)(?:~(?P<within>[0-9]{1,3}))?")
_REMARK = re.compile(r"\([^()]*\)")
_LINK = re.compile(r"://|\bwww\.|\w\.(?:com|edu|net|org)\b", re.IGNORECASE)
_DEEPEST = 4
"""Parentheses inside each other; no query of the screener comes near it."""


class Doubtful(ValueError):
    """Why a row of the screener makes no rule, in words for whoever reviews it."""


class Fingerprint(NamedTuple):
    """One phrase that a query looks for.

    Attributes:
        phrase: as it is written, with single spaces.
        within: 0, or the number of words that may lie between the words of the phrase, in any order.
        guards: what else the document must hold, each in the syntax of the fifth column of a rule file.
    """

    phrase: str
    within: int
    guards: tuple[str, ...]


class _Term(NamedTuple):
    text: str
    within: int
    quoted: bool


class _Group(NamedTuple):
    joint: str  # AND or OR
    parts: list[tuple[bool, _Term | _Group]]  # whether it must be absent, and what


def fingerprints(query: str) -> list[Fingerprint]:
    """The phrases that a query looks for, several where it joins them by OR.

    The first phrase, or the bare words before the first operator, is the phrase; what AND and NOT add is its guard.
    Bare words side by side are one phrase; without an operator or a quote the whole query is.

    >>> fingerprints('"bosom peril" AND (breast OR "mammary gland") NOT milk*')
    [Fingerprint(phrase='bosom peril', within=0, guards=('(breast OR "mammary gland")', 'NOT milk*'))]

    Raises:
        Doubtful: the query is malformed, or asks for what no rule can say.
    """
    if not query.strip():
        raise Doubtful("no query")
    query = re.sub("[“”„]", '"', query)
    if not _ANY_OPERATOR.search(query):
        found = [_fingerprint(_term(query), ())]
    else:
        tokens = _tokens(query)
        found = list(_alternatives(_expression(tokens), ()))
        if tokens:
            raise Doubtful("a parenthesis without its partner")
    return list(dict.fromkeys(found))


def expected_terms(cell: str, phrase: str) -> list[str]:
    """The terms that the screener expects for a phrase, in its order.

    What parts them is `;`, `|`, `/` or "or", where the phrase does not hold the same. A slash between the first or the
    last words of a term stands for two terms, each as long as the phrase.

    >>> expected_terms("fog/cloud computing; edge computing (by Cisco)", "haze figuring")
    ['fog computing', 'cloud computing', 'edge computing']

    Raises:
        Doubtful: there is none, or it cannot be distinguished from remarks.
    """
    if "?" in cell:
        raise Doubtful("a question mark in the expected term")
    cell = " ".join(_REMARK.sub(" ", cell).split())
    if _LINK.search(cell):
        raise Doubtful("a link in the expected term")
    found = [term for part in re.split(r"[;|]| / ", cell) for term in _joined(part, phrase)]
    if not found:
        raise Doubtful("no expected term")
    return found


def _joined(part: str, phrase: str) -> list[str]:
    length = len(phrase.split())
    slashed = "/" in part and "/" not in phrase
    for joint in ("/", " or ", " OR "):
        if joint.lower() not in phrase.lower():
            part = part.replace(joint, "|")
    part = re.sub(r" ?\|[| ]*", "|", part).strip("| ")
    terms = part.split("|") if part else []
    sizes = {len(term.split()) for term in terms}
    # Of a slash inside longer terms ("secret customer/user data") it takes the phrase to tell how far it reaches.
    if len(sizes) <= 1 and (not slashed or sizes <= {1, length}):
        return terms
    if any(term.isupper() and " " not in term for term in terms):  # an acronym is a term of its own
        return terms
    words = [word.split("|") for word in part.split(" ")]
    choices = [i for i, word in enumerate(words) if len(word) > 1]
    if choices not in ([0], [len(words) - 1]) or len(words) != length:
        raise Doubtful("unclear which words a slash or an “or” joins in the expected term")
    at = choices[0]
    return [" ".join(word[0] if i != at else choice for i, word in enumerate(words)) for choice in words[at]]


def near(phrase: str, within: int) -> str:
    """The guard that asks for all words of `phrase` within so many words of where a rule applies.

    Raises:
        Doubtful: the phrase holds characters that mean something else in a guard.
    """
    return _guard(_Term(phrase, within, True))


def _term(bare: str) -> _Term:
    match = _BARE.fullmatch(" ".join(bare.split()))
    assert match is not None
    return _Term(match["text"], int(match["within"] or 0), False)


def _tokens(query: str) -> deque[str | _Term]:
    """Operators and parentheses as they are, terms as such."""
    tokens: deque[str | _Term] = deque()
    words: list[str] = []  # bare ones side by side
    for match in _TOKEN.finditer(query.rstrip()):
        if match["stray"]:
            raise Doubtful("a quotation mark without its partner")
        if match["bare"] and match["bare"] not in _OPERATORS:
            words.append(match["bare"])
            continue
        if words:
            tokens.append(_term(" ".join(words)))
            words = []
        if match["quoted"] is not None:
            tokens.append(_Term(" ".join(match["quoted"].split()), int(match["within"] or 0), True))
        else:
            tokens.append(match["sign"] or match["bare"])
    if words:
        tokens.append(_term(" ".join(words)))
    return tokens


def _expression(tokens: deque[str | _Term], depth: int = 0) -> _Term | _Group:
    """What stands before the end or the next closing parenthesis; takes it from `tokens`."""
    parts: list[tuple[bool, _Term | _Group]] = []
    joint = ""
    while True:
        absent = bool(tokens) and tokens[0] == "NOT"
        if absent:
            tokens.popleft()
        token: str | _Term | _Group = tokens.popleft() if tokens else "the end"
        if token == "(" and depth < _DEEPEST:
            token = _expression(tokens, depth + 1)
            if not tokens or tokens.popleft() != ")":
                raise Doubtful("a parenthesis without its partner")
        if isinstance(token, str):
            raise Doubtful(f"{token} where a phrase should stand")
        parts.append((absent, token))
        if not tokens or tokens[0] == ")":
            return token if len(parts) == 1 and not absent else _Group(joint or "AND", parts)
        operator = tokens[0]
        if operator not in _OPERATORS:
            raise Doubtful(f"no operator before {operator.text if isinstance(operator, _Term) else operator}")
        if operator != "NOT":  # which stays, to be seen above: `a NOT b` is `a AND NOT b`
            tokens.popleft()
        wanted = "OR" if operator == "OR" else "AND"
        if joint not in ("", wanted):
            raise Doubtful("AND and OR side by side; parentheses would tell which belongs to which")
        joint = wanted


def _alternatives(node: _Term | _Group, guards: tuple[str, ...]) -> Iterator[Fingerprint]:
    if isinstance(node, _Term):
        yield _fingerprint(node, guards)
        return
    phrases = node.parts if node.joint == "OR" else node.parts[:1]
    if any(absent for absent, _ in phrases):
        raise Doubtful("NOT before the phrase itself")
    if node.joint == "AND":
        guards = (*(guard for absent, part in node.parts[1:] for guard in _guards(absent, part)), *guards)
    for _, part in phrases:
        yield from _alternatives(part, guards)


def _fingerprint(term: _Term, guards: tuple[str, ...]) -> Fingerprint:
    if "*" in term.text:
        raise Doubtful("a wildcard in the phrase; write a row for each form")
    if not term.text:
        raise Doubtful("an empty phrase")
    return Fingerprint(term.text, term.within, guards)


def _guards(absent: bool, node: _Term | _Group) -> Iterator[str]:
    """One part of a query as guards that are joined by AND."""
    sign = "NOT " if absent else ""
    if isinstance(node, _Term):
        yield sign + _guard(node)
    elif node.joint == "OR":
        terms = [_guard(part) for no, part in node.parts if isinstance(part, _Term) and not no]
        if len(terms) < len(node.parts):
            raise Doubtful("a guard too complicated for a rule: an OR of more than phrases")
        yield f"{sign}({' OR '.join(terms)})"
    elif absent:
        raise Doubtful("a guard too complicated for a rule: NOT before several phrases joined by AND")
    else:
        for no, part in node.parts:
            yield from _guards(no, part)


def _guard(term: _Term) -> str:
    stem = term.text.removesuffix("*")
    # A star elsewhere would be passed over, a bar or a tilde inside be taken for an operator.
    if "*" in stem or (stem != term.text and (term.within or not stem[-1:].isalnum())):
        raise Doubtful(f"a wildcard that is not the end of a word or phrase: {term.text}")
    if not any(map(str.isalnum, stem)) or "|" in stem or "~" in stem:
        raise Doubtful(f"a guard that is no word or phrase: {term.text or 'nothing'}")
    if not term.quoted and not term.within and " " not in term.text:
        return term.text
    return f'"{term.text}"' + (f"~{term.within}" if term.within else "")
