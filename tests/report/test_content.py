"""The three forms of a report say the same, and what they say is what was computed."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hostile import HOSTILE

from equipoise.assessment import plain
from equipoise.claims.cases import Case
from equipoise.outlook.risk import risk
from equipoise.report import Evidence, to_html, to_markdown
from equipoise.report.content import content, data
from equipoise.report.figures import figures
from equipoise.report.provenance import provenance
from equipoise.scenario.phrases import one_in, percent


class Words(HTMLParser):
    """The text of a page without its scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside = tag if tag in ("script", "style") else self.inside

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.text.append(data)


def words_of(page: str) -> str:
    parser = Words()
    parser.feed(page)
    return " ".join(" ".join(parser.text).split())


def test_all_forms_say_every_verdict(evidence: Evidence):
    page, markdown = words_of(to_html(evidence)), to_markdown(evidence)
    plain_markdown = re.sub(r"\\(.)", r"\1", markdown)
    for verdict in content(evidence)["verdicts"]["claims"]:
        for part in ("sentence", "split", "contest"):
            told = " ".join(verdict[part].split())
            assert told in page
            assert told in plain_markdown


def test_risks_are_those_of_the_chain(evidence: Evidence):
    solution = evidence.trial.solutions[Case()]
    for row, start in zip(content(evidence)["risks"]["rows"], evidence.scenario.initial, strict=True):
        chance = float(risk(solution.chain, solution.game.starts[start], [evidence.scenario.horizon]).sum())
        assert row["any"] == {"percent": percent(chance), "odds": one_in(chance)}


def test_the_ledger_adds_up(evidence: Evidence):
    assert [ledger.start for ledger in evidence.ledgers] == ["calm", "hot"]
    for ledger in evidence.ledgers:
        for account in ledger.accounts:
            for case in ledger.cases:
                parts = sum(entry.value[case] for entry in account.entries)
                assert parts == pytest.approx(account.total[case], abs=1e-8)


def test_json_is_strict_and_complete(evidence: Evidence):
    told = json.loads(json.dumps(plain(data(evidence)), allow_nan=False))
    assert [v["id"] for v in told["verdicts"]] == ["T1", "T2", "T3", "T4", "T5", "T6"]
    assert {"report", "assessment", "ledgers", "roads", "undoings", "ablation", "curves", "headlines"} <= told.keys()


def test_markdown_cannot_be_broken_out_of(evidence: Evidence):
    markdown = to_markdown(evidence)
    assert HOSTILE not in markdown
    assert "<script" not in markdown.replace("\\<script", "")
    for table in re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


def test_figures_are_files_too(evidence: Evidence):
    for figure in figures(evidence):
        assert figure.still().startswith("<svg")
        assert figure.png().startswith(b"\x89PNG")
        assert figure.alt


def test_an_ablation_changes_what_it_removes(evidence: Evidence):
    (removal,) = evidence.ablation.removals
    assert removal.mechanism == "A1"
    assert removal.headline.risk["hot"] == pytest.approx(0), "without accidents there is no war"
    assert evidence.ablation.whole.risk["hot"] > 0.01


def test_turning_back_is_told_from_leading_there(evidence: Evidence):
    road = next(road for road in evidence.roads if road.start == "calm")
    turns = {turn.move: turn for turn in road.turns}
    assert turns["press"].risk == pytest.approx(0, abs=1e-12)
    assert turns["press"].change == pytest.approx(-road.chance)
    assert turns["yield"].change > 0


def test_provenance_knows_the_commit_of_a_file_and_whether_it_was_changed(tmp_path: Path, evidence: Evidence):
    import subprocess

    def git(*arguments: str) -> str:
        names = ["-c", "user.name=a", "-c", "user.email=a@b"]
        return subprocess.run(["git", "-C", str(tmp_path), *names, *arguments], check=True, capture_output=True,
                              text=True).stdout.strip()  # fmt: skip

    path, part = tmp_path / "a.yaml", tmp_path / "parts" / "b.yaml"
    part.parent.mkdir()
    part.write_text("title: One")
    path.write_text("extend: parts/b.yaml")
    assert provenance(evidence.scenario, path, command="", seed=0).commit == ""
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    found = provenance(evidence.scenario, path, command="", seed=0)
    assert found.commit == git("rev-parse", "HEAD")
    assert not found.changed
    part.write_text("title: Two")
    assert provenance(evidence.scenario, path, command="", seed=0).changed
    git("commit", "-qam", "two")
    found = provenance(evidence.scenario, path, command="", seed=0)
    assert found.commit == git("rev-parse", "HEAD")
    assert not found.changed
