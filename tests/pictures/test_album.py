from __future__ import annotations

import json

import pytest

from equipoise.assess import assess
from equipoise.pictures import draw, draw_comparison
from equipoise.pictures.album import comparison_picture, conduct_picture, map_picture, regimes_picture, risk_picture
from equipoise.scenario.phrases import one_in, percent
from small import small_scenario


@pytest.fixture(scope="module")
def assessment():
    return assess(small_scenario())


def test_every_picture_is_described_for_screen_readers(assessment):
    for make in (risk_picture, conduct_picture, regimes_picture):
        described = make(assessment).to_dict()["description"]
        assert described.endswith(".")
        assert "calm" in described or "hot" in described
    assert "<desc" in map_picture(assessment, "hot")


def test_the_title_of_the_risk_picture_says_the_greatest_and_the_least_risk(assessment):
    title = " ".join(risk_picture(assessment).to_dict()["title"]["text"])
    chances = {start: prospect.risk[-1].sum() for start, prospect in assessment.prospects.items()}
    worst, best = sorted(chances, key=chances.get, reverse=True)
    assert title.startswith(f"From {worst} it ends within 10 years")
    assert f"{percent(chances[worst])}, {one_in(chances[worst])}" in title
    assert f"from {best} with {percent(chances[best])}" in title


def test_the_numbers_in_the_pictures_are_those_of_the_assessment(assessment):
    drawn = json.dumps(risk_picture(assessment).to_dict())
    for prospect in assessment.prospects.values():
        assert percent(float(prospect.risk[-1, 0])) in drawn
        assert repr(float(prospect.risk[20, 0])) in drawn
    svg = map_picture(assessment, "hot")
    assert f'aria-label="war: {assessment.prospects["hot"].risk[-1, 0]:.1%} chance"' in svg
    assert f"showdown to war: {one_in(assessment.prospects['hot'].passages[1, -1])[6:]}<" in svg


def test_the_title_of_a_map_says_most_only_of_more_than_half(assessment):
    for start, prospect in assessment.prospects.items():
        largest = prospect.years_in.max() / prospect.years_in.sum()
        title = map_picture(assessment, start).split("</title>")[0]
        assert ("spends most of" in title) == (largest > 0.5)
        assert ("than in any other regime" in title) == (largest <= 0.5)


def test_pictures_come_as_svg_and_png(assessment):
    pictures = draw(assessment)
    assert set(pictures) == {
        f"{name}.{form}" for name in ("risk", "conduct", "regimes", "map-calm", "map-hot") for form in ("svg", "png")
    }
    assert all(picture for picture in pictures.values())


def test_variants_stand_side_by_side_with_their_own_numbers(assessment):
    other = assess(small_scenario(), variant="no-retreat")
    told = comparison_picture([assessment, other]).to_dict()
    drawn = json.dumps(told)
    for prospect in (*assessment.prospects.values(), *other.prospects.values()):
        assert repr(float(prospect.risk[-1, 0])) in drawn
    assert "From hot: as written" in told["description"]
    assert "no retreat" in told["description"]
    assert set(draw_comparison([assessment, other])) == {"comparison.svg", "comparison.png"}
