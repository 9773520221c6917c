from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specimen import GOOD, KNOWN

from equipoise.scenario import loads
from equipoise.scenario.english import tell
from equipoise.scenario.phrases import how_often, listed, number, one_in, percent, span
from small import small_scenario


def told() -> dict[str, str]:
    return {section.title: "\n".join(section.lines) for section in tell(small_scenario())}


def test_every_name_of_the_scenario_is_told():
    scenario, text = small_scenario(), "\n".join(told().values()).lower()
    names = [
        *scenario.parameters,
        *scenario.regimes,
        *scenario.initial,
        *scenario.variants,
        *scenario.argument,
        *scenario.actors,
    ]
    names += [step.id for step in scenario.steps] + [claim.id for claim in scenario.claims]
    names += [level for factor in scenario.factors.values() for level in factor.levels]
    missing = [name for name in names if name.lower() not in text]
    assert not missing


def test_nothing_that_an_expert_could_object_to_is_left_out():
    """Every text of the specimen, and every number but what follows from others, stands in the telling."""
    text = "\n".join(line for section in tell(loads(GOOD)) for line in section.lines)
    for piece in (
        "Wants, most important first: that it does not end in War (it would lose); that talks is yes; that it ends",
        "2 times as much [hurry] when talks is no: no way back [argument: M1]",
        "Belongs to the family 'threats'",
        "With that the capital of Arland loses 1 util [face].",
        "With 77% of the chance, office becomes dove.",
        "The capital of Arland gains 0.5 util a year [pride] when crisis is none. [argument: M2]",
        "It holds if the number of times that bluff happens within 10 years is above 1 time. [argument: R1]",
        "Nobody can bluff, talks stays no, pace is 6 and what M2 would do is taken out.",
        "1 May 2001: the doves win (see [book])",
        "[book] A. Author, A Book, 2001. Table 3. https://example.org/book",
        "(evenly on a scale of ratios between 0.1 and 2)",
    ):
        assert piece in text


def test_what_is_known_of_numbers_is_told():
    text = "\n".join(line for section in tell(loads(KNOWN)) for line in section.lines)
    for piece in (
        "[pace] 4 a year (one in twenty below 2, 19 in 20 below 8).",
        "[fog] 1.5 (between 1 and 2, likeliest 1.5).",
        "(may lie between 10 and 60) (normal about 30, two in three within 10 of it, never below 0)",
        "[face] 1 util (0.5 with 25% of the chance or 1 with 75% of the chance).",
        "[pride] 0.5 util a year (between 0.1 and 2, one in four below 0.3, as likely below 0.6 as above).",
        "[tau] is never above [face], nor [face] above [ruin]. See [paper].",
        "[fog] is never above [hurry]. A crisis hurries more than it confuses. See [book].",
        "[spark] and [pace] go together (rank correlation 0.5). See [book].",
        "[pace] and [rho] go against one another: where one is high, the other is low (rank correlation -0.3).",
    ):
        assert piece in text


def test_a_move_tells_who_when_at_what_cost_and_to_what_effect():
    moves = told()["What each may do"]
    assert "[press] Redland moves troops to the border." in moves
    assert "Possible when valley is blue and pressure is none or some." in moves
    assert "Costs 0.2 util [effort]. Then pressure goes up by one." in moves
    assert "[relent] Redland may relent. Possible when pressure is some or high." in moves


def test_an_event_tells_how_often_and_where_its_chances_lead():
    events = told()["What happens without anybody choosing it"]
    assert "[border-incident] Border incident. About once in 7 years [slip] while pressure is some or high" in events
    assert "3 times as often [tension] when pressure is high" in events
    assert "With 25% of the chance [ends_badly], it ends in war." in events
    assert "[argument: A1]" in events


def test_a_condition_without_restriction_is_not_told_as_one():
    assert "at any time" not in told()["What each may do"].splitlines()[0]
    assert "If it ends in war, everyone loses 40 util [ruin]." in told()["How it can end"]


def test_every_line_is_a_finished_sentence_without_gaps():
    for text in told().values():
        for line in text.splitlines():
            assert line.endswith((".", "]")), line
            assert "  " not in line
            assert " nan" not in line


def test_sources_are_told_with_the_numbers_they_support():
    numbers = told()["Where the numbers come from"]
    assert "[slip] 0.14 a year (8 seen in 57 years). See [survey]." in numbers
    assert "[ruin] 40 util. What a war costs. Analyst's judgement." in numbers


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0, "never"),
        (1, "certain"),
        (1 / 12, "about 1 in 12"),
        (0.5, "about 1 in 2"),
        (0.4, "about 1 in 2.5"),
        (0.8, "about 8 in 10"),
        (0.97, "about 97 in 100"),
        (1 / 1240, "about 1 in 1,200"),
        (1e-9, "less than 1 in a million"),
    ],
)
def test_a_chance_is_said_as_odds(chance, words):
    assert one_in(chance) == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0, "never"),
        (0.01, "about once in 100 years"),
        (0.14, "about once in 7 years"),
        (1, "about once a year"),
        (2, "about twice a year"),
        (4, "about 4 times a year"),
    ],
)
def test_a_rate_is_said_as_how_often(rate, words):
    assert how_often(rate) == words


@given(st.floats(0, 1))
def test_no_chance_strictly_between_is_called_never_or_certain(chance):
    if 0 < chance < 1:
        assert one_in(chance) not in ("never", "certain")
        assert percent(chance) not in ("0%", "100%")


@given(st.floats(1e-3, 1e5))
def test_a_number_is_said_to_three_figures(value):
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=0.006)


def test_lists_and_spans_read_aloud():
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert [span(t) for t in (3 / 365.25, 0.5, 1.0, 2.5, 10)] == [
        "3 days",
        "6 months",
        "12 months",
        "2.5 years",
        "10 years",
    ]
