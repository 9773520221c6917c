"""Pictures of what decides a claim: valid, described, and saying what was found."""

from __future__ import annotations

import pytest

from deciding.fates import drawn, fates
from equipoise.claims.solutions import Solutions
from equipoise.deciding.decision import decide_all
from equipoise.deciding.flipping import flips
from equipoise.pictures.charts import still
from equipoise.pictures.decisions import (
    box_picture,
    crux_picture,
    influence_picture,
    information_picture,
    shares_picture,
)


@pytest.fixture(scope="module")
def charts():
    scenario = fates()
    futures = drawn(scenario, 128)
    first, sure = decisions = decide_all(futures)
    found = flips(scenario.claims[0], Solutions(scenario))
    assert box_picture(scenario, sure, futures) is None
    assert information_picture(scenario, sure, futures.parameters) is None
    return {
        "shares": shares_picture(scenario, decisions),
        "influence": influence_picture(scenario, first, futures.parameters),
        "information": information_picture(scenario, first, futures.parameters),
        "box": box_picture(scenario, first, futures),
        "crux": crux_picture(scenario, found),
    }


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("shares", "2 of 2 claims hold in more than half of 128 futures"),
        ("influence", "K depends most on slip"),
        ("information", "Knowing slip would remove most of the doubt about K"),
        ("box", "K fails mostly when slip is above"),
        ("crux", "K, which holds, fails once slip moves by 0.41 standard deviations"),
    ],
)
def test_each_is_valid_drawn_and_described(charts, name, says):
    specification = charts[name].to_dict(validate=True)
    assert specification["description"].startswith(says)
    assert len(specification["description"]) > len(says) + 20
    assert still(specification).startswith("<svg")


def test_nothing_judged_is_no_picture():
    assert shares_picture(fates(), ()) is None
