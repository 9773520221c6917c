"""Verdicts told in the terminal."""

from __future__ import annotations

import math

from rich.table import Table
from rich.text import Text

from equipoise.claims.trial import Trial
from equipoise.claims.verdict import Finding, Status, Verdict
from equipoise.claims.wording import tell_verdict
from equipoise.cli.terminal import Terminal
from equipoise.scenario.claim_english import tell_amount, tell_test
from equipoise.scenario.phrases import listed, percent, sentence, words

_COLOUR = {Status.HOLDS: "green", Status.FAILS: "red", Status.UNRESOLVED: "yellow"}


def report_trial(terminal: Terminal, trial: Trial, *, full: bool) -> None:
    """Every verdict in a few sentences; ``full`` adds the test, every witness and the equilibria it rests on."""
    for verdict in trial.verdicts:
        _verdict(terminal, trial, verdict)
        if full:
            _evidence(terminal, trial, verdict)
    counted = [_counted(status, trial.count(status)) for status in Status if trial.count(status)]
    contested = sum(bool(verdict.contested) for verdict in trial.verdicts)
    told = f"{len(trial.verdicts)} claim{'s' * (len(trial.verdicts) != 1)}: {listed(counted)}"
    told += f"; {contested} contested by another convention or equilibrium" if contested else ""
    terminal.out.print(f"\n{sentence(told)}", style="bold", markup=False)
    challenged = list(trial.conventions[1:]) + (["other equilibria"] if trial.equilibria else [])
    told = f"Noise convention {trial.conventions[0]}"
    told += f"; also asked: {listed(challenged)}." if challenged else "; to ask the others too: --convention all."
    terminal.out.print(told, style="dim", markup=False)


def _counted(status: Status, count: int) -> str:
    verb = {Status.HOLDS: "hold", Status.FAILS: "fail"}.get(status, status.value)
    return f"{count} {verb if count != 1 or verb == status.value else status.value}"


def _verdict(terminal: Terminal, trial: Trial, verdict: Verdict) -> None:
    colour = _COLOUR.get(verdict.status, "magenta")
    mark = Text.assemble(
        "\n", (f"{verdict.status.value.upper()} ", f"bold {colour}"), (f"{verdict.claim.id}  ", "bold"),
    )  # fmt: skip
    terminal.out.print(mark, end="")
    terminal.out.print(verdict.claim.says, style="bold", markup=False)
    terminal.hanging("", tell_verdict(trial.scenario, verdict))


def _evidence(terminal: Terminal, trial: Trial, verdict: Verdict) -> None:
    if verdict.claim.test is not None:
        terminal.hanging("", f"Tested: it holds if {tell_test(trial.scenario, verdict.claim.test)}.")
    for finding in verdict.findings:
        terminal.out.print(_witnesses(trial, finding))
    for basis in verdict.basis:
        state = "certified" if basis.certified else "not certified"
        folds = f", {basis.folds} fold{'s' * (basis.folds != 1)} passed" if basis.folds else ""
        told = f"{basis.case}: {basis.states:,} states, {basis.branch} equilibrium, {state}{folds}"
        terminal.out.print(f"      {told}", style="dim", markup=False)
    for challenge in verdict.challenges:
        terminal.out.print(f"      under {challenge.under}: {challenge.status.value}", style="dim", markup=False)


def _witnesses(trial: Trial, finding: Finding) -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    split = any(witness.differences for witness in finding.witnesses)
    for column in ("", "from", "to", "numbers", *(("assumed", "emergent", "known") if split else ()), "verdict"):
        table.add_column(column, overflow="fold")
    for witness in finding.witnesses:
        told = "\n".join(f"{_amount(r.value, finding)} {r.label}" for r in witness.readings)
        parts = []
        if split:
            told_parts = [
                (f"{d.assumed:+.3g}", f"{d.emergent:+.3g}") if d.divided else ("?", "?") for d in witness.differences
            ]
            parts = ["\n".join(part[k] for part in told_parts) for k in (0, 1)]
            parts.append("\n".join(percent(d.known) for d in witness.differences))
        actor = trial.scenario.actors[witness.actor].name or witness.actor if witness.actor else ""
        table.add_row("    ", words(witness.start), actor, told, *parts, witness.status.value)
    return table


def _amount(value: float, finding: Finding) -> str:
    return "no such number:" if math.isnan(value) else f"{tell_amount(value, finding.unit)}:"
