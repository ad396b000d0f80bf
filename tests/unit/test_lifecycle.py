"""The lifecycle core on a small resource of its own, without a host and without a panel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from pulumi_virtfusion.api.errors import ConnectionFailed, NotFound, ValidationFailed
from pulumi_virtfusion.config import Settings
from pulumi_virtfusion.lifecycle.behaviour import Behaviour
from pulumi_virtfusion.lifecycle.contract import Context, Incomplete, Made, Problem, Refused, Values
from pulumi_virtfusion.lifecycle.foresight import UNDONE
from pulumi_virtfusion.lifecycle.identity import Identity
from pulumi_virtfusion.lifecycle.run import Run
from pulumi_virtfusion.program.resource import Resource
from pulumi_virtfusion.schema.fields import (
    Arg,
    Computed,
    Id,
    OptionalArg,
    OptionalIds,
    computed,
    create_only,
    from_id,
    in_place,
    note,
    replaces,
)
from pulumi_virtfusion.schema.plain_values import UNKNOWN
from pulumi_virtfusion.schema.types import Flag, Megabytes, Name, Relation, UnorderedIds


@dataclass
class Boxes:
    """Boxes as a panel would keep them, and what was asked of it."""

    objects: dict[int, SimpleNamespace] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)
    deaf: bool = False

    def asked(self, call: str) -> None:
        self.calls.append(call)
        name = call.split()[0]
        if name in self.refusing:
            raise ValidationFailed(f"{name} answered 422: no.", "PUT", f"/{name}", 422, ["no"])

    def create(self, *, shelf: int, size: int | None = None, colour: str | None = None) -> SimpleNamespace:  # noqa: ARG002
        self.asked(f"create {shelf}")
        box = SimpleNamespace(shelf=shelf, size=size or 512, colour="", name="", labels=[], hidden=None, serial="s1")
        self.objects[7] = box
        return box

    def get(self, box: int) -> SimpleNamespace:
        self.calls.append("get")
        if box not in self.objects:
            raise NotFound("no such box")
        return self.objects[box]

    def rename(self, box: int, name: str) -> None:
        self.asked(f"rename {name}")
        if not self.deaf:
            self.objects[box].name = name

    def resize(self, box: int, size: int, delay: int) -> dict[str, object]:
        self.asked(f"resize {size} {delay}")
        self.objects[box].size = size
        return {"last_size": f"resized to {size}"}

    def label(self, box: int, labels: list[int] | None = None, name_tag: str | None = None) -> None:
        self.asked(f"label {labels} {name_tag}")
        self.objects[box].labels = labels or []

    def hide(self, box: int, hidden: bool) -> None:  # noqa: ARG002
        self.asked(f"hide {hidden}")

    def stamp(self, box: int, text: str, ink: str) -> dict[str, object]:
        self.asked(f"stamp {box} {text} {ink}")
        return {"number": len(self.calls)}


class BoxBehaviour(Behaviour):
    section = "boxes"
    noun = "box"
    made_by = Boxes.create
    unique_by = ("material",)
    found_by = (Boxes.get,)

    def validate(self, arguments: Values) -> Iterable[Problem]:
        if arguments.get("colour") == "invisible" and "hidden" not in arguments:
            yield Problem("colour", "needs hidden")

    def make(self, context: Context, arguments: Values) -> tuple[str, Any]:
        return "7", context.panel.boxes.create(**self.making(arguments))  # type: ignore[attr-defined]

    def find(self, context: Context, id_: str, known: Values) -> Any:  # noqa: ARG002
        return context.panel.boxes.get(int(id_))  # type: ignore[attr-defined]

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return {"server_uuid": context.panel.boxes.get(int(id_)).serial}  # type: ignore[attr-defined]

    def identity_when_made(self, context: Context, made: Made, record: Any, known: Values) -> Identity:  # noqa: ARG002
        return {"server_uuid": record.serial}

    def remove(self, context: Context, id_: str, outputs: Values) -> None:  # noqa: ARG002
        if context.panel.boxes.objects.pop(int(id_), None) is None:  # type: ignore[attr-defined]
            raise NotFound("no such box")


class Box(Resource, behaviour=BoxBehaviour):
    size: OptionalArg[Megabytes] = in_place(Boxes.resize, default=None)
    shelf: Id = replaces()
    colour: OptionalArg[Name] = create_only("paint cannot be taken off", default=None)
    name: OptionalArg[Name] = in_place(Boxes.rename, default=None)
    labels: OptionalIds[UnorderedIds] = in_place(Boxes.label, default=None)
    name_tag: OptionalArg[Name] = in_place(Boxes.label, default=None, read_back="never")
    hidden: OptionalArg[Flag] = in_place(Boxes.hide, default=None, read_back="never")
    material: OptionalArg[Name] = replaces(default=None, read_back="never")
    delay: Arg[int] = note(default=0)
    box_id: Computed[int] = from_id(int)
    serial: Computed[str] = computed(stable=True)
    last_size: Computed[str] = computed()


class StampBehaviour(Behaviour):
    """A stamp can be seen by nobody."""

    section = "boxes"
    noun = "stamp"
    made_by = Boxes.stamp

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return {}


class Stamp(Resource, behaviour=StampBehaviour):
    text: Arg[Name] = in_place(Boxes.stamp, read_back="never")
    ink: Arg[Name] = in_place(Boxes.stamp, read_back="never")
    customer: OptionalArg[Relation] = replaces(default=None, read_back="never")
    number: Computed[int] = computed()


@dataclass
class RecordingContext:
    panel: Any
    settings: Settings = field(default_factory=Settings)
    warnings: list[str] = field(default_factory=list)
    infos: list[str] = field(default_factory=list)
    run: Run = field(default_factory=Run)
    urn: str = ""

    def inform(self, message: str) -> None:
        self.infos.append(message)

    def warn(self, message: str) -> None:
        self.warnings.append(message)

    def progress(self, message: str) -> None:
        pass


@pytest.fixture
def boxes() -> Boxes:
    return Boxes()


@pytest.fixture
def context(boxes: Boxes) -> RecordingContext:
    return RecordingContext(SimpleNamespace(boxes=boxes))


life = Box.lifecycle
unreadable = Stamp.lifecycle


def made(context: RecordingContext, **arguments: Any) -> dict[str, Any]:
    outputs = life.create(context, {"shelf": 1, **arguments}).outputs
    context.panel.boxes.calls.clear()
    return outputs


def public(values: Values) -> dict[str, Any]:
    """Without what the engine shows nobody."""
    return {name: value for name, value in values.items() if not name.startswith("__")}


def problems(context: RecordingContext, olds: Values, adopts: str | None = None, **news: Any) -> list[str]:
    return [f"{problem.argument} {problem.reason}" for problem in life.check(context, olds, news, adopts).problems]


class TestCheck:
    def test_ids_may_be_strings_and_numbers_arrive_as_floats(self, context: RecordingContext) -> None:
        assert public(life.check(context, {}, {"shelf": "12", "size": 512.0}).inputs) == {"shelf": 12, "size": 512}

    @pytest.mark.parametrize(
        ("news", "said"),
        [
            ({"size": 128}, "size must be greater than or equal to 256"),
            ({"shelf": True}, "shelf must be a whole number or its decimal string"),
            ({"shelf": "one"}, "shelf must be a whole number or its decimal string"),
            ({"shelf": 0}, "shelf must be greater than or equal to 1"),
            ({"name": "a\nb"}, "name must not contain control characters"),
            ({"labels": [1, 1]}, "labels must not name anything twice"),
            ({"labels": [1, "x"]}, "labels 1: must be a whole number or its decimal string"),
            ({"hidden": "yes"}, "hidden must be true or false"),
            ({"colour": "invisible"}, "colour needs hidden"),
            ({"weight": 3}, "weight is not an argument of Box"),
            ({"serial": "s2"}, "serial is not an argument of Box"),
        ],
    )
    def test_a_refusal_names_the_argument_and_what_is_allowed(
        self, context: RecordingContext, news: Values, said: str
    ) -> None:
        assert problems(context, {}, **{"shelf": 1, **news}) == [said]

    def test_a_relation_is_one_part_of_a_path(self, context: RecordingContext) -> None:
        stamp = {"text": "a", "ink": "red"}
        assert unreadable.check(context, {}, {**stamp, "customer": "klant-7"}).problems == []
        assert unreadable.check(context, {}, {**stamp, "customer": 1001.0}).inputs["customer"] == 1001
        assert unreadable.check(context, {}, {**stamp, "customer": "1001"}).inputs["customer"] == "1001"
        (problem,) = unreadable.check(context, {}, {**stamp, "customer": "klant/7"}).problems
        assert (problem.argument, problem.reason) == (
            "customer",
            "must not contain a slash: the panel could not address the user",
        )

    def test_a_missing_argument_is_required(self, context: RecordingContext) -> None:
        assert problems(context, {}, size=512) == ["shelf is required"]

    def test_unknown_values_pass(self, context: RecordingContext) -> None:
        assert problems(context, {}, shelf=UNKNOWN, labels=[UNKNOWN]) == []

    def test_a_create_only_argument_is_refused_with_its_reason(self, context: RecordingContext) -> None:
        assert problems(context, {"shelf": 1, "colour": "red"}, shelf=1, colour="blue") == [
            "colour cannot be changed: paint cannot be taken off"
        ]
        assert problems(context, {"shelf": 1, "colour": "red"}, shelf=1, colour="red") == []
        assert problems(context, {"shelf": 1, "colour": "red"}, shelf=1, colour=UNKNOWN) == []

    def test_an_import_must_describe_what_is_there(self, context: RecordingContext) -> None:
        made(context, size=1024)
        assert problems(context, {}, "7", shelf=1) == []
        assert problems(context, {}, "7", shelf=2, size=512) == [
            "import_ box 7 differs from the program: "
            "size is 1024 at the panel and 512 in the program, shelf is 1 at the panel and 2 in the program. "
            "Make the program say what is there, then run it again."
        ]
        assert problems(context, {}, "8", shelf=2) == ["import_ names box 8, which the panel does not have"]


class TestDiff:
    def changed(self, context: RecordingContext, olds: Values, **news: Any) -> tuple[list[str], list[str]]:
        diff = life.diff(context, "7", olds, {"shelf": 1, **news})
        return diff.changed, diff.replaces

    def test_what_means_the_same_is_no_change(self, context: RecordingContext) -> None:
        olds = made(context, size=512, labels=[2, 1], name="a")
        assert self.changed(context, olds, size=512, labels=[1, 2], name="a") == ([], [])

    def test_what_is_left_out_is_the_panels_to_choose(self, context: RecordingContext) -> None:
        assert self.changed(context, made(context, size=1024, name="a")) == ([], [])

    def test_saying_what_the_panel_has_is_no_change(self, context: RecordingContext) -> None:
        assert self.changed(context, made(context), size=512) == ([], [])

    def test_a_create_only_argument_that_is_unknown_is_announced(self, context: RecordingContext) -> None:
        assert self.changed(context, made(context, colour="red"), colour=UNKNOWN) == (["colour"], [])
        assert context.warnings == [
            "colour is not known yet; if it changes, the update will be refused: paint cannot be taken off."
        ]

    @pytest.mark.parametrize(("material", "delete_first"), [("oak", True), ("ash", False), (UNKNOWN, False)])
    def test_an_object_that_shares_what_is_unique_goes_before_its_replacement(
        self, context: RecordingContext, material: Any, delete_first: bool
    ) -> None:
        diff = life.diff(context, "7", made(context, material="oak"), {"shelf": 2, "material": material})
        assert "shelf" in diff.replaces
        assert diff.delete_first is delete_first

    def test_each_policy_has_its_place(self, context: RecordingContext) -> None:
        olds = made(context)
        assert self.changed(context, olds, size=1024) == (["size"], [])
        assert self.changed(context, olds, shelf=2) == (["shelf"], ["shelf"])
        assert self.changed(context, olds, delay=5) == (["delay"], [])

    def test_a_write_only_argument_is_a_change_when_first_given(self, context: RecordingContext) -> None:
        assert self.changed(context, made(context), hidden=False) == (["hidden"], [])
        assert self.changed(context, made(context, hidden=False), hidden=False) == ([], [])

    def test_a_note_taken_out_returns_to_its_default(self, context: RecordingContext) -> None:
        assert self.changed(context, made(context, delay=5)) == (["delay"], [])
        assert self.changed(context, made(context, delay=0)) == ([], [])

    def test_whatever_is_unknown_and_replaces_is_shown_as_a_replacement(self, context: RecordingContext) -> None:
        olds = made(context, material="oak")
        assert self.changed(context, olds, shelf=UNKNOWN, material="oak") == (["shelf"], ["shelf"])
        assert self.changed(context, olds, material=UNKNOWN) == (["material"], ["material"])
        stamped = {"text": "a", "ink": "red", "customer": 1001}
        assert unreadable.diff(context, "7", stamped, {**stamped, "customer": UNKNOWN}).replaces == ["customer"]


class TestCreate:
    def test_what_the_creating_call_does_not_take_follows_it(self, context: RecordingContext, boxes: Boxes) -> None:
        life.create(context, {"shelf": 1, "size": 1024, "name": "a", "hidden": True})
        assert boxes.calls == ["create 1", "rename a", "hide True"]

    def test_what_the_panel_has_already_is_not_sent(self, context: RecordingContext, boxes: Boxes) -> None:
        life.create(context, {"shelf": 1, "labels": []})
        assert boxes.calls == ["create 1"]

    def test_outputs_hold_no_none(self, context: RecordingContext) -> None:
        outputs = made(context, size=1024)
        assert public(outputs) == {"size": 1024, "shelf": 1, "name": "", "labels": [], "delay": 0,
                           "serial": "s1", "last_size": ""}  # fmt: skip

    def test_a_failed_step_keeps_the_object_and_the_next_update_repairs_it(
        self, context: RecordingContext, boxes: Boxes
    ) -> None:
        boxes.refusing = {"rename", "hide"}
        arguments = {"shelf": 1, "name": "a", "labels": [3], "hidden": True}
        with pytest.raises(Incomplete) as incomplete:
            life.create(context, arguments)
        assert [reason.split(":")[0] for reason in incomplete.value.reasons] == ["name", "hidden"]
        kept = incomplete.value.made
        assert (kept.id, kept.outputs["name"], kept.outputs["labels"], "hidden" in kept.outputs) == (
            "7",
            "",
            [3],
            False,
        )
        boxes.refusing, boxes.calls = set(), []
        assert life.diff(context, "7", kept.outputs, arguments).changed == ["name", "hidden"]
        life.update(context, "7", kept.outputs, arguments)
        assert boxes.calls == ["get", "rename a", "hide True", "get"]

    def test_an_import_changes_nothing(self, context: RecordingContext, boxes: Boxes) -> None:
        made(context, size=1024)
        adopted = life.adopt(context, "7", {"shelf": 1, "name_tag": "x"})
        assert (adopted.id, adopted.outputs["size"], adopted.outputs["name_tag"]) == ("7", 1024, "x")
        assert set(boxes.calls) == {"get"}
        with pytest.raises(Refused, match="size is 1024 at the panel and 512 in the program"):
            life.adopt(context, "7", {"shelf": 1, "size": 512})


class TestUpdate:
    def test_one_call_an_operation_in_the_order_of_the_declarations(
        self, context: RecordingContext, boxes: Boxes
    ) -> None:
        olds = made(context, name="a", labels=[1], name_tag="t")
        news = {"shelf": 1, "name": "b", "size": 1024, "labels": [2], "name_tag": "u", "delay": 9}
        outputs = life.update(context, "7", olds, news)
        assert boxes.calls == ["get", "resize 1024 9", "rename b", "label [2] u", "get"]
        assert (outputs["last_size"], outputs["delay"]) == ("resized to 1024", 9)

    def test_only_the_changed_arguments_of_a_shared_operation_are_sent(
        self, context: RecordingContext, boxes: Boxes
    ) -> None:
        olds = made(context, labels=[1], name_tag="t")
        life.update(context, "7", olds, {"shelf": 1, "labels": [1], "name_tag": "u"})
        assert boxes.calls == ["get", "label None u", "get"]

    def test_what_was_done_is_kept_when_a_later_call_fails(self, context: RecordingContext, boxes: Boxes) -> None:
        olds = made(context, name="a")
        boxes.refusing = {"rename"}
        with pytest.raises(Incomplete) as incomplete:
            life.update(context, "7", olds, {"shelf": 1, "name": "b", "size": 1024})
        assert incomplete.value.made.outputs["size"] == 1024
        assert incomplete.value.made.outputs["name"] == "a"

    def test_a_panel_that_is_gone_ends_the_update_at_once(self, context: RecordingContext, boxes: Boxes) -> None:
        olds = made(context)

        def unreachable(call: str) -> None:
            boxes.calls.append(call)
            raise ConnectionFailed("no connection")

        boxes.asked = unreachable  # type: ignore[method-assign]
        with pytest.raises(Incomplete) as incomplete:
            life.update(context, "7", olds, {"shelf": 1, "name": "b", "size": 1024, "hidden": True})
        assert boxes.calls == ["get", "resize 1024 0", "get"]
        assert "hidden" not in incomplete.value.made.outputs

    def test_a_panel_that_accepts_but_does_not_follow_is_a_warning(
        self, context: RecordingContext, boxes: Boxes
    ) -> None:
        olds = made(context)
        boxes.deaf = True
        life.update(context, "7", olds, {"shelf": 1, "name": "b"})
        assert context.warnings == ["name: the panel accepted 'b' but reports ''; a refresh will show the difference."]


class TestRead:
    def test_drift_shows_in_the_inputs_of_what_the_program_says(self, context: RecordingContext, boxes: Boxes) -> None:
        outputs = made(context, size=1024, hidden=True)
        boxes.objects[7].size, boxes.objects[7].name = 2048, "drifted"
        found = life.read(context, "7", {"shelf": 1, "size": 1024, "hidden": True}, outputs)
        assert found.inputs == {"shelf": 1, "size": 2048, "hidden": True}
        assert (found.outputs["name"], found.outputs["size"], found.outputs["hidden"]) == ("drifted", 2048, True)

    def test_an_equal_value_keeps_the_programs_spelling(self, context: RecordingContext) -> None:
        outputs = made(context, labels=[2, 1])
        assert life.read(context, "7", {"shelf": 1, "labels": [1, 2]}, outputs).inputs["labels"] == [1, 2]

    def test_a_missing_object_is_not_found(self, context: RecordingContext) -> None:
        with pytest.raises(NotFound):
            life.read(context, "7", {}, {})

    def test_deleting_what_is_gone_is_done(self, context: RecordingContext) -> None:
        life.delete(context, "7", {})


class TestWhatThePanelCannotRead:
    arguments: ClassVar[Values] = {"text": "paid", "ink": "red"}
    stamped: ClassVar[Values] = {**arguments, "number": 5}

    def test_it_cannot_be_imported(self, context: RecordingContext, boxes: Boxes) -> None:
        assert [(p.argument, p.reason) for p in unreadable.check(context, {}, self.arguments, "7").problems] == [
            ("import_", "names stamp 7, but no stamp can be read from the panel")
        ]
        with pytest.raises(Refused, match="no stamp can be read"):
            unreadable.adopt(context, "7", self.arguments)
        assert boxes.calls == []

    def test_a_refresh_asks_nothing_and_changes_nothing(self, context: RecordingContext, boxes: Boxes) -> None:
        found = unreadable.read(context, "7", self.arguments, self.stamped)
        assert (found.inputs, found.outputs, boxes.calls) == (self.arguments, self.stamped, [])

    def test_a_look_up_is_refused(self, context: RecordingContext) -> None:
        with pytest.raises(Refused, match="No stamp can be looked up: the panel cannot read 7 back"):
            unreadable.read(context, "7", {}, {})

    def test_an_update_keeps_what_was_sent_and_answered(self, context: RecordingContext, boxes: Boxes) -> None:
        """An argument that the operation cannot do without goes along unchanged."""
        outputs = unreadable.update(context, "7", self.stamped, {"text": "late", "ink": "red"})
        assert boxes.calls == ["stamp 7 late red"]
        assert outputs == {"text": "late", "ink": "red", "number": 1}

    def test_a_failed_update_keeps_what_was_there(self, context: RecordingContext, boxes: Boxes) -> None:
        boxes.refusing = {"stamp"}
        with pytest.raises(Incomplete) as incomplete:
            unreadable.update(context, "7", self.stamped, {"text": "late", "ink": "red"})
        assert incomplete.value.made.outputs == {**self.stamped, UNDONE: True}
