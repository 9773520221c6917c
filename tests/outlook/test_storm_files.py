"""The files for PRISM and Storm, read by Storm and by hand."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import stormpy
from storm import ask

from equipoise.assess import assess
from equipoise.outlook.storm_files import labels, to_drn, to_lab, to_tra
from small import small_scenario


def solved():
    assessment = assess(small_scenario())
    masks = {name: assessment.game.where(regime.when) for name, regime in assessment.scenario.regimes.items()}
    return assessment, labels(assessment.chain, assessment.game, masks)


def test_storm_finds_the_same_risk_in_the_drn_file(tmp_path):
    assessment, flags = solved()
    file = tmp_path / "small.drn"
    file.write_text(to_drn(assessment.chain, flags))
    model = stormpy.build_model_from_drn(str(file))
    assert model.nr_states == assessment.game.n_states + 1
    answer = ask(model, 'P=? [F<=10 "war"]')
    for start, prospect in assessment.prospects.items():
        assert abs(answer[assessment.game.starts[start]] - prospect.risk[-1, 0]) < 1e-8
    assert list(model.initial_states) == [assessment.game.starts["calm"]]
    assert set(model.labeling.get_labels()) >= {"init", "war", "calm", "hot", "quiet", "showdown"}


def test_the_explicit_files_say_the_same_rates_and_labels():
    assessment, flags = solved()
    head, *lines = to_tra(assessment.chain).splitlines()
    n, count = map(int, head.split())
    entries = np.array([line.split() for line in lines], float)
    assert count == len(entries)
    rates = sp.csr_array(
        (entries[:, 2], (entries[:, 0].astype(int), entries[:, 1].astype(int))), shape=(n, n)
    ).toarray()
    S = assessment.chain.n_states
    assert np.array_equal(rates[:S, :S], assessment.chain.transition.toarray())
    assert np.array_equal(rates[:S, S:], assessment.chain.absorption.toarray())
    assert not rates[S:].any()
    names, *rows = to_lab(flags).splitlines()
    declared = [part.split("=")[1].strip('"') for part in names.split()]
    assert declared == list(flags)
    read = {name: np.zeros(n, bool) for name in declared}
    for row in rows:
        state, _, held = row.partition(":")
        for k in held.split():
            read[declared[int(k)]][int(state)] = True
    assert all(np.array_equal(read[name], flags[name]) for name in flags)
