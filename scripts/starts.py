"""The six starting situations of `northeast-asia`, read off the coded record.

    python scripts/starts.py                 # the page docs/northeast-asia-starts.md, to standard output
    python scripts/starts.py --write         # the page itself, anew
    python scripts/starts.py --check FILE    # where the starts of a scenario file differ from the record

Each level is that of the last coded change before the day of the situation, with its dated fact and source.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from equipoise.errors import ScenarioError
from equipoise.scenario.models import Scenario
from equipoise.scenario.reading import load as load_scenario
from record.history import EVIDENCE, SOURCES, Entry, History, entry_at, load
from record.northeast_asia import NORTHEAST_ASIA, SITUATIONS
from record.observed import factors
from record.tables import UnreadableError, read

PAGE = EVIDENCE.parent / "northeast-asia-starts.md"

HEAD = """# Starting situations, read off the record

Written by `scripts/starts.py` from [the coded record](evidence/northeast-asia-timeline.csv); do not edit. Each level is
that of the last coded change before the day named. *Judged* means that the fact is on record and the level is the
coder's reading of it; *medium* that one account was used. A factor of the scenario may group levels:
`scripts/record/northeast_asia.py` says how.
"""


def page(history: History, sources: dict[str, dict[str, str]]) -> str:
    """The page: a table of levels, then each situation with its facts, then the sources."""
    names = list(SITUATIONS)
    parts = [HEAD, "| aspect | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    found = {
        (name, dimension): entry_at(history, dimension, day)
        for name, day in SITUATIONS.items()
        for dimension in history
    }
    parts += [f"| {d} | " + " | ".join(found[name, d].level for name in names) + " |" for d in history]
    for name, day in SITUATIONS.items():
        parts += [
            f"\n## {name} ({day.isoformat()})\n",
            "| aspect | level | since | fact | source | |",
            "|---" * 6 + "|",
        ]
        parts += [_row(found[name, dimension]) for dimension in history]
    used = {entry.source for entry in found.values()}
    parts += ["\n## Sources\n", *(_source(key, sources[key]) for key in sources if key in used)]
    return "\n".join(parts) + "\n"


def differences(history: History, scenario: Scenario) -> list[str]:
    """Every factor at which a start of the scenario is not what the record says, and every name not to be found."""
    stands = factors(NORTHEAST_ASIA, history)
    faults = [f"no factor is called '{factor}'" for factor in stands if factor not in scenario.factors]
    faults += [f"no starting situation is called '{name}'" for name in SITUATIONS if name not in scenario.initial]
    for name, day in SITUATIONS.items():
        for factor in stands:
            if name not in scenario.initial or factor not in scenario.factors:
                continue
            entry = entry_at(stands, factor, day)
            level = scenario.initial[name].state[factor]
            if level != entry.level:
                said = f"the record says {entry.level} since {entry.date}: {entry.fact} ({entry.confidence})"
                faults.append(f"{name}: {factor} is {level}; {said}")
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    """Print or write the page, or compare a scenario with the record."""
    parser = argparse.ArgumentParser(description="Starting situations of northeast-asia, read off the coded record.")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    parser.add_argument("--check", metavar="SCENARIO", help="compare the starts of a scenario, shipped or a file")
    given = parser.parse_args(arguments)
    try:
        history = load()
        if given.check:
            faults = differences(history, load_scenario(given.check))
            print("\n".join(faults) or "Every start is as the record says.")
            return 1 if faults else 0
        text = page(history, {row["key"]: row for row in read(SOURCES, "key", "cite", "url")})
    except (UnreadableError, ScenarioError) as error:
        print(error, file=sys.stderr)
        return 2
    if given.write:
        _write(PAGE, text)
    else:
        print(text, end="")
    return 0


def _row(entry: Entry) -> str:
    sure = "" if entry.confidence == "high" else entry.confidence
    return f"| {entry.dimension} | {entry.level} | {entry.date} | {entry.fact} | {entry.source} | {sure} |"


def _source(key: str, row: dict[str, str]) -> str:
    return f"- **{key}**: {row['cite']}{' <' + row['url'] + '>' if row['url'] else ''}"


def _write(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


if __name__ == "__main__":
    sys.exit(main())
