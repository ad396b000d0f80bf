"""The pages say what the declarations say, and lead where they say."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from inspect import get_annotations
from pathlib import Path

import pytest

from pulumi_virtfusion.api.sections.servers import Servers
from pulumi_virtfusion.commands import main
from pulumi_virtfusion.functions import MODULES as FUNCTIONS
from pulumi_virtfusion.lifecycle.behaviour import Behaviour
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.schema.fields import create_only, in_place, note, replaces
from tests.bad_input.declared import declare, refusals
from tests.bad_input.programs import GOOD
from tests.lifecycle.life import Life
from tools.site.behaviour_page import OFFERED
from tools.site.pages import DOCS, PAGES, ROOT, TABLES
from tools.site.resource_page import change, drift, page_name
from tools.tables import keep_current, rewritten

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
NAMED = {
    *re.findall(r"[\w<>.-]+/[\w<>./-]*|\w+\.(?:py|md)\b", CONTRIBUTING),
    *re.findall(r"`((?:pulumi_virtfusion|tools|tests|docs)/[\w./-]*)`", (DOCS / "architecture.md").read_text()),
    *re.findall(r"`(\w+/[\w/]*)`", "".join(page.read_text() for page in (DOCS / "decisions").glob("*.md"))),
}
"""Every path in the guide for contributors, and on the pages that it leads to."""
ALL = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def page_of(resource: str) -> str:
    return (DOCS / "resources" / page_name(resource)).read_text()


def section(text: str, heading: str) -> str:
    return text.partition(f"## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_generated_on_a_page_is_current(page: Path) -> None:
    text = page.read_text()
    assert rewritten(text, TABLES) == text, f"{page.name} is not what the declarations say: run `make docs`."


@pytest.mark.parametrize("name", TABLES)
def test_everything_that_is_generated_stands_on_a_page(name: str) -> None:
    assert [page for page in PAGES if f"<!-- generated: {name}" in page.read_text()]


def test_a_page_is_each_resource_s_own() -> None:
    pages = {page.name for page in (DOCS / "resources").glob("*.md")}
    assert pages == {page_name(name) for name in MODULES} | {"index.md"}
    assert page_name("ServerIpv4Addresses") == "server-ipv4-addresses.md"
    for name in MODULES:
        assert page_of(name).startswith(f"# {name}\n\n<!-- generated: resource {name} -->\n")


@pytest.mark.parametrize("name", MODULES)
def test_every_resource_stands_in_a_program_that_is_run(name: str) -> None:
    programs = (ROOT / "README.md").read_text() + (DOCS / "every-resource.md").read_text()
    assert f"virtfusion.{name}(" in programs


@pytest.mark.parametrize("name", MODULES)
def test_a_resource_s_page_has_every_input_and_output_in_its_place(name: str) -> None:
    text = page_of(name)
    for field in resource_class(name).fields.values():
        there, elsewhere = ("Inputs", "Outputs") if field.is_input else ("Outputs", "Inputs")
        assert f"\n- **`{field.name}`** (" in section(text, there)
        assert f"\n- **`{field.name}`** (" not in section(text, elsewhere)
    assert ("\n## Outputs\n" in text) is any(not field.is_input for field in resource_class(name).fields.values())


@pytest.mark.parametrize("name", MODULES)
def test_a_resource_s_page_says_what_is_required_and_secret(name: str) -> None:
    text = page_of(name)
    for field in resource_class(name).fields.values():
        (line,) = re.findall(rf"^- \*\*`{field.name}`\*\* \((.*?)\)\. ", text, re.MULTILINE)
        assert line.endswith(", required") is field.required
        assert line.endswith(", secret") is (field.secret and not field.is_input)


@pytest.mark.parametrize("name", MODULES)
def test_the_id_that_a_page_imports_has_the_form_of_one(life: Life, name: str) -> None:
    """The panel has no such object, and that is all that it refuses."""
    given = re.findall(r'import_="([^"]*)"', section(page_of(name), "Import"))
    if not resource_class(name).behaviour.found_by:
        assert given == []
        return
    (id_,) = given
    said = refusals(life.host, declare(name, GOOD[name], import_=id_))
    assert not [one for one in said if "cannot be its id" in one or "is not the id of" in one]


def test_each_policy_has_its_words() -> None:
    assert change(in_place(Servers.rename)) == "is made in place: `PUT /servers/{serverId}/modify/name`"
    assert change(replaces()) == "replaces the object"
    assert change(create_only("it is a ledger")) == "is refused at preview: it is a ledger"
    assert change(note(default=0)) == "asks the panel nothing"


def test_drift_that_cannot_be_seen_is_said() -> None:
    said = {name: "\n".join(drift(resource_class(name))) for name in MODULES}
    assert "never tells it, so the program's value is kept: `package_id`" in said["Server"]
    assert "puts the program's value back: `user_id`, `name`, `memory`" in said["Server"]
    assert "warns, and nothing is planned: `hypervisor_group_id`" in said["Server"]
    assert "sees no drift" in said["UserCredit"]
    assert "`server_id`" not in said["ServerFirewall"]  # another server's firewall is another object


ANSWERS = [name for name in vars(Behaviour) | get_annotations(Behaviour) if not name.startswith("_")]


def test_authors_read_of_each_answer_of_a_behaviour_once() -> None:
    text = (DOCS / "behaviour.md").read_text()
    listed = re.findall(r"^- \*\*`(\w+)[^`]*`\*\*\. (.+)\n  \*Default\*: (.+)\.$", text, re.MULTILINE)
    offered = re.findall(r"^- \*\*`(\w+)", section(text, OFFERED), re.MULTILINE)
    assert sorted([*(name for name, _, _ in listed), *offered]) == sorted(ANSWERS)
    defaults = {name: default for name, _, default in listed}
    assert {defaults[one] for one in ("noun", "make", "remove")} == {"none; it must be given"}
    assert (defaults["found_by"], defaults["plan"], defaults["described"]) == (
        "`()`",
        "`diff`",
        '`f"{self.noun} {id_}"`',
    )


@pytest.mark.parametrize("name", ANSWERS)
def test_a_method_of_a_behaviour_says_when_it_is_asked_for(name: str) -> None:
    answer = inspect.getattr_static(Behaviour, name, None)
    if callable(answer) and name != "inputs":
        assert "asked " in (inspect.getdoc(answer) or "").lower()


def test_every_function_and_every_command_is_a_heading() -> None:
    functions, commands = (DOCS / "functions.md").read_text(), (DOCS / "commands.md").read_text()
    plain = [name for name in FUNCTIONS if not name.endswith("_output")]
    assert sorted(re.findall(r"^### (\w+)$", functions, re.MULTILINE)) == sorted(plain)
    assert re.findall(r"^## virtfusion (.*)$", commands, re.MULTILINE) == [one.name for one in main.registered_commands]


def test_only_what_stands_between_the_markers_is_rewritten() -> None:
    text = "before | mine\n<!-- generated: settings -->\nold\n<!-- end -->\nafter"
    new = rewritten(text, TABLES)
    assert new.startswith("before | mine\n")
    assert new.endswith("\nafter")
    assert "old" not in new
    assert "`virtfusion:endpoint`" in new
    assert rewritten(new, TABLES) == new


def test_a_check_says_which_page_is_stale_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    current, stale = tmp_path / "current.md", tmp_path / "stale.md"
    current.write_text("no table")
    stale.write_text("<!-- generated: resource SshKey -->\nold\n<!-- end -->")
    assert keep_current([current, stale], TABLES, check=True) == 1
    assert capsys.readouterr().err == "stale.md is not what the code says: run `make docs`.\n"
    assert "old" in stale.read_text()
    assert keep_current([current, stale], TABLES, check=False) == 0
    assert keep_current([current, stale], TABLES, check=True) == 0
    assert "**`public_key`**" in stale.read_text()


@pytest.mark.parametrize("path", sorted(NAMED))
def test_a_path_that_contributors_read_is_there(path: str) -> None:
    """`<name>` stands for any; a module without a folder is one of the package."""
    pattern = re.sub(r"<\w+>", "*", path.rstrip("/."))
    assert [*ROOT.glob(pattern), *(ROOT / "pulumi_virtfusion").glob(pattern)]


@pytest.mark.parametrize("page", ALL, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_to_a_page_and_a_heading(page: Path) -> None:
    for path, heading in re.findall(r"\]\((?!\w+:)([^)#]*)#?([^)]*)\)", page.read_text()):
        target = page.parent / path if path else page
        if target == DOCS / "examples.md":  # made with the site
            continue
        assert target.exists(), path
        if heading:
            assert heading in [_anchor(line) for line in target.read_text().splitlines() if line.startswith("#")]


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lstrip("# ").lower()).replace(" ", "-")


def test_the_drawing_of_the_layers_is_the_contract_that_lint_holds() -> None:
    drawing = (DOCS / "architecture.md").read_text().partition("```text\n")[2].partition("```")[0]
    contract = (DOCS.parent / "pyproject.toml").read_text().partition("layers = [")[2].partition("]")[0]
    assert re.findall(r"^(\S+(?: \| \S+)?)", drawing, re.MULTILINE) == re.findall(r'"([^"]+)"', contract)


ENCODINGS = """
import sys, warnings
from pathlib import Path
from tools.bench import report
from tools.bench.results import Results
from tools.site.tested_program import program
from tools.tables import TABLES, keep_current

warnings.simplefilter("error", EncodingWarning)
program()
report.DOCS = Path(sys.argv[1])
report.write(Results([]))
keep_current(report.DOCS.iterdir(), TABLES, check=False)
"""


def test_pages_are_read_and_written_in_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    for page in ("performance.md", "large-stacks.md"):
        (tmp_path / page).write_text("<!-- generated: settings -->\nü\n<!-- end -->\n", encoding="utf-8")
    command = [sys.executable, "-X", "warn_default_encoding", "-c", ENCODINGS, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
