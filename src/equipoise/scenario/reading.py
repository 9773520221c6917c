"""From a scenario file to a `Scenario`, or to everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from equipoise.errors import KeyPath, Problem, ScenarioError, nearest, shown, told
from equipoise.scenario.checks import check
from equipoise.scenario.faults import unknown_key
from equipoise.scenario.fields import UNWRITTEN
from equipoise.scenario.files import decode, locate, read_text, shipped, within
from equipoise.scenario.mending import mend
from equipoise.scenario.merging import REMOVABLE, merge
from equipoise.scenario.models import Scenario
from equipoise.scenario.nodes import Node, find, parse
from equipoise.scenario.shape import MORE, shape

MAX_CHAIN = 10
"""Files that may extend one another in a row."""
MAX_FILES = 50
"""Files that make up one scenario."""
MAX_ROUNDS = 4
"""Times that what is at fault is put aside to look at the rest."""


def load(source: str | Path) -> Scenario:
    """The scenario in a file, given by its path or as the name of a shipped one; `read` gives the warnings too."""
    return read(source)[0]


def loads(text: str | bytes, name: str = "<text>") -> Scenario:
    """The scenario in a text, which may extend shipped scenarios only."""
    return read_string(text, name)[0]


def read(source: str | Path) -> tuple[Scenario, tuple[Problem, ...]]:
    """The scenario in a file and the warnings about it.

    Raises `ScenarioError` with every problem found, each with file, line, column and path of keys.
    """
    return _read(_opened(source))


def read_string(text: str | bytes, name: str = "<text>") -> tuple[Scenario, tuple[Problem, ...]]:
    """The scenario in a text and the warnings about it; errors as in `read`."""
    data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    return _read(_File(decode(data, name), name, None, None))


@contextmanager
def located(source: str | Path) -> Iterator[None]:
    """Give the problems that only compiling finds their places in the file that the scenario was read from."""
    try:
        yield
    except ScenarioError as error:
        raise ScenarioError(placed(error.problems, source)) from None


def placed(problems: Iterable[Problem], source: str | Path) -> tuple[Problem, ...]:
    """Problems of the scenario that was read from a file, with their places in it, in order."""
    root, _ = _tree(_opened(source), (), set())
    return tuple(_in_order([problem if problem.line else _placed(problem, root) for problem in problems]))


def files(source: str | Path) -> tuple[Path, ...]:
    """The files that make up a scenario which was read without errors, its own first, then what it extends by path."""
    file, taken = _opened(source), set[Path]()
    _tree(file, (), taken)
    own = () if file.path is None else (file.path,)
    return (*own, *sorted(taken))


def places(source: str | Path, paths: Sequence[KeyPath]) -> tuple[tuple[str, int], ...]:
    """File and line of each path of keys in a scenario that was read without errors."""
    root, _ = _tree(_opened(source), (), set())
    found = (find(root, path)[0] for path in paths)
    return tuple((place.file, place.line) for place in found)


@dataclass(frozen=True)
class _File:
    text: str
    name: str
    """As messages call it."""
    path: Path | None
    folder: Path | None
    """What it extends must lie in here."""


def _opened(source: str | Path) -> _File:
    path = locate(source)
    return _File(read_text(path), str(path), path.resolve(), path.resolve().parent)


def _read(file: _File) -> tuple[Scenario, tuple[Problem, ...]]:
    root, problems = _tree(file, (), set())
    scenario, faults = shape(root.plain())
    lost: set[str] = set()
    respelt: set[KeyPath] = set()
    robbed: set[KeyPath] = set()
    rounds = 0
    while scenario is None and rounds < MAX_ROUNDS:
        # What stands under a key that was only taken for another may well have been meant otherwise, and what lacks
        # something may only lack what was taken out.
        own = [fault for fault in faults if not _under(fault.path, respelt) and fault.path not in robbed]
        problems += [_placed(fault, root) for fault in own]
        mended = mend(root, faults)
        lost, respelt, robbed = lost | mended.lost, respelt | mended.respelt, robbed | mended.robbed
        scenario, faults = shape(root.plain())
        rounds += 1
        # Where a whole section is lost, or more than anybody will read is wrong, there is nothing left to look at.
        if any(len(fault.path) < 2 for fault in faults) or any(p.found.endswith(MORE) for p in problems):
            break
    if scenario is not None:
        found = check(scenario)
        if rounds:
            # What is missing only because its own lines are at fault is no second mistake.
            words = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, lost))})(?![\w-])" if lost else r"(?!)")
            found = [problem for problem in found if problem.severity == "error" and not words.search(problem.found)]
        if lost & set(
            REMOVABLE
        ):  # Whatever cites an entry of a section that is lost as a whole is no mistake of its own.
            found = []
        problems += [_placed(problem, root) for problem in found]
    problems = _in_order(problems)
    if scenario is None or any(problem.severity == "error" for problem in problems):
        raise ScenarioError(problems)
    return scenario, tuple(problems)


def _tree(file: _File, children: tuple[Path, ...], taken: set[Path]) -> tuple[Node, list[Problem]]:
    """The tree of a file merged with all it extends; ``taken`` are the files extended so far, none of them twice."""
    root, problems = parse(file.text, file.name)
    if not isinstance(root.value, dict):
        right = "a mapping: `title: ...`, `actors: ...` and so on"
        raise ScenarioError([*problems, _problem(root, f"{told(root.plain())} instead of a scenario", right, ())])
    problems += _unwritten(root)
    extend = root.value.get("extend")
    if extend is None:
        if remove := root.value.pop("remove", None):
            right = "`remove` only in a file that extends another"
            problems.append(_problem(remove, "`remove` without `extend`", right, ("remove",)))
        return root, problems
    chain = children if file.path is None else (*children, file.path)
    base: Node | None = None
    for named in extend.value if isinstance(extend.value, list) and extend.value else [extend]:
        try:
            tree, more = _tree(_parent(file, named, chain, taken), chain, taken)
        except ScenarioError as error:
            raise ScenarioError([*problems, *error.problems]) from None
        problems += more
        if base is not None:
            tree, more = merge(base, tree)
            problems += more
        base = tree
    assert base is not None
    merged, wrong = merge(base, root)
    return merged, [*problems, *wrong]


def _parent(file: _File, extend: Node, chain: tuple[Path, ...], taken: set[Path]) -> _File:
    """The file that another extends, from now on among ``taken``. Raises `ScenarioError` at its name."""

    def refusal(found: str, right: str, suggestion: str | None = None) -> ScenarioError:
        return ScenarioError([_problem(extend, found, right, ("extend",), suggestion)])

    named, known = extend.value, shipped()
    if not isinstance(named, str) or not named:
        right = "the path of a file in this folder, the name of a shipped scenario, or a list of such"
        raise refusal(told(extend.plain()), right)
    if named in known:
        path, name = known[named].resolve(), str(known[named])
        folder = path.parent
    elif file.path is None or file.folder is None:
        raise refusal(f"no shipped scenario {shown(named)}", _one_of(known), nearest(named, known))
    else:
        folder, name = file.folder, str(Path(file.name).parent / named)
        try:
            path = within(named, file.path.parent, folder)
        except ValueError as error:
            right = "a relative path to a file in the folder of the scenario"
            raise refusal(f"{error}, {shown(named)}", right) from None
    if path in chain:
        raise refusal(f"a circle: {shown(named)} extends this file in turn", "files that extend in one direction only")
    if path in taken:
        raise refusal(f"{shown(named)}, which is extended already", "each file once")
    if len(chain) >= MAX_CHAIN:
        raise refusal(f"more than {MAX_CHAIN} files that extend one another", "a shorter chain")
    if len(taken) >= MAX_FILES:
        raise refusal(f"more than {MAX_FILES} files in one scenario", "fewer and larger files")
    taken.add(path)
    try:
        return _File(read_text(path), name, path, folder)
    except ScenarioError as error:
        problem = error.problems[0]
        if problem.line is not None:
            raise ScenarioError([replace(problem, file=name)]) from None
        right = "a readable file in this folder, or the name of a shipped scenario"
        raise refusal(f"{shown(named)}: {problem.found}", right, nearest(named, known)) from None


def _under(path: KeyPath, tops: Iterable[KeyPath]) -> bool:
    return any(path[: len(top)] == top for top in tops)


def _unwritten(root: Node) -> list[Problem]:
    """Problems of the fields that exist in the models but are not for files."""
    problems: list[Problem] = []
    for section in ("moves", "events"):
        steps = root.child(section)
        for i, step in enumerate(steps.value if steps is not None and isinstance(steps.value, list) else []):
            for key in UNWRITTEN:
                if isinstance(step.value, dict) and key in step.value:
                    problems.append(_placed(unknown_key(key, (section, i, key)), root))
                    del step.value[key]
    return problems


def _placed(problem: Problem, root: Node) -> Problem:
    place, path = find(root, problem.path, of_key=problem.of_key)
    return replace(problem, path=path, file=place.file, line=place.line, column=place.column)


def _problem(node: Node, found: str, right: str, path: KeyPath, suggestion: str | None = None) -> Problem:
    return Problem(found, right, path, suggestion, node.at.file, node.at.line, node.at.column)


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Errors before warnings, each as they stand in the files; how many more there are comes last."""

    def place(p: Problem) -> tuple[bool, bool, str, int, int]:
        return p.found.endswith(MORE), p.severity != "error", p.file or "", p.line or 0, p.column or 0

    return sorted(set(problems), key=place)


def _one_of(names: Sequence[str] | dict[str, Path]) -> str:
    return f"one of {', '.join(names)}" if names else "none: no scenarios are shipped"
