"""Rates from tiny files in the providers' formats, counted by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import base_rates
from record import history as coded
from record.conduct import conduct_rates, ends_while
from record.diplomacy import exercise_rates, provocations_by_exercises
from record.disputes import all_crises, crisis_rates, dispute_rates, joined
from record.flights import campaigns, coded_tests, flight_rates
from record.governments import leader_rates, sanctions_rates
from record.tables import UnreadableError, read

MID = """dispnum,ccode1,ccode2,year,gmlmidonset,hostlev
1,731,732,1960,1,4
1,732,731,1960,1,4
1,731,732,1961,0,4
1,2,731,1960,1,4
2,731,732,1995,1,4
3,731,732,1999,1,3
4,740,731,1999,1,4
"""
ICB = """crisno,trigent,yrtrig,motrig,datrig,yrterm,moterm,daterm,forout
1,731,1968,1,21,1968,12,23,5
2,731,2010,3,66,2010,7,26,7
3,731,1950,6,25,1950,9,30,2
"""
ACTORS = "crisno,cracid\n1,2\n1,731\n2,732\n2,731\n3,732\n"
MISSILES = """Date,Missile Type,Test Outcome
2017-07-04,ICBM,Success
2017-07-28,ICBM,Success
2017-07-28,ICBM,Failure
2016-04-15,IRBM,Failure
2018-06-01,SRBM,Unknown
"""
TALKS = "year_month,parties\n1994-07,USA;PRK\n1994-08,USA;PRK\n1995-02,USA;PRK;KOR\n1996-01,IAEA;PRK\n"
PROVOCATIONS = "date,category\n1994-07-05,other\n1995-06-01,missile\n2024-06-01,trash_balloon\n"
EXERCISES = """start_date,end_date,participants_iso3
1994-11-01,1994-11-11,KOR;USA
1995-06,1995-06,KOR;USA
1995-09-01,1995-09-03,JPN;USA
1996,1996,KOR;USA
"""
UNSC = """date,outcome,china_vote,resolution_type
2006-10-14,adopted,Y,sanctions
2010-06-07,adopted,Y,panel of experts mandate
2016-11-30,adopted,Y,sanctions
2022-05-26,vetoed,N (veto),sanctions
2019-12-11,no outcome document,,meeting
"""
LEADERS = """gwcode,leader,startdate,enddate,exit
731,Kim Il-Sung,1948-09-09,1994-07-08,Natural Death
731,Kim Jong-Il,1994-07-08,2011-12-17,Natural Death
731,Kim Jong Un,2011-12-17,2015-12-31,Still in Office
732,Rhee,1948-07-24,1960-04-28,Irregular
740,Somebody,1930-01-01,1931-01-01,Regular
999,Nobody,1960-01-01,1990-01-01,Irregular
"""
STATUS = "entity,year,nuclear_weapons_status\nUnited States,1950,3\nUnited States,1951,3\nChina,1963,2\n"
FILES = {
    "mid": MID,
    "icb": ICB,
    "icb-actors": ACTORS,
    "missiles": MISSILES,
    "talks": TALKS,
    "provocations": PROVOCATIONS,
    "exercises": EXERCISES,
    "unsc": UNSC,
    "leaders": LEADERS,
    "status": STATUS,
}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return {name: tmp_path / f"{name}.csv" for name in FILES}


def arguments(files: dict[str, Path], *rest: str) -> list[str]:
    return [word for name, path in files.items() for word in (f"--{name}", str(path))] + list(rest)


def test_disputes_by_pair_and_period(files: dict[str, Path]) -> None:
    found = {line.name: line for line in dispute_rates(read(files["mid"]))}
    assert found["clash_rate"].seen == "2 in 57 years"
    assert found["clash_rate_since_1993"].seen == "1 in 18 years"
    assert found["north_south_disputes_since_1993"].seen == "2 in 18 years"
    assert found["japan_dprk_disputes_with_force"].seen == "1 in 57 years"
    # Of the two clashes with force the United States was in one.
    assert joined(read(files["mid"]), "731", "732", "2") == (2, 1)
    assert found["us_in_clash"].seen == "1 of 2"


def test_crises_by_their_members_lengths_and_ends(files: dict[str, Path]) -> None:
    crises = all_crises(read(files["icb"]), read(files["icb-actors"]))
    assert len(crises) == 2, "the war of 1950 came before the armistice"
    assert crises[0].years == pytest.approx(337 / 365.25)
    found = {line.name: line for line in crisis_rates(read(files["icb"]), read(files["icb-actors"]), clashes=2)}
    assert found["standoff_rate"].seen == "1 in 57 years"
    assert found["left_alone"].seen == "1 of 2"
    assert found["clash_escalates"].value < found["clash_cools"].value


def test_a_salvo_is_one_day_and_unknown_outcomes_are_no_trials(files: dict[str, Path]) -> None:
    rows = read(files["missiles"])
    assert [day.isoformat() for day in campaigns(rows, ("ICBM",))] == ["2017-07-04", "2017-07-28"]
    found = {line.name: line for line in flight_rates(rows, coded.load())}
    assert found["intercontinental_success"].seen == "2 of 3"
    assert found["test_success"].seen == "2 of 4"
    assert "short_range_success" not in found
    assert found["long_range_launch_days_flaunting"].seen.startswith("3 in ")
    assert found["long_range_launch_days_otherwise"].seen.startswith("0 in ")


def test_the_first_nuclear_test_opens_the_time_watched() -> None:
    found = {line.name: line for line in coded_tests(coded.load())}
    assert found["nuclear_test_rate"].seen.startswith("5 in 19.89 ")
    assert found["nuclear_tests_flaunting"].value > found["nuclear_test_rate"].value


def test_exercises_of_the_two_alone_count_and_year_precision_is_no_month(files: dict[str, Path]) -> None:
    assert exercise_rates(read(files["exercises"]))[0].seen == "3 in 18 years"
    within, years_in, without, years_out = provocations_by_exercises(
        read(files["provocations"]), read(files["exercises"]), years=(1994, 1996)
    )
    assert (within, without) == (1, 1)
    assert (years_in, years_out) == (2 / 12, 34 / 12)


def test_chinese_votes_on_sanctions_alone(files: dict[str, Path]) -> None:
    votes, adopted = sanctions_rates(read(files["unsc"]))
    assert votes.seen == "2 of 3"
    assert adopted.seen == "2 in 17 years"


def test_leaders_since_the_armistice_and_none_still_in_office(files: dict[str, Path]) -> None:
    found = {line.name: line for line in leader_rates(read(files["leaders"]))}
    assert found["leader_change_north_korea"].seen == "2 in 62.43 years"
    assert found["irregular_exit_north_korea"].seen.startswith("0 in")
    assert found["irregular_exit_south_korea"].seen.startswith("1 in 6.7")
    assert "leader_change_japan" not in found


def test_talks_that_end_on_the_day_of_a_provocation_count_as_wrecked() -> None:
    history = coded.load()
    wrecked, _ = ends_while(history, "talks", "underway", "conduct", ("flaunting",))
    quiet, _ = ends_while(history, "talks", "underway", "conduct", ("building", "frozen"))
    every, years = coded.passages(history, "talks", ("underway",), ("absent",))
    assert wrecked >= 1, "the launch of 13 April 2012"
    assert wrecked + quiet == every
    rates = {line.name: line for line in conduct_rates(history)}
    assert rates["us_talks_end"].value == pytest.approx(every / years)


def test_every_file_gives_rows_of_its_own(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    def names(*words: str) -> set[str]:
        assert base_rates.main([*words, "--json"]) == 0
        return {line["name"] for line in json.loads(capsys.readouterr().out)}

    alone = names()
    assert "hawk_share" in alone
    assert "us_talks_open" in alone
    complete = names(*arguments(files))
    assert {"clash_rate", "standoff_rate", "test_success", "talks_lapse", "accident", "exercises_held"} <= complete
    assert {"china_votes_for_sanctions", "leader_change_usa"} - complete == {"leader_change_usa"}
    assert alone < complete


def test_names_are_unique_and_every_line_says_its_source(files: dict[str, Path]) -> None:
    lines = base_rates.table({name.replace("-", "_"): path for name, path in files.items()})
    names = [line.name for line in lines]
    assert len(names) == len(set(names))
    assert all(line.source and line.theme and line.about for line in lines)
    assert all(line.low <= line.value <= line.high for line in lines if not line.seen.startswith("0 "))


def test_a_file_without_its_columns_is_named_with_what_it_has(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert base_rates.main(["--mid", str(files["talks"])]) == 2
    told = capsys.readouterr().err
    assert "talks.csv: no column ccode1; found year_month, parties" in told
    assert base_rates.main(["--talks", str(files["talks"].with_name("gone.csv"))]) == 2
    assert "gone.csv: cannot be read" in capsys.readouterr().err


def test_a_comma_that_is_not_quoted_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("date,fact\n2000-01-01,They meet,\n2001-01-01,They meet, and part\n")
    with pytest.raises(UnreadableError, match=r"table.csv:3: 3 fields under 2 columns"):
        read(tmp_path / "table.csv")


def test_columns_may_go_by_either_name(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("Date UTC;x\n")
    with pytest.raises(UnreadableError, match="no column date or date_utc; found date_utc_x"):
        read(tmp_path / "table.csv", ("date", "date_utc"))


def test_yaml_has_every_rate_that_can_be_a_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    assert base_rates.main(["--yaml"]) == 0
    told = capsys.readouterr().out
    assert "  us_talks_open:\n" in told
    assert "gamma: {events: " in told


def test_the_carried_table_is_what_the_script_computes_without_files() -> None:
    carried = {line["name"]: line for line in json.loads((coded.EVIDENCE / "northeast-asia-rates.json").read_text())}
    for line in base_rates.table({}):
        assert carried[line.name]["value"] == pytest.approx(line.value), line.name
        assert carried[line.name]["seen"] == line.seen, line.name
