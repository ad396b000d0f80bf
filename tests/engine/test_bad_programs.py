"""Bad programs on the real CLI: what a person reads at the preview, and that nothing was asked of the panel."""

from __future__ import annotations

from tests.engine.conftest import Program
from tests.engine.panel_stack import PanelStack

GOOD = """
import pulumi
import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001)
"""
BAD = """
config = pulumi.Config()
web = virtfusion.Server(
    "web",
    package_id="seven",
    user_id=ada.user_id,
    hypervisor_group_id=1,
    name=config.require_secret("label"),
    memory=2**60,
    cpu_cores=float("nan"),
    firewall_rulesets=[-1, ada.user_id, "web"],
)
"""


def problems(stack: PanelStack, name: str) -> list[str]:
    said = stack.said_of(name, stack.preview(fails=True))
    assert stack.changed == []
    return sorted(line.partition(" has a problem: ")[2] for line in said)


def test_each_problem_is_a_line_of_its_resource_and_a_secret_is_not_in_it(program: Program) -> None:
    stack = program(GOOD + BAD)
    stack.config("label", "marked-label\t-2b71", secret=True)
    assert problems(stack, "web") == [
        "cpu_cores: must be a whole number (got nan)",
        "firewall_rulesets: 1: must be a whole number",
        "memory: must be less than or equal to 2147483648 (got 1152921504606846976)",
        "name: must not contain control characters",
        "package_id: must be a whole number or its decimal string (got 'seven')",
    ]
    assert stack.files_with("marked-label") == []


def test_what_sends_values_along_for_messages_is_neither_in_previews_nor_in_states(program: Program) -> None:
    stack = program(GOOD)
    made = stack.up()
    assert "__openly" not in made.stdout
    (user,) = stack.resources().values()
    assert not [where for where in ("inputs", "outputs") if "__openly" in user[where]]
    assert stack.preview_steps() == []
    stack.replace(('name="Ada"', 'name="Ada L."'))
    (step,) = stack.preview_steps()
    assert (list(step.detailed_diff), step.diff_reasons) == (["name"], ["name"])
    assert "__openly" not in stack.preview("--diff").stdout


def test_a_misspelt_argument_is_an_error_at_its_line(program: Program) -> None:
    stack = program(GOOD.replace("name=", "nmae="))
    text = stack.preview(fails=True).stdout
    assert "TypeError: User('ada') has no argument nmae" in text
    assert '__main__.py", line 5, in <module>' in text
    assert stack.requests == []
