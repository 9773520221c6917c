"""Reading the providers' tables: rows by column name, dates of every precision, and errors that say what is missing."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

Row = Mapping[str, str]

DAYS_PER_YEAR = 365.25


class UnreadableError(Exception):
    """A file that is not the table that it should be; the text says which file, what was found and what is needed."""


def read(path: Path, *columns: str | Sequence[str]) -> list[dict[str, str]]:
    """Rows of a CSV file, headers in lower case with underscores.

    `columns` must be there; of a sequence of names, one of them. UnreadableError otherwise.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            header = [re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for name in next(rows, [])]
            table = []
            for row in rows:
                if any(cell.strip() for cell in row[len(header) :]):
                    raise UnreadableError(
                        f"{path}:{rows.line_num}: {len(row)} fields under {len(header)} columns; is a comma unquoted?"
                    )
                if row:
                    table.append(dict(zip(header, row, strict=False)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableError(f"{path}: cannot be read as CSV in UTF-8 ({error})") from error
    for column in columns:
        names = [column] if isinstance(column, str) else list(column)
        if not set(names) & set(header):
            found = ", ".join(header) or "no header"
            raise UnreadableError(f"{path}: no column {' or '.join(names)}; found {found}")
    return table


def years_between(start: str, end: str) -> float:
    """Years from one ISO date to another."""
    return (date.fromisoformat(end) - date.fromisoformat(start)).days / DAYS_PER_YEAR


def month(text: str) -> int:
    """Months since year 0 of `YYYY-MM` or a longer ISO date."""
    year, number = text.split("-")[:2]
    return int(year) * 12 + int(number) - 1


def loose_date(text: str) -> date:
    """A date of day, month or year precision; the middle of what is left open."""
    parts = [int(part) for part in text.split("-")]
    year, number, day = (*parts, 0, 0)[:3]
    return date(year, number or 7, day or (15 if number else 1))


def spells(months: Iterable[str], gap: int = 3) -> list[tuple[int, int]]:
    """Runs of months (as counted from year 0) that lie at most `gap` months apart."""
    runs: list[tuple[int, int]] = []
    for number in sorted({month(text) for text in months}):
        if runs and number - runs[-1][1] <= gap:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
