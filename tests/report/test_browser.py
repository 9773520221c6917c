"""The report in a real browser: drawn, quiet, offline, accessible, at every width, in light and dark, on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = [1280, 940, 768, 390]


class Opened:
    """A page that remembers what it complained of and what it asked the network for."""

    def __init__(self, page: Page, report: Path) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(report.as_uri())
        page.wait_for_selector("html[data-ready=yes]", state="attached")

    def open_all(self) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")

    def open_starts(self) -> list[str]:
        """The starts that are shown, section by section."""
        return self.page.evaluate(
            "Array.from(document.querySelectorAll('details.start')).filter(d => d.checkVisibility())"
            ".map(d => d.closest('section').getAttribute('aria-labelledby') + ' ' + d.dataset.start)"
        )


@pytest.fixture(params=WIDTHS)
def opened(page: Page, report: Path, request: pytest.FixtureRequest) -> Opened:
    page.set_viewport_size({"width": request.param, "height": 900})
    return Opened(page, report)


def test_it_is_quiet_and_asks_nobody(opened: Opened, report: Path):
    opened.open_all()
    assert opened.said == []
    assert [url for url in opened.asked if not url.startswith(("data:", "blob:"))] == [report.as_uri()]


def test_every_figure_is_drawn(opened: Opened):
    opened.open_all()
    charts = opened.page.query_selector_all("[data-chart]")
    names = [chart.get_attribute("data-chart") for chart in charts]
    assert names == ["risk", "risk-variants", "regimes", "conduct", "ledger-calm", "ledger-hot", "ablation-calm",
                     "ablation-hot"]  # fmt: skip
    assert len(opened.page.query_selector_all("[data-map] svg")) == 2
    narrow = opened.page.viewport_size["width"] < 500
    for name, chart in zip(names, charts, strict=True):
        assert len(chart.query_selector_all("svg path, svg rect")) > 5
        box = chart.query_selector("svg").bounding_box()
        if name == "conduct" and narrow:
            assert box is None, "a table says it on a telephone"
            continue
        assert box is not None
        assert box["width"] > 200
        assert box["height"] > 60


def test_nothing_scrolls_sideways(opened: Opened):
    opened.open_all()
    width = opened.page.viewport_size["width"]
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    wide = opened.page.evaluate(
        "w => Array.from(document.querySelectorAll('main *')).filter(e => !e.closest('svg') && "
        "e.getBoundingClientRect().right > w + 1).map(e => e.outerHTML.slice(0, 90))",
        width,
    )
    assert wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(opened: Opened, scheme: str):
    opened.page.emulate_media(color_scheme=scheme)
    opened.open_all()
    found: dict[str, Any] = Axe().run(opened.page).response
    grave = {fault["id"]: [node["html"][:120] for node in fault["nodes"]][:3] for fault in found["violations"]
             if fault["impact"] in ("serious", "critical", "moderate")}  # fmt: skip
    assert grave == {}
    assert len(found["passes"]) > 20


def test_text_of_the_scenario_is_text(opened: Opened):
    assert opened.page.title().endswith("the argument on trial")
    assert opened.page.evaluate("document.title") != "taken"
    assert opened.page.query_selector_all("main img") == []
    assert "<script>document.title='taken'</script>" in opened.page.inner_text("h1")


def test_every_verdict_has_its_words_and_its_evidence(opened: Opened):
    shown = [badge.inner_text() for badge in opened.page.query_selector_all(".verdict > .badge:first-child")]
    assert shown == ["✓ Holds", "✗ Fails", "✓ Holds", "? Cannot be decided", "– Refused as unfair", "– No test yet"]
    first = opened.page.locator("article.verdict").first
    assert "about 1 in" in first.inner_text()
    first.locator("summary").click()
    assert first.locator("table").is_visible()


def test_figures_can_be_saved(page: Page, report: Path):
    opened = Opened(page, report)
    for figure in ("risk", "map-calm"):
        for kind, begins in (("svg", b"<svg"), ("png", b"\x89PNG")):
            with page.expect_download() as waiting:
                page.click(f"button[data-figure={figure}][data-save={kind}]")
            saved = Path(waiting.value.path()).read_bytes()
            assert waiting.value.suggested_filename == f"{figure}.{kind}"
            assert saved.startswith(begins)
            assert len(saved) > 2000
    assert opened.said == []


def test_charts_are_drawn_anew_when_the_page_becomes_narrow(page: Page, report: Path):
    page.set_viewport_size({"width": 1280, "height": 900})
    Opened(page, report)
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_selector("[data-chart=risk][data-drawn=narrow]", state="attached")


def test_a_reader_picks_a_start_for_the_whole_page(page: Page, report: Path):
    opened = Opened(page, report)
    told = ["roads", "settling", "ledgers", "ablation"]
    assert opened.open_starts() == [f"{section} calm" for section in told]
    page.locator("#ledgers ~ .pick select").select_option("hot")
    assert opened.open_starts() == [f"{section} hot" for section in told]
    assert page.locator("[data-chart=ledger-hot] svg").is_visible()
    assert opened.said == []


def test_it_prints_what_was_picked_with_everything_else_open(page: Page, report: Path):
    opened = Opened(page, report)
    page.locator("#roads ~ .pick select").select_option("hot")
    before = opened.open_starts()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert opened.open_starts() == before
    assert page.evaluate("document.querySelectorAll('details:not(.start):not([open])').length") == 0
    assert page.locator("details.start[open] > summary").first.inner_text() == "From hot"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.querySelectorAll('details:not(.start):not([open])').length") > 0
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert len(paper) > 50_000


def test_it_says_its_verdicts_without_scripts(browser, report: Path):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(report.as_uri())
    assert page.locator("article.verdict").count() == 6
    assert page.locator(".odds").first.is_visible()
    calm, hot = page.locator("#roads ~ details.start").all()
    assert calm.locator("h3").first.is_visible()
    assert not hot.locator("h3").first.is_visible()
    hot.locator("summary").first.click()
    assert hot.locator("h3").first.is_visible()
