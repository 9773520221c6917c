"""What only compiling finds is told with its line too."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.cli.app import main

BROKEN = """\
title: Two rivals
actors:
  A: {discount: rho, tempo: pace, noise: tau}
factors:
  arms: {levels: [few, many]}
  talks: {levels: [absent, underway]}
impossible:
  - {arms: many, talks: underway}
parameters:
  rho: {value: 0.1, unit: 1/year, source: analyst's judgement}
  pace: {value: 2, unit: 1/year, source: analyst's judgement}
  tau: {value: 0.5, unit: util, source: analyst's judgement}
moves:
  - id: talk
    actor: A
    when: {talks: absent}
    set: {talks: underway}
  - id: arm
    actor: A
    when: {arms: few}
    set: {arms: many}
initial:
  now: {state: {arms: few, talks: absent}}
"""


@pytest.mark.parametrize(
    "command", [["check"], ["assess"], ["explain", "--from", "now"], ["simulate", "--from", "now"]]
)
def test_a_branch_into_an_impossible_state_is_told_with_its_line(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN)
    with pytest.raises(SystemExit) as ended:
        main([command[0], str(path), *command[1:]])
    assert ended.value.code == 1
    told = "".join(capsys.readouterr().err.split())
    assert "broken.yaml:14:5" in told
    assert "broken.yaml:18:5" in told
