"""The README says what the declarations say."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.api.servers import Servers
from pulumi_virtfusion.docs import README, TABLES, change_of, rewritten
from pulumi_virtfusion.fields import create_only, in_place, note, replaces
from pulumi_virtfusion.resources import MODULES, resource_class


def test_the_tables_of_the_readme_are_current() -> None:
    text = README.read_text()
    assert rewritten(text) == text, "README.md is not what the declarations say: run `make docs`."


@pytest.mark.parametrize("name", TABLES)
def test_every_table_stands_in_the_readme(name: str) -> None:
    assert f"<!-- generated: {name} -->" in README.read_text()


@pytest.mark.parametrize("name", MODULES)
def test_every_argument_of_a_resource_is_a_row(name: str) -> None:
    text = "\n".join(TABLES["resources"]())
    section = text.partition(f"### {name}\n")[2].partition("\n### ")[0]
    for field in resource_class(name).fields.values():
        assert f"\n| `{field.name}`" in section


@pytest.mark.parametrize("name", MODULES)
def test_only_a_resource_with_outputs_of_its_own_has_a_table_of_them(name: str) -> None:
    section = "\n".join(TABLES["resources"]()).partition(f"### {name}\n")[2].partition("\n### ")[0]
    has_outputs = any(not field.is_input for field in resource_class(name).fields.values())
    assert ("| Output beside the inputs |" in section) is has_outputs


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
