"""YAML 1.2 text as a tree whose every value knows its file, line and column; nothing in it is ever executed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from equipoise.errors import KeyPath, Problem, ScenarioError, shown

MAX_NODES = 300_000
MAX_DEPTH = 30
MAX_PROBLEMS = 100

Scalar = str | int | float | bool | None


class Place(NamedTuple):
    """Where something stands, line and column counted from 1."""

    file: str
    line: int
    column: int


@dataclass(slots=True, eq=False)
class Node:
    """A scalar, a mapping or a list with its place."""

    value: Scalar | dict[str, Node] | list[Node]
    at: Place
    key: Place | None = None
    """Place of the key that names it in a mapping."""

    def plain(self) -> Any:
        """The same as bare dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def child(self, key: str | int) -> Node | None:
        """What a key, an index or the id of a list's item leads to; a lone entry counts as a list of one."""
        value = self.value
        if isinstance(value, dict):
            found = value.get(str(key))
            return self if found is None and key == 0 else found
        if isinstance(value, list):
            if isinstance(key, int):
                return value[key] if 0 <= key < len(value) else None
            return next((node for node in value if node.name() == key), None)
        return None

    def name(self) -> str | None:
        """The id of an entry of a list."""
        named = self.value.get("id") if isinstance(self.value, dict) else None
        return named.value if named is not None and isinstance(named.value, str) else None


def parse(text: str, file: str) -> tuple[Node, list[Problem]]:
    """The tree of a YAML text and what is wrong with it without making it unreadable.

    Raises `ScenarioError` if it cannot be read: bad syntax, aliases, tags, too many or too deeply nested nodes.
    Time and memory are bounded by `MAX_NODES` and the length of the text.
    """
    if unprintable := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, unprintable.start()) + 1
        column = unprintable.start() - text.rfind("\n", 0, unprintable.start())
        place = Place(file, line, column)
        found = f"character U+{ord(unprintable[0]):04X} cannot stand in a text file"
        right = "plain text; is this a YAML file?"
        if "\0" in text[:4]:
            right = "a text file in the encoding UTF-8; this may be UTF-16 or UTF-32"
        raise ScenarioError([_problem(place, found, right)])
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise ScenarioError([*builder.problems, _syntax(error, file)]) from None
    if builder.root is None:
        right = "a scenario; `equipoise new` writes one to start from"
        raise ScenarioError([_problem(Place(file, 1, 1), "the file is empty", right)])
    if builder.fatal:
        raise ScenarioError(builder.problems)
    return builder.root, builder.problems


def find(root: Node, path: KeyPath, *, of_key: bool = False) -> tuple[Place, KeyPath]:
    """The place a path leads to, as far as it can be followed, and the path as the author wrote it.

    The place is that of a scalar itself but of the key of anything larger. An item of a list is called by its id
    if it has one that is unique.
    """
    node, walked = root, []
    for key in path:
        child = node.child(key)
        if child is None:
            of_key = False
            break
        if child is not node:
            walked.append(_written(node, key))
        node = child
    large = isinstance(node.value, dict | list)
    return (node.key if node.key and (of_key or large) else node.at), tuple(walked)


def _written(node: Node, key: str | int) -> str | int:
    if isinstance(node.value, list) and isinstance(key, int):
        name = node.value[key].name()
        if name is not None and sum(item.name() == name for item in node.value) == 1:
            return name
    return key


_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
# Nor may anything change the direction of writing, by which a line would read otherwise than it is.
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
}


def scalar(text: str) -> Scalar:
    """What an unquoted text stands for under the core schema of YAML 1.2: yes, no, on and off are text."""
    if text in _WORDS:
        return _WORDS[text]
    # Longer than any sensible number: reading it as one could take for ever.
    if len(text) > 40 or text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    return float(text) if _FLOAT.fullmatch(text) else text


