"""The coded record: read with all its faults told, and counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from record import history as coded
from record.facts import COMMUNIST_REGIMES, INAUGURATIONS, PARTIES, PLEDGES, SEOUL, STEPS
from record.tables import UnreadableError

HEAD = "dimension,date,level,fact,source,confidence\n"
SOURCES = "key,cite,url\nbook,A book,\n"


def written(folder: Path, rows: str) -> coded.History:
    (folder / "timeline.csv").write_text(HEAD + rows)
    (folder / "sources.csv").write_text(SOURCES)
    return coded.load(folder / "timeline.csv", folder / "sources.csv")


@pytest.fixture
def small(tmp_path: Path) -> coded.History:
    return written(
        tmp_path,
        "talks,2000-01-01,absent,Nobody meets,book,high\n"
        "talks,2002-01-01,underway,They meet,book,high\n"
        "talks,2002-07-02,underway,They meet again,book,medium\n"
        "talks,2003-01-01,absent,They part,book,judged\n"
        "threat,2001-01-01,quiet,Nobody threatens,book,high\n"
        "threat,2002-10-01,open,A threat,book,high\n",
    )


def test_a_level_holds_until_the_next_row(small: coded.History) -> None:
    assert coded.entry_at(small, "talks", date(2001, 12, 31)).level == "absent"
    assert coded.entry_at(small, "talks", date(2002, 1, 1)).level == "underway"
    with pytest.raises(LookupError, match="not coded before 2001-01-01"):
        coded.entry_at(small, "threat", date(2000, 6, 1))


def test_rows_of_one_level_make_one_spell(small: coded.History) -> None:
    runs = coded.spells(small, "talks", date(2001, 1, 1), date(2004, 1, 1))
    assert [(run.level, run.start.year, run.end.year) for run in runs] == [
        ("absent", 2001, 2002),
        ("underway", 2002, 2003),
        ("absent", 2003, 2004),
    ]


def test_passages_and_exposure_counted_by_hand(small: coded.History) -> None:
    span = date(2001, 1, 1), date(2004, 1, 1)
    events, years = coded.passages(small, "talks", ("absent",), ("underway",), *span)
    assert events == 1
    assert years == pytest.approx(2, abs=0.01)
    assert coded.share_of_time(small, "talks", ("underway",), *span) == pytest.approx(1 / 3, abs=0.001)


def test_a_factor_of_two_dimensions_changes_with_either(small: coded.History) -> None:
    entries = coded.combined(
        small, ("talks", "threat"), lambda talks, threat: "tense" if threat == "open" else f"calm, {talks}"
    )
    assert [(entry.date.isoformat(), entry.level, entry.fact) for entry in entries] == [
        ("2001-01-01", "calm, absent", "Nobody threatens"),
        ("2002-01-01", "calm, underway", "They meet"),
        ("2002-10-01", "tense", "A threat"),
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("talks,yesterday,absent,Nobody meets,book,high\n", "timeline.csv:2: six fields"),
        ("talks,2000-01-01,absent,Nobody meets,film,high\n", "no source is called 'film'"),
        ("talks,2000-01-01,absent,Nobody meets,book,sure\n", "confidence is 'sure', not one of high"),
        (
            "talks,2000-01-01,absent,Nobody,book,high\ntalks,1999-01-01,underway,They,book,high\n",
            "timeline.csv:3: 1999-01-01 does not come after 2000-01-01",
        ),
    ],
)
def test_faults_are_told_with_file_and_line(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(UnreadableError, match=told):
        written(tmp_path, row)


def test_the_shipped_record_is_sound_and_covers_every_start() -> None:
    history = coded.load()
    assert len(history) >= 20
    for dimension, entries in history.items():
        assert entries[0].date <= date(1993, 3, 1), dimension
        assert all(entry.date <= coded.WATCHED[1] for entry in entries)


def test_facts_of_the_script_agree_with_the_record() -> None:
    history = coded.load()
    for level, start, end, _ in STEPS:
        assert coded.entry_at(history, "arsenal", date.fromisoformat(start)).level == level
        assert coded.entry_at(history, "arsenal", date.fromisoformat(end)).level != level
    for start, end, _ in PLEDGES:
        assert coded.entry_at(history, "credit", date.fromisoformat(end)).level == "exposed"
        assert start < end
    for year, wing in INAUGURATIONS:
        office = coded.entry_at(history, "office", date(year, 1, 20)).level
        assert office[:4] == wing, year
    for year, stance in SEOUL:
        assert coded.entry_at(history, "rok-stance", date(year, 7, 1)).level == stance, year
    assert [year for year, _ in PARTIES] == [year for year, _ in INAUGURATIONS]
    assert len(COMMUNIST_REGIMES) == 15
    assert sum(end is not None for _, _, end in COMMUNIST_REGIMES) == 10
