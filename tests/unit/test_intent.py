"""When an argument that only a replacement can change makes one: never by drift, and always when nobody can know.

The table is to be read; below it stand the laws that hold of every combination, so that no row is the only proof.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import pytest

from pulumi_virtfusion.lifecycle.intent import Intent, intent
from pulumi_virtfusion.schema.plain_values import UNKNOWN

KEEP, TAKE_OVER, REPLACE, DOUBTFUL = Intent.KEEP, Intent.TAKE_OVER, Intent.REPLACE, Intent.DOUBTFUL
Kind = Literal["read", "unread", "trigger"]
"""What a field is: told by the panel; told unreliably or never; or a trigger, which means nothing to the panel."""
State = Literal["made", "imported", "earlier"]
"""Where what the state knows comes from: a create, an import, or a version that kept no words of the program."""


@dataclass(frozen=True)
class Case:
    """One decision: `said`, `says` and `has` are three spellings of values, or nothing."""

    said: Any
    says: Any
    has: Any
    kind: Kind = "read"
    state: State = "made"

    @property
    def decided(self) -> Intent:
        return intent(
            self.said,
            self.says,
            self.has,
            same=_same,
            is_read_back=self.kind == "read",
            is_trigger=self.kind == "trigger",
            is_imported=self.state == "imported",
            remembers=self.state != "earlier",
        )


def _same(one: Any, other: Any) -> bool:
    """As a field compares: an unknown value is the same as nothing, and the ends of a text do not count."""
    return UNKNOWN not in (one, other) and bool(one.strip() == other.strip())


TABLE: list[tuple[str, Case, Intent]] = [
    # what happened                                          said       says     has
    ("nothing changed", Case("a", "a", "a"), KEEP),
    ("it is only spelt otherwise in the program", Case("a", "a ", "a"), KEEP),
    ("the panel spells it otherwise", Case("a", "a", " a"), KEEP),
    ("it was taken out of the program", Case("a", None, "a"), KEEP),
    ("it was taken out, and drifted", Case("a", None, "b"), KEEP),
    ("it was never in the program", Case(None, None, "a"), KEEP),
    # -- the program changed it
    ("the program changed it", Case("a", "b", "a"), REPLACE),
    ("the program changed it while it drifted to a third", Case("a", "b", "c"), REPLACE),
    ("the program gives what was left to the panel, another value", Case(None, "b", "a"), REPLACE),
    ("the program changed it, and the panel tells nothing", Case("a", "b", None), REPLACE),
    ("the program changed it, and the preview does not know to what", Case("a", UNKNOWN, "a"), REPLACE),
    ("what was left to the panel is now given, and unknown", Case(None, UNKNOWN, "a"), REPLACE),
    # -- the panel has it already
    ("the program gives what the panel had chosen", Case(None, "a", "a"), TAKE_OVER),
    ("the program follows drift", Case("a", "b", "b"), TAKE_OVER),
    ("the program follows drift in another spelling", Case("a", "b ", "b"), TAKE_OVER),
    # -- drift alone
    ("it drifted", Case("a", "a", "b"), KEEP),
    ("the panel does not tell it any more", Case("a", "a", None), KEEP),
    # -- what the panel does not tell reliably
    ("an untold one changed", Case("a", "b", "a", "unread"), REPLACE),
    ("an untold one changed, and the state's value is the new one", Case("a", "b", "b", "unread"), REPLACE),
    ("an untold one is given for the first time", Case(None, "b", None, "unread"), REPLACE),
    ("an untold one of an import is believed", Case(None, "b", None, "unread", "imported"), TAKE_OVER),
    ("an untold one of an import was changed since", Case("a", "b", None, "unread", "imported"), REPLACE),
    ("an untold one of an import is unknown", Case(None, UNKNOWN, None, "unread", "imported"), REPLACE),
    # -- triggers
    ("a trigger changed", Case("a", "b", None, "trigger"), REPLACE),
    ("a trigger is added", Case(None, "a", None, "trigger"), REPLACE),
    ("a trigger is added to an import", Case(None, "a", None, "trigger", "imported"), REPLACE),
    ("a trigger is the same", Case("a", "a", None, "trigger"), KEEP),
    ("a trigger was taken out", Case("a", None, None, "trigger"), KEEP),
    ("a trigger is unknown", Case("a", UNKNOWN, "a", "trigger"), REPLACE),
    # -- imports of what the panel tells
    ("an import changes what it is told", Case("a", "b", "a", "read", "imported"), REPLACE),
    ("an import gives what it left out, as it is there", Case(None, "a", "a", "read", "imported"), TAKE_OVER),
    ("an import gives what it left out, otherwise", Case(None, "b", "a", "read", "imported"), REPLACE),
    # -- a state of an earlier version, whose words may be drift that a refresh wrote there
    ("of an earlier version, nothing changed", Case("a", "a", "a", "read", "earlier"), KEEP),
    ("of an earlier version, program or panel changed", Case("b", "a", "b", "read", "earlier"), DOUBTFUL),
    ("of an earlier version, it is so already", Case("a", "b", "b", "read", "earlier"), TAKE_OVER),
    ("of an earlier version, it is given for the first time", Case(None, "b", "a", "read", "earlier"), DOUBTFUL),
    ("of an earlier version, an untold one changed", Case("a", "b", "a", "unread", "earlier"), REPLACE),
    ("of an earlier version, an untold one was never kept", Case(None, "b", None, "unread", "earlier"), TAKE_OVER),
    ("of an earlier version, a trigger changed", Case("a", "b", None, "trigger", "earlier"), REPLACE),
    ("of an earlier version, it is unknown", Case("a", UNKNOWN, "a", "read", "earlier"), REPLACE),
]


@pytest.mark.parametrize(("case", "wanted"), [pytest.param(case, want, id=what) for what, case, want in TABLE])
def test_what_a_plan_makes_of_it(case: Case, wanted: Intent) -> None:
    assert case.decided is wanted


def every_case() -> Iterator[Case]:
    """The whole cross product, with values that mean the same in two spellings."""
    values = ("a", " a", "b", "c")
    for said, says, has in itertools.product((None, *values), (None, UNKNOWN, *values), (None, *values)):
        for kind, state in itertools.product(get_args(Kind), get_args(State)):
            yield Case(said, says, has, kind, state)


ALL = list(every_case())


def is_changed(case: Case) -> bool:
    """Whether the program says another thing than it did."""
    return case.says is not None and (case.said is None or not _same(case.said, case.says))


def is_so(case: Case) -> bool:
    return case.has is not None and case.says is not None and _same(case.has, case.says)


def offending(holds: Callable[[Case], bool]) -> list[Case]:
    return [case for case in ALL if not holds(case)]


def test_drift_alone_never_destroys() -> None:
    assert offending(lambda case: is_changed(case) or case.decided is KEEP) == []


def test_what_the_panel_has_changes_nothing_but_between_replacing_and_taking_over() -> None:
    """The panel's value never makes a replacement that its absence would not."""
    assert offending(lambda case: case.decided is not REPLACE or replace(case, has=None).decided is REPLACE) == []


