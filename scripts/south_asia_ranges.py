"""What every number of `south-asia` is and may be: docs/evidence/south-asia-ranges.csv.

    python scripts/south_asia_ranges.py            # the table, to standard output
    python scripts/south_asia_ranges.py --write    # the table itself, anew

The rules are in docs/evidence/south-asia-ranges.md. They, and this table, were committed before any claim was judged
on these numbers, and a test holds the scenario to it.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Sequence

from equipoise.scenario.reading import load
from record.history import EVIDENCE
from record.tables import read
from south_asia.rules import Number, numbers, rules

PAGE = EVIDENCE / "south-asia-ranges.csv"
BEFORE = EVIDENCE / "south-asia-before.csv"
COLUMNS = ("parameter", "unit", "value", "form", "numbers", "before", "what", "rule", "argument", "why", "source")


def table() -> str:
    """Every parameter in alphabetical order: what it is, what it may be, what it was, and by which rule, as CSV."""
    units = {name: parameter.unit for name, parameter in load("south-asia").parameters.items()}
    before = {row["parameter"]: row for row in read(BEFORE, "parameter", "value", "form", "numbers")}
    stated, text = rules(), io.StringIO()
    write = csv.writer(text, lineterminator="\n")
    write.writerow(COLUMNS)
    for name, number in sorted(numbers().items()):
        rule, was = stated[name], before[name]
        told = json.dumps(number.numbers)
        former = f"{was['value']} {was['form']} {was['numbers']}"
        row = (name, units[name], f"{number.value:g}", number.form, told, former, what(number, was))
        write.writerow((*row, rule.rule, rule.argument, rule.why, rule.source))
    return text.getvalue()


def what(number: Number, before: dict[str, str]) -> str:
    """Whether a number stays: with what it may be, in value alone, or not."""
    if abs(number.value - float(before["value"])) > 1e-3 * number.value:
        return "changes"
    same = before["form"] == number.form and json.loads(before["numbers"]) == json.loads(json.dumps(number.numbers))
    return "stays" if same else "value stays"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print or write the table."""
    parser = argparse.ArgumentParser(description="What every number of south-asia is and may be.")
    parser.add_argument("--write", action="store_true", help=f"write docs/evidence/{PAGE.name}")
    text = table()
    if not parser.parse_args(arguments).write:
        print(text, end="")
        return 0
    beside = PAGE.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
