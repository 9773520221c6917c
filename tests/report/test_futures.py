"""What is not known, in the report: the same in every form, drawn, escaped, and refused where it does not belong."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from hostile import HOSTILE, argued
from playwright.sync_api import Page
from test_browser import Opened
from test_content import words_of

from equipoise.assessment import plain
from equipoise.ensemble import Plan, run
from equipoise.errors import RequestError
from equipoise.report import Evidence, gather, to_html, to_markdown
from equipoise.report.content import content, data
from equipoise.report.figures import figures
from equipoise.scenario.models import Scenario


def uncertain() -> Scenario:
    """The hostile scenario with ranges around its numbers, whose descriptions are hostile too."""
    plain_text = argued().model_dump(exclude_defaults=True)
    for name, parameter in plain_text["parameters"].items():
        low, high = parameter["value"] / 3, parameter["value"] * 3
        plain_text["parameters"][name] = {**parameter, "range": [low, high], "prior": None, "about": f"How {HOSTILE}"}
    for claim in plain_text["claims"]:
        if claim["id"] == "T1":
            claim["test"]["below"] = 0.05  # it is 0.02 at its own numbers
    return Scenario.model_validate(plain_text)


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("futures") / "ensemble"
    with ThreadPoolExecutor(1) as executor:
        run(Plan(uncertain(), cold=0.2, command=f"equipoise explore {HOSTILE}"), folder, 160, executor=executor)
    return folder


@pytest.fixture(scope="module")
def evidence(ensemble: Path) -> Evidence:
    found = gather(uncertain(), ablation="none", ensemble=ensemble, cruxes=["T1"])
    assert found is not None
    return found


def test_all_forms_say_what_decides_each_claim(evidence):
    page, markdown = words_of(to_html(evidence)), re.sub(r"\\(.)", r"\1", to_markdown(evidence))
    section = content(evidence)["futures"]
    assert {claim["id"] for claim in section["claims"]} >= {"T1", "T3"}
    for claim in section["claims"]:
        parts = [claim[part] for part in ("share", "discovery", "information", "influence", "alike", "interval")]
        for part in [*parts, *claim["cruxes"]]:
            told = " ".join(part.split())
            assert told in page
            assert told in " ".join(markdown.split())
    for part in ("failures", "cold"):
        assert section[part] in page
        assert section[part] in " ".join(markdown.split())


def test_what_it_says_is_what_the_futures_hold(evidence):
    explored = evidence.exploration
    told = json.loads(json.dumps(plain(data(evidence)), allow_nan=False))["futures"]
    assert told["draws"] == 160
    (first,) = [claim for claim in told["claims"] if claim["claim"] == "T1"]
    column = explored.futures.claims.index("T1")
    assert first["share"]["share"] == (explored.futures.verdicts[:, column] == "holds").mean()
    assert 0 < first["share"]["share"] < 1
    (crux,) = told["cruxes"]
    assert crux["claim"] == "T1"
    assert crux["cruxes"]
    assert all(one["status"] != crux["status"] for one in crux["cruxes"])


def test_hostile_descriptions_stay_text(evidence):
    page, markdown = to_html(evidence), to_markdown(evidence)
    assert HOSTILE not in page
    assert HOSTILE not in markdown
    for table in re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1, table


def test_its_figures_are_files_and_are_described(evidence):
    drawn = {figure.name: figure for figure in figures(evidence)}
    assert {"shares", "influence-T1", "information-T1", "crux-T1"} <= set(drawn)
    for name in ("shares", "influence-T1", "information-T1", "crux-T1"):
        assert drawn[name].still().startswith("<svg")
        assert len(drawn[name].alt) > 60


@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser_it_is_drawn_quiet_and_accessible(page: Page, evidence, tmp_path, width):
    path = tmp_path / "report.html"
    path.write_text(to_html(evidence), encoding="utf-8")
    page.set_viewport_size({"width": width, "height": 900})
    opened = Opened(page, path)
    opened.open_all()
    assert opened.said == []
    assert page.title() != "taken"
    for name in ("shares", "influence-T1", "crux-T1"):
        box = page.query_selector(f"[data-chart={name}] svg").bounding_box()
        assert box["width"] > 150
        assert box["height"] > 40
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_an_ensemble_of_another_text_is_refused(ensemble):
    with pytest.raises(RequestError, match="another text of the scenario"):
        gather(argued(), ensemble=ensemble)
    with pytest.raises(RequestError, match="no claim is called 'T9'"):
        gather(uncertain(), ensemble=ensemble, cruxes=["T9"])
    with pytest.raises(RequestError, match="holds no ensemble"):
        gather(uncertain(), ensemble=ensemble.parent)
