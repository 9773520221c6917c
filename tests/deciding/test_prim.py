"""PRIM against an established program, and on corners that were planted.

`data/ema-prim.json` holds what the EMA workbench 2.5.3 (with pandas 2.3.3, the last that it works with) makes of the
data sets in `corners.py`, its `experiments` being data frames with columns of floats, and of texts for categories:

    alg = Prim(experiments, y.astype(int), threshold=0.0001, peel_alpha=0.05, paste_alpha=0.05, mass_min=0.05)
    box = alg.find_box()
    steps = [[n, k, res_dim] for every row of box.peeling_trajectory]
    boxes = {row: {"bounds": box.box_lims[row], "quasi_p": box.qp[row]} for some of the rows, the last among them}
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from deciding.corners import DATA_SETS, SEEDS, corner
from equipoise.deciding.bounds import quasi_p
from equipoise.deciding.prim import enclosing, prim

ORACLE = json.loads((Path(__file__).parent / "data" / "ema-prim.json").read_text())


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", DATA_SETS)
def test_every_box_is_that_of_the_established_program(name, seed):
    points, interest, categories = DATA_SETS[name](seed)
    theirs = ORACLE[f"{name}-{seed}"]
    assert points.sum() == pytest.approx(theirs["points"], rel=1e-12)  # the same data, in the first place
    assert interest.sum() == theirs["hits"]
    path = prim(points, interest, categories=categories)
    assert [[step.draws, step.hits, step.dimensions] for step in path] == theirs["steps"]
    for row, expected in theirs["boxes"].items():
        box = path[int(row)].box
        for column, bounds in expected["bounds"].items():
            p = int(column)
            if p in categories:
                assert sorted(box.kept[p]) == bounds
            else:
                assert [box.low[p], box.high[p]] == pytest.approx(bounds, rel=1e-12)
        ours = quasi_p(box, points, interest, enclosing(points, categories))
        for column, values in expected["quasi_p"].items():
            wanted = [value for value in values if value >= 0]
            found = [
                ours[key] for key in ((int(column), "low"), (int(column), "high"), (int(column), "")) if key in ours
            ]
            assert found == pytest.approx(wanted, rel=1e-9, abs=1e-15)


def test_a_planted_corner_is_found():
    points, interest, _ = corner(11, n=2000)
    last = prim(points, interest)[-1]
    assert last.density == 1.0
    assert last.coverage > 0.9
    assert last.box.restricted(enclosing(points)) == [0, 1]
    # A peel takes a twentieth of what is inside, so that the last one may overshoot by that much.
    assert last.box.low[0] == pytest.approx(0.6, abs=0.03)
    assert last.box.high[1] == pytest.approx(0.4, abs=0.03)


def test_what_cannot_be_searched_is_an_error():
    points = np.random.default_rng(0).random((20, 2))
    for interest in (np.zeros(20, bool), np.ones(20, bool), np.zeros(19, bool)):
        with pytest.raises(ValueError, match="of interest"):
            prim(points, interest)
    points[3, 1] = np.nan
    with pytest.raises(ValueError, match="finite"):
        prim(points, points[:, 0] > 0.5)