def test_what_is_unknown_is_shown_as_a_replacement() -> None:
    assert offending(lambda case: (case.says is UNKNOWN) <= (case.decided is REPLACE)) == []


def test_what_the_panel_is_known_to_have_already_is_never_replaced() -> None:
    assert offending(lambda case: not (is_so(case) and case.kind == "read") or case.decided is not REPLACE) == []


def test_what_is_left_out_is_the_panels_to_choose() -> None:
    assert offending(lambda case: case.says is not None or case.decided is KEEP) == []


def test_a_preview_never_understates() -> None:
    """Whatever a known value would do, an unknown one in its place is shown as a replacement."""
    assert offending(lambda case: case.says is None or replace(case, says=UNKNOWN).decided is REPLACE) == []


def test_a_plain_change_is_never_swallowed() -> None:
    """A value that the program changed, and that the panel has not, is replaced or, if it may be drift, doubted."""
    for case in ALL:
        if is_changed(case) and case.says is not UNKNOWN and not is_so(case) and case.said is not None:
            assert case.decided in (REPLACE, DOUBTFUL), case
            assert (case.decided is DOUBTFUL) == (case.state == "earlier" and case.kind == "read"), case


def test_a_trigger_is_never_taken_over_or_doubted() -> None:
    assert offending(lambda case: case.kind != "trigger" or case.decided in (KEEP, REPLACE)) == []


def test_only_a_state_of_an_earlier_version_is_doubtful() -> None:
    assert offending(lambda case: case.decided is not DOUBTFUL or case.state == "earlier") == []


def test_only_what_nobody_can_know_is_believed() -> None:
    """Taken over is what the panel has, or what was never said of an object that this program did not make."""
    for case in ALL:
        if case.decided is TAKE_OVER and not is_so(case):
            assert case.said is None, case
            assert case.kind == "unread", case
            assert case.state in ("imported", "earlier"), case


def test_a_decision_is_the_same_in_every_spelling() -> None:
    def respelt(value: Any) -> Any:
        return f" {value} " if isinstance(value, str) else value

    for case in ALL:
        assert replace(case, says=respelt(case.says)).decided is case.decided, case
        assert replace(case, said=respelt(case.said), has=respelt(case.has)).decided is case.decided, case


def test_carrying_a_decision_out_comes_to_rest() -> None:
    """Once the program's value is carried out or taken over, the next plan keeps it, whatever drifts after that."""
    for case in ALL:
        if case.says in (None, UNKNOWN):
            continue
        for drifted in (None, "a", "b", "c"):
            assert replace(case, said=case.says, has=drifted).decided is KEEP, case
