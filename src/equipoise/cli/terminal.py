"""Where the program speaks: results to standard output, everything else to standard error."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from textwrap import wrap
from threading import Timer
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from equipoise.errors import Problem

Report = Callable[[str, float], None]
"""``report(stage, done)``: how far a stage has come, as a share between 0.0 and 1.0 or as a count of its own."""

_PIPED_WIDTH = 120
_COLUMN = 112
"""Longer lines of prose are tiring."""
_PATIENCE = 1.0
"""Seconds of silence before a bar appears."""


class Exit(IntEnum):
    """What the program returns to the shell."""

    OK = 0
    INPUT = 1
    """The scenario or the request has errors; they were printed."""
    USAGE = 2
    """The command line could not be understood."""
    UNCERTIFIED = 3
    """The solver could not certify an equilibrium; cause and remedy were printed."""
    FILES = 4
    """A file could not be read or written."""
    FAULT = 70
    """A fault of the program itself."""
    INTERRUPTED = 130
    """Stopped from the keyboard."""


@dataclass(frozen=True)
class Terminal:
    """Two consoles; colour only where the reader can see it and has not declined it."""

    out: Console
    err: Console

    @staticmethod
    def open(*, no_color: bool = False) -> Terminal:
        """Consoles for this process; `NO_COLOR` in the environment counts like ``no_color``."""
        plain = no_color or bool(os.environ.get("NO_COLOR"))
        width = None if sys.stdout.isatty() else _PIPED_WIDTH
        return Terminal(
            out=Console(no_color=plain, highlight=False, width=width, soft_wrap=False),
            err=Console(no_color=plain, highlight=False, stderr=True),
        )

    def hanging(self, mark: str, text: str) -> None:
        """A paragraph whose lines start at the same column, after a mark of its own."""
        room = max(5, len(mark)) + 1
        width = max(12, min(self.out.width, _COLUMN) - room)
        first, *rest = wrap(text, width, break_on_hyphens=False) or [""]
        self.out.print(Text.assemble((mark.ljust(room), "dim"), first))
        for line in rest:
            self.out.print(" " * room + line, markup=False)

    def paragraph(self, text: str) -> None:
        """Prose, in lines that are not tiring."""
        for line in wrap(text, min(self.out.width, _COLUMN), break_on_hyphens=False):
            self.out.print(line, markup=False)

    def error(self, text: str) -> None:
        """What is wrong, in one line."""
        self.err.print("error: ", style="bold red", end="")
        self.err.print(text, markup=False, soft_wrap=True)

    def problems(self, problems: Sequence[Problem]) -> None:
        """Every problem with its place, what was found and what would be right, then how many there are."""
        for problem in problems:
            grave = problem.severity == "error"
            path = ".".join(str(key) for key in problem.path)
            self.err.print(
                Text.assemble(
                    (problem.severity, "bold red" if grave else "bold yellow"),
                    (f" {problem.where()}", "bold"),
                    f"  {path}" if path else "",
                ),
                soft_wrap=True,
            )
            self.err.print(f"  found: {problem.found}", markup=False, soft_wrap=True)
            self.err.print(f"  right: {problem.right}", markup=False, soft_wrap=True)
            if problem.suggestion:
                self.err.print(f"  did you mean '{problem.suggestion}'?", markup=False, soft_wrap=True)
        errors = sum(problem.severity == "error" for problem in problems)
        counted = [
            f"{n} {word}{'s' * (n != 1)}" for n, word in ((errors, "error"), (len(problems) - errors, "warning")) if n
        ]
        if counted:
            self.err.print(" and ".join(counted) + ".")

    def note(self, text: str) -> None:
        """A remark beside the results."""
        self.err.print(text, style="dim", markup=False)

    @contextmanager
    def progress(self) -> Iterator[Report]:
        """A reporter that shows a bar, but only on a terminal and only after a second."""
        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[done]}"),
            TimeElapsedColumn(),
            console=self.err,
            transient=True,
            disable=not self.err.is_terminal,
        )
        task = bar.add_task("starting (the first run compiles its kernels)", total=None, done="")
        patience = Timer(_PATIENCE, bar.start)
        patience.daemon = True
        patience.start()

        begun = ("", 0.0, 0.0)

        def report(stage: str, done: float) -> None:
            nonlocal begun
            if stage != begun[0]:
                begun = (stage, monotonic(), done)
            if isinstance(done, float):
                left = time_left(monotonic() - begun[1], begun[2], done)
                bar.update(task, description=stage, total=1.0, completed=done, done=f"{done:.0%}{left}")
            else:
                bar.update(task, description=stage, total=None, done=f"{done:,}")

        try:
            yield report
        finally:
            patience.cancel()
            bar.stop()


def time_left(spent: float, begun: float, done: float) -> str:
    """How long a stage may still take, after so many seconds from one share of it to another; empty if too early."""
    if spent < 5 or done <= begun or done >= 1:
        return ""
    left = spent * (1 - done) / (done - begun)
    return f", about {left / 60:.0f} min left" if left > 90 else f", about {max(left, 1):.0f} s left"


def write_files(folder: Path, contents: Mapping[str, bytes | Iterable[bytes]]) -> list[Path]:
    """Write files into a folder that is made if need be; each is written beside its place and then renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    return [write_file(folder / name, content) for name, content in contents.items()]


def write_file(path: Path, content: bytes | Iterable[bytes]) -> Path:
    """Write one file, whole or in pieces, so that a reader sees the old one or the new one and never a half."""
    beside = ""
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.writelines([content] if isinstance(content, bytes) else content)
        Path(beside).chmod(0o666 & ~_umask())
        Path(beside).replace(path)
    except BaseException as fault:
        if beside:
            Path(beside).unlink(missing_ok=True)
        if isinstance(fault, OSError):
            raise OSError(fault.errno, fault.strerror, str(path)) from None
        raise
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
