"""What the program offers is documented, and what is documented it offers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from equipoise.cli.app import app
from equipoise.cli.terminal import Exit

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "commands.md").read_text()
PROGRAM = typer.main.get_command(app)
COMMANDS = PROGRAM.commands


def section(command: str) -> str:
    found = re.search(rf"### `equipoise {command}[ `].*?(?=\n### |\n## |\Z)", PAGE, re.DOTALL)
    assert found, f"docs/commands.md has no section on {command}"
    return found[0]


def common() -> str:
    return PAGE.split("## Ask a scenario")[1].split("### ")[0]


def options(command: object) -> set[str]:
    return {max(p.opts, key=len) for p in command.params if p.param_type_name == "option"} - {"--help"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_documented(name):
    text = section(name) + (common() if name in ("assess", "explain", "simulate") else "")
    missing = [option for option in options(COMMANDS[name]) if f"`{option}" not in text]
    assert not missing


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_documented_option_exists(name):
    documented = set(re.findall(r"^\| `(--[a-z-]+)", section(name), re.MULTILINE))
    assert documented <= options(COMMANDS[name])


def test_every_documented_command_exists():
    assert set(re.findall(r"### `equipoise ([a-z]+)", PAGE)) == set(COMMANDS)


def test_common_options_belong_to_every_command_that_asks():
    documented = set(re.findall(r"^\| `(--[a-z-]+)", common(), re.MULTILINE))
    assert documented
    for name in ("assess", "explain", "simulate"):
        assert documented <= options(COMMANDS[name])


def test_global_options_are_documented():
    assert {option for option in options(PROGRAM) if f"`{option}`" not in PAGE} == set()


def test_every_exit_code_is_documented_and_no_other():
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE.split("## Exit codes")[1], re.MULTILINE)}
    assert documented == {int(code) for code in Exit}


def test_every_command_and_option_says_what_it_does_in_its_help():
    for command in COMMANDS.values():
        assert command.help
        assert all(getattr(p, "help", None) for p in command.params if p.name != "help")


@pytest.mark.parametrize("page", ["README.md", "docs/commands.md", "docs/json.md", "docs/index.md", "CONTRIBUTING.md"])
def test_commands_named_in_the_docs_exist(page):
    named = set(re.findall(r"(?:^|`|bin/)equipoise ([a-z]+)", (ROOT / page).read_text(), re.MULTILINE))
    assert named <= set(COMMANDS)


@pytest.mark.parametrize(
    "page", sorted(str(p.relative_to(ROOT)) for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
)
def test_links_between_pages_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", (ROOT / page).read_text(), flags=re.DOTALL)
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    lost = [
        x
        for x in links
        if x and not x.startswith(("http:", "https:")) and not (ROOT / page).parent.joinpath(x).exists()
    ]
    assert not lost
