"""Finding and reading scenario files: which file a name means, and its text."""

from __future__ import annotations

import os
import stat
from importlib import resources
from pathlib import Path

from equipoise.errors import Problem, ScenarioError, nearest, shown

MAX_BYTES = 5_000_000
SHELF = "classics"
"""Folder of the shipped scenarios that are read by the ordinal lens."""


def shipped() -> dict[str, Path]:
    """The scenarios that come with the program, by name: the models first, then the shelf of classic conflicts."""
    folder = Path(str(resources.files("equipoise.scenarios")))
    return {path.stem: path for part in (folder, folder / SHELF) for path in sorted(part.glob("*.yaml"))}


def locate(source: str | Path) -> Path:
    """The file that a path or the name of a shipped scenario means. Raises `ScenarioError` if there is none."""
    path = Path(source)
    if source == "":
        raise ScenarioError([Problem("no name at all", "the path of a file, or the name of a shipped scenario")])
    if isinstance(source, str) and not _like_a_path(source):
        known = shipped()
        if source in known:
            return known[source]
        if not _exists(path):
            names = list(known)
            right = f"a path, or one of {', '.join(names)}" if names else "the path of a file"
            raise ScenarioError([Problem(f"no scenario {shown(source)}", right, suggestion=nearest(source, names))])
    return path


def within(path: str, beside: Path, root: Path) -> Path:
    """The file that `path`, written in a file of the folder `beside`, leads to; it may not leave the folder `root`.

    Raises `ValueError` with what is wrong about it.
    """
    if "\0" in path:
        raise ValueError("a path with a null character")
    if Path(path).is_absolute() or path.startswith("~"):
        raise ValueError("an absolute path")
    try:
        target = (beside / path).resolve()
    except (OSError, RuntimeError):
        raise ValueError("a path that leads in a circle") from None
    if not target.is_relative_to(root.resolve()):
        raise ValueError("a path that leads out of the folder of the scenario")
    return target


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, or in UTF-16 with a byte-order mark; at most `MAX_BYTES`. Raises `ScenarioError`."""
    try:
        data = _read(path)
    except ValueError as error:
        raise ScenarioError([Problem(str(error), "the path of a scenario file", file=str(path))]) from None
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        right = f"a readable file of at most {MAX_BYTES // 1_000_000} MB"
        raise ScenarioError([Problem(f"the file cannot be read: {reason}", right, file=str(path))]) from None
    return decode(data, str(path))


def decode(data: bytes, file: str) -> str:
    """The text that bytes stand for. Raises `ScenarioError` at the first byte that is none."""
    if len(data) > MAX_BYTES:
        found = f"a text of more than {MAX_BYTES // 1_000_000} MB"
        raise ScenarioError([Problem(found, "a smaller one", file=file)])
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        found = f"the byte 0x{data[error.start]:02X}, which is not {'UTF-16' if encoding == 'utf-16' else 'UTF-8'}"
        right = "a text file; save it with the encoding UTF-8"
        raise ScenarioError([Problem(found, right, file=file, line=line, column=column)]) from None


def _read(path: Path) -> bytes:
    # Without O_NONBLOCK opening a pipe would wait for a writer for ever.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise ValueError("something that is not a file")
    with os.fdopen(handle, "rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"a file of more than {MAX_BYTES // 1_000_000} MB")
    return data


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _like_a_path(source: str) -> bool:
    return "/" in source or "\\" in source or source.endswith((".yaml", ".yml"))
