"""What every number of `northeast-asia` may be: docs/evidence/northeast-asia-ranges.csv.

    python scripts/ranges.py            # the table, to standard output
    python scripts/ranges.py --write    # the table itself, anew

The table was committed before any claim was judged, and a test holds the scenario to it. A value may move within its
range; a range that is changed afterwards shows as a change of this table, and verdicts given before do not hold for it.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Sequence

from equipoise.scenario.models import Scenario
from equipoise.scenario.reading import load
from record.history import EVIDENCE

PAGE = EVIDENCE / "northeast-asia-ranges.csv"


def table(scenario: Scenario) -> str:
    """Name, unit, range or prior, and source of every parameter, in alphabetical order, as CSV."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n")
    write.writerow(("parameter", "unit", "form", "numbers", "source"))
    for name, parameter in sorted(scenario.parameters.items()):
        if parameter.prior:
            forms = parameter.prior.model_dump(mode="json", exclude_none=True)
        else:
            forms = {"range": list(parameter.range or (parameter.value, parameter.value))}
        for form, numbers in forms.items():
            write.writerow((name, parameter.unit, form, json.dumps(numbers), parameter.source))
    return text.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print or write the table."""
    parser = argparse.ArgumentParser(description="What every number of northeast-asia may be.")
    parser.add_argument("--write", action="store_true", help=f"write docs/evidence/{PAGE.name}")
    text = table(load("northeast-asia"))
    if not parser.parse_args(arguments).write:
        print(text, end="")
        return 0
    beside = PAGE.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
