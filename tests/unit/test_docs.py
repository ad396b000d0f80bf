"""The README and the page of the resources say what the declarations say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pulumi_virtfusion.api.sections.servers import Servers
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.schema.fields import create_only, in_place, note, replaces
from tools.tables import README, RESOURCES, ROOT, TABLES, change_of, keep_current, rewritten

DETAILS = "\n".join(TABLES["details"]())
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
NAMED = sorted(set(re.findall(r"[\w<>.-]+/[\w<>./-]*|\w+\.(?:py|md)\b", CONTRIBUTING)))
"""Every path in the guide."""


@pytest.mark.parametrize("page", [README, RESOURCES], ids=lambda page: page.name)
def test_the_tables_of_a_page_are_current(page: Path) -> None:
    text = page.read_text()
    assert rewritten(text) == text, f"{page.name} is not what the declarations say: run `make docs`."


@pytest.mark.parametrize("name", TABLES)
def test_every_table_stands_on_a_page(name: str) -> None:
    assert f"<!-- generated: {name} -->" in README.read_text() + RESOURCES.read_text()


@pytest.mark.parametrize("name", MODULES)
def test_every_argument_of_a_resource_is_a_row(name: str) -> None:
    section = DETAILS.partition(f"## {name}\n")[2].partition("\n## ")[0]
    for field in resource_class(name).fields.values():
        assert f"\n| `{field.name}`" in section


@pytest.mark.parametrize("name", MODULES)
def test_only_a_resource_with_outputs_of_its_own_has_a_table_of_them(name: str) -> None:
    section = DETAILS.partition(f"## {name}\n")[2].partition("\n## ")[0]
    has_outputs = any(not field.is_input for field in resource_class(name).fields.values())
    assert ("| Output beside the inputs |" in section) is has_outputs


@pytest.mark.parametrize("name", MODULES)
def test_the_overview_has_every_input_once(name: str) -> None:
    (row,) = [line for line in "".join(TABLES["resources"]()).splitlines() if line.startswith(f"| [{name}]")]
    inputs = [field.name for field in resource_class(name).fields.values() if field.is_input]
    assert sorted(re.findall(r"`(\w+)`", row)) == sorted(inputs)
    assert f"## {name}" in DETAILS.splitlines()


def test_each_policy_has_its_words() -> None:
    assert change_of(in_place(Servers.rename)) == "in place: `PUT /servers/{serverId}/modify/name`"
    assert change_of(replaces()) == "replace"
    assert change_of(create_only("it is a ledger")) == "create only: it is a ledger"
    assert change_of(note(default=0)) == "note"


def test_only_what_stands_between_the_markers_is_rewritten() -> None:
    text = "before | mine\n<!-- generated: settings -->\nold\n<!-- end -->\nafter"
    new = rewritten(text)
    assert new.startswith("before | mine\n")
    assert new.endswith("\nafter")
    assert "old" not in new
    assert "`virtfusion:endpoint`" in new
    assert rewritten(new) == new


def test_a_check_says_which_page_is_stale_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    current, stale = tmp_path / "current.md", tmp_path / "stale.md"
    current.write_text("no table")
    stale.write_text("<!-- generated: unread -->\nold\n<!-- end -->")
    assert keep_current([current, stale], TABLES, check=True) == 1
    assert capsys.readouterr().err == "stale.md is not what the code says: run `make docs`.\n"
    assert "old" in stale.read_text()
    assert keep_current([current, stale], TABLES, check=False) == 0
    assert keep_current([current, stale], TABLES, check=True) == 0


@pytest.mark.parametrize("path", NAMED)
def test_a_path_in_the_guide_for_contributors_is_there(path: str) -> None:
    """`<name>` stands for any; a module without a folder is one of the package."""
    pattern = re.sub(r"<\w+>", "*", path.rstrip("/."))
    assert [*ROOT.glob(pattern), *(ROOT / "pulumi_virtfusion").glob(pattern)]


@pytest.mark.parametrize(
    "page", sorted([*(ROOT / "docs").glob("*.md"), *ROOT.glob("*.md")]), ids=lambda page: page.name
)
def test_a_link_leads_to_a_page_and_a_heading(page: Path) -> None:
    for path, heading in re.findall(r"\]\((?!\w+:)([^)#]*)#?([^)]*)\)", page.read_text()):
        target = page.parent / path if path else page
        assert target.exists(), path
        if heading:
            assert heading in [_anchor(line) for line in target.read_text().splitlines() if line.startswith("#")]


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lstrip("# ").lower()).replace(" ", "-")