class _Builder:
    """Takes parser events one by one, without recursion, so that depth cannot overflow any stack."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.fatal = False
        self._nodes = 0
        self._open: list[Node] = []
        self._key: list[tuple[str, Place] | None] = []

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._tagless(event)
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._tagless(event)
            self._start(Node({} if isinstance(event, yaml.MappingStartEvent) else [], self._place(event)))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._key.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"an alias *{shown(event.anchor)[1:-1]}", "the thing itself, written out")
            self._scalar(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise ScenarioError([_problem(self._place(event), "a second document in one file", "one scenario a file")])

    def _start(self, node: Node) -> None:
        if self._open and isinstance(self._open[-1].value, dict) and self._key[-1] is None:
            found = "a key that is itself a mapping or a list"
            raise ScenarioError([*self.problems, _problem(node.at, found, "a name followed by a colon")])
        self._add(node)
        self._open.append(node)
        self._key.append(None)
        if len(self._open) > MAX_DEPTH:
            found = f"more than {MAX_DEPTH} levels of nesting"
            raise ScenarioError([*self.problems, _problem(node.at, found, "a scenario, which needs fewer than ten")])

    def _scalar(self, event: Any) -> None:
        place = self._place(event)
        if self._open and isinstance(self._open[-1].value, dict) and self._key[-1] is None:
            self._key[-1] = (getattr(event, "value", ""), place)
            return
        if isinstance(event, yaml.AliasEvent):
            value: Scalar = None
        else:
            value = scalar(event.value) if event.implicit[0] and not event.style else event.value
        self._add(Node(value, place))

    def _add(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            found = f"more than {MAX_NODES:,} entries"
            raise ScenarioError([*self.problems, _problem(node.at, found, "a smaller model")])
        if not self._open:
            self.root = node
            return
        into = self._open[-1].value
        if isinstance(into, list):
            into.append(node)
            return
        assert isinstance(into, dict)  # only collections are ever open
        named = self._key[-1]
        assert named is not None  # a value follows its key
        self._key[-1] = None
        key, node.key = named
        if key in into:
            first = into[key].key
            found = f"the key {shown(key)} for the second time (the first is in line {first.line if first else '?'})"
            self._note(_problem(node.key, found, "every key once"))
        else:
            into[key] = node

    def _tagless(self, event: Any) -> None:
        if event.tag is not None:
            self._refuse(event, f"a tag {shown(event.tag)}", "no tag: what a value is follows from where it stands")
        if event.anchor is not None:
            right = "no anchor: write things out, or put what is shared into a file and `extend` it"
            self._refuse(event, f"an anchor &{shown(event.anchor)[1:-1]}", right)

    def _refuse(self, event: Any, found: str, right: str) -> None:
        self.fatal = True
        self._note(_problem(self._place(event), found, right))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) > MAX_PROBLEMS:
            raise ScenarioError(self.problems)

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)


def _problem(place: Place, found: str, right: str) -> Problem:
    return Problem(found, right, file=place.file, line=place.line, column=place.column)


_HINTS = (
    ("cannot start any token", "spaces, not tabs, for indentation, and quotes around text with special characters"),
    ("mapping values are not allowed", "one `key: value` on a line; text that contains a colon goes in quotes"),
    ("unexpected end of stream", "a closing quote, bracket or brace"),
    ("could not find expected ':'", "`key: value` with a colon and a space, indented like its neighbours"),
    ("did not find expected <document start>", "a space after every colon, and no line that is neither key nor entry"),
    ("did not find expected key", "keys of one mapping that start in the same column, and every bracket closed"),
    ("did not find expected '-' indicator", "items of one list that start with `- ` in the same column"),
    ("did not find expected ',' or", "commas between entries, and every quote, bracket and brace closed"),
    ("unknown escape character", "single quotes around text with backslashes"),
)


def _syntax(error: Any, file: str) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError):
        return _problem(Place(file, 1, 1), f"this is not YAML: {error}", "a text file of `key: value` lines")
    mark = error.problem_mark or error.context_mark
    if "end of stream" in str(error.problem):
        mark = error.context_mark or mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    right = next((hint for words, hint in _HINTS if words in str(error.problem)), "`key: value` lines, evenly indented")
    context = f" {error.context}" if error.context else ""
    since = ""
    if error.context_mark and mark and error.context_mark.line != mark.line:
        since = f" (begun in line {error.context_mark.line + 1})"
    return _problem(place, f"this is not YAML: {error.problem}{context}{since}", right)
