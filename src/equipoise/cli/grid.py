"""Tables that turn into lists where the terminal is too narrow for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.table import Table

from equipoise.cli.terminal import Terminal

_GAP = 3
_PROSE = 24
"""Columns of text wider than this may be folded."""


@dataclass(frozen=True)
class Grid:
    """Rows under headings; a cell may have several lines. The first cell of a row says what the row is about."""

    columns: tuple[str, ...]
    right: tuple[int, ...] = ()
    """Columns that are set flush right."""
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """One more row."""
        self.rows.append(cells)

    def print(self, terminal: Terminal) -> None:
        """As a table if every word fits side by side, else row by row."""
        if self._room() <= terminal.out.width:
            terminal.out.print(self._table())
            return
        for first, *cells in self.rows:
            terminal.out.print(first, markup=False)
            for column, cell in zip(self.columns[1:], cells, strict=True):
                if cell:
                    terminal.hanging(" ", f"{column}: {_in_one_line(cell)}")

    def _room(self) -> int:
        """Columns of the terminal that a table needs, no line of a cell being folded unless it is prose."""
        total = 0
        for k, column in enumerate(self.columns):
            lines = [line for row in self.rows for line in row[k].split("\n")]
            heading = max(map(len, column.split()), default=0)
            total += max(heading, min(max(map(len, lines), default=0), _PROSE if k else 200)) + _GAP
        return total - _GAP

    def _table(self) -> Table:
        table = Table(box=None, padding=(0, _GAP, 0, 0), header_style="dim")
        for k, column in enumerate(self.columns):
            table.add_column(column, justify="right" if k in self.right else "left", overflow="fold", no_wrap=k == 0)
        for row in self.rows:
            table.add_row(*row)
        return table


def _in_one_line(cell: str) -> str:
    return cell.replace("\n(", " (").replace("\n", ", ")


def grid(*columns: str, right: Sequence[int] = ()) -> Grid:
    """An empty grid with these headings."""
    return Grid(columns, tuple(right))
