"""Files of the graph model's own tools (`.gmcr`, JSON): reading with located errors, and writing.

The form: `options` [{name, permittedDirection: both | fwd | back}]; `decisionMakers` [{name, options: [index],
preferences: [condition], preferenceRanking}]; `infeasibles` [condition]; `useManualPreferenceRanking`; `coalitions`,
which must partition the decision makers. A condition is [[option index, "Y" | "N"], ...], or {"compound": true,
"members": [condition, ...]}, which holds if one of its members does. Preferences run from most to least important. A
ranking runs from best to worst; its entries are numbers of states, a nested list is a tie. A state's number is its
rank, from 1, among the feasible states by the sum of 2^k over the options taken, k counting the options after they are
regrouped by decision maker. Older files say `preferenceVector` and `useManualPreferenceVectors` instead. Other
keys are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from equipoise.errors import KeyPath, Problem, RequestError, ScenarioError, nearest, shown, told
from equipoise.scenario.files import read_text
from equipoise.scenario.nodes import Node, parse
from equipoise.stability.conflict import Clause, Conflict, DecisionMaker, Option, Order, Statement

DIRECTIONS = ("both", "fwd", "back")
MAX_MAKERS = 64


def read_gmcr(path: str | Path) -> Conflict:
    """The conflict in a `.gmcr` file. Raises `ScenarioError` with every problem, each with its place in the file."""
    return parse_gmcr(read_text(Path(path)), str(path))


def parse_gmcr(text: str, name: str = "<text>") -> Conflict:
    """The conflict in a text; errors as in `read_gmcr`."""
    # JSON may be indented by tabs, which YAML, of which it otherwise is a part, may not.
    root, problems = parse(text.replace("\t", " "), name)
    reader = _Reader(problems)
    conflict = reader.conflict(root)
    if conflict is not None and not reader.problems:
        try:
            conflict.ranking()
        except RequestError as fault:
            message, _, right = str(fault).partition("; right would be ")
            reader.wrong(root.child("decisionMakers") or root, message, right or "a ranking of all states")
    if conflict is None or reader.problems:
        raise ScenarioError(reader.problems)
    return conflict


def to_gmcr(conflict: Conflict) -> str:
    """The text of a `.gmcr` file, which reads as the same conflict."""
    data = {
        "version": "1.0",
        "options": [{"name": o.name, "permittedDirection": o.direction} for o in conflict.options],
        "decisionMakers": [
            {
                "name": maker.name,
                "options": list(maker.options),
                "preferences": [_written(statement) for statement in maker.preferences],
                "preferenceRanking": [e if isinstance(e, int) else list(e) for e in maker.ranking],
            }
            for maker in conflict.decision_makers
        ],
        "infeasibles": [_written(statement) for statement in conflict.infeasible],
        "useManualPreferenceRanking": conflict.manual,
        "coalitions": [group[0] if len(group) == 1 else list(group) for group in conflict.coalitions]
        or list(range(len(conflict.decision_makers))),
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _written(statement: Statement) -> Any:
    clauses = [[[option, "Y" if taken else "N"] for option, taken in clause] for clause in statement]
    return clauses[0] if len(clauses) == 1 else {"compound": True, "members": clauses}


def _either(node: Node, key: str, old: str) -> str:
    """The key that a mapping has, the present one if it has neither."""
    return old if isinstance(node.value, dict) and key not in node.value and old in node.value else key


class _Reader:
    def __init__(self, problems: list[Problem]) -> None:
        self.problems = list(problems)

    def wrong(self, node: Node, found: str, right: str, path: KeyPath = (), meant: str | None = None) -> None:
        self.problems.append(Problem(found, right, path, meant, node.at.file, node.at.line, node.at.column))

    def conflict(self, root: Node) -> Conflict | None:
        if not isinstance(root.value, dict):
            self.wrong(root, f"{told(root.plain())} instead of a conflict", "an object with options and decisionMakers")
            return None
        options = tuple(self._each(root, "options", self._option, needed=True))
        makers = tuple(self._each(root, "decisionMakers", lambda n, p: self._maker(n, p, len(options)), needed=True))
        infeasible = tuple(self._each(root, "infeasibles", lambda n, p: self._statement(n, p, len(options))))
        key = _either(root, "useManualPreferenceRanking", "useManualPreferenceVectors")
        manual = root.value.get(key)
        if manual is not None and not isinstance(manual.value, bool):
            self.wrong(manual, told(manual.plain()), "true or false", (key,))
        self._owners(root, makers, options)
        groups = self._coalitions(root, len(makers))
        return Conflict(options, makers, infeasible, manual is not None and manual.value is True, groups)

    def _each(
        self, parent: Node, key: str, read: Callable[[Node, KeyPath], Any], path: KeyPath = (), *, needed: bool = False
    ) -> Iterator[Any]:
        """What ``read`` makes of the entries of a list under a key; those that are None are left out."""
        assert isinstance(parent.value, dict)
        node = parent.value.get(key)
        if node is None:
            if needed:
                meant = nearest(key, parent.value)
                self.wrong(parent, f"no {key}", f"a list `{key}`", (*path, key), meant)
            return
        if not isinstance(node.value, list):
            self.wrong(node, told(node.plain()), "a list", (*path, key))
            return
        for i, item in enumerate(node.value):
            made = read(item, (*path, key, i))
            if made is not None:
                yield made

    def _name(self, node: Node, path: KeyPath) -> str:
        name = node.value.get("name") if isinstance(node.value, dict) else None
        if name is None or not isinstance(name.value, str) or not name.value.strip():
            self.wrong(name or node, told(name.plain()) if name else "no name", "a name", (*path, "name"))
            return "?"
        return name.value

    def _option(self, node: Node, path: KeyPath) -> Option:
        if not isinstance(node.value, dict):
            self.wrong(node, told(node.plain()), "an object with a name", path)
            return Option("?")
        allowed = node.value.get("permittedDirection")
        if allowed is not None and allowed.value not in DIRECTIONS:
            meant = nearest(str(allowed.value), DIRECTIONS)
            right = "one of both, fwd, back"
            self.wrong(allowed, told(allowed.plain()), right, (*path, "permittedDirection"), meant)
        return Option(self._name(node, path), str(allowed.value) if allowed is not None else "both")

    def _maker(self, node: Node, path: KeyPath, n_options: int) -> DecisionMaker:
        if not isinstance(node.value, dict):
            self.wrong(node, told(node.plain()), "an object with name and options", path)
            return DecisionMaker("?", ())
        return DecisionMaker(
            self._name(node, path),
            tuple(
                self._each(node, "options", lambda n, p: self._index(n, p, n_options, "an option"), path, needed=True)
            ),
            tuple(self._each(node, "preferences", lambda n, p: self._statement(n, p, n_options), path)),
            tuple(self._each(node, _either(node, "preferenceRanking", "preferenceVector"), self._rank, path)),
        )

    def _rank(self, node: Node, path: KeyPath) -> Order | int | tuple[int, ...] | None:
        if isinstance(node.value, list):
            states = [self._index(item, (*path, k), None, "a state") for k, item in enumerate(node.value)]
            return tuple(state for state in states if state is not None)
        return self._index(node, path, None, "a state")

    def _index(self, node: Node, path: KeyPath, count: int | None, what: str) -> int | None:
        """A number from 0 below ``count``, or from 1 up if there is no count."""
        low = 0 if count is not None else 1
        number = node.value
        whole = isinstance(number, int) and not isinstance(number, bool)
        if not whole or number < low or (count is not None and number >= count):  # type: ignore[operator]
            right = f"the number of {what}, from {low}" + (f" to {count - 1}" if count is not None else " up")
            self.wrong(node, told(node.plain()), right, path)
            return None
        return int(number)  # type: ignore[arg-type]

    def _statement(self, node: Node, path: KeyPath, n_options: int) -> Statement | None:
        if isinstance(node.value, dict):
            compound = node.value.get("compound")
            if compound is None or compound.value is not True:
                self.wrong(node, "an object without `compound: true`", '[[option, "Y" or "N"], ...]', path)
                return None
            read = lambda n, p: self._statement(n, p, n_options)  # noqa: E731 (as everywhere in this class)
            return tuple(c for s in self._each(node, "members", read, path, needed=True) for c in s)
        if not isinstance(node.value, list) or not node.value:
            self.wrong(node, told(node.plain()), 'a condition: [[option, "Y" or "N"], ...]', path)
            return None
        clause = [self._literal(item, (*path, k), n_options) for k, item in enumerate(node.value)]
        literals: Clause = tuple(literal for literal in clause if literal is not None)
        options = [option for option, _ in literals]
        for option in sorted({o for o in options if options.count(o) > 1}):
            self.wrong(node, f"option {option} for the second time", "every option once in a condition", path)
        return (literals,)

    def _literal(self, node: Node, path: KeyPath, n_options: int) -> tuple[int, bool] | None:
        if not isinstance(node.value, list) or len(node.value) != 2:
            self.wrong(node, told(node.plain()), 'an option with "Y" or "N": [0, "Y"]', path)
            return None
        option, taken = node.value
        index = self._index(option, (*path, 0), n_options, "an option")
        if taken.value not in ("Y", "N"):
            self.wrong(taken, told(taken.plain()), '"Y" or "N"', (*path, 1))
            return None
        return None if index is None else (index, taken.value == "Y")

    def _owners(self, root: Node, makers: tuple[DecisionMaker, ...], options: tuple[Option, ...]) -> None:
        """Every option belongs to one decision maker."""
        node = root.child("decisionMakers") or root
        owner: dict[int, str] = {}
        for maker in makers:
            for option in maker.options:
                if option in owner:
                    found = (
                        f"option {option} ({shown(options[option].name)}) belongs to {owner[option]} and {maker.name}"
                    )
                    self.wrong(node, found, "one decision maker for each option", ("decisionMakers",))
                owner.setdefault(option, maker.name)
        for k, left in enumerate(options):
            if k not in owner and not self.problems:
                found = f"option {k} ({shown(left.name)}) belongs to nobody"
                self.wrong(node, found, "one decision maker for each option", ("decisionMakers",))
        if len(makers) > MAX_MAKERS:
            self.wrong(node, f"{len(makers)} decision makers", f"at most {MAX_MAKERS}", ("decisionMakers",))

    def _coalitions(self, root: Node, n_makers: int) -> tuple[tuple[int, ...], ...]:
        def group(node: Node, path: KeyPath) -> tuple[int, ...]:
            items = node.value if isinstance(node.value, list) else [node]
            members = [self._index(item, path, n_makers, "a decision maker") for item in items]
            return tuple(member for member in members if member is not None)

        before = len(self.problems)
        groups = tuple(self._each(root, "coalitions", group))
        members = sorted(member for each in groups for member in each)
        node = root.child("coalitions")
        if groups and node is not None and len(self.problems) == before and members != list(range(n_makers)):
            right = f"every decision maker, 0 to {n_makers - 1}, in exactly one coalition"
            self.wrong(node, f"coalitions of {members}", right, ("coalitions",))
        return groups
