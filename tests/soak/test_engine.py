"""The engine model does what was measured of Pulumi's engine, shown with notes: a note is a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.harness.note import FragileNoteProvider, NoteProvider
from tests.provider_host import ProviderHosts
from tests.soak.engine import Declared, Engine, Failed, Kind, Ref, Step
from tests.soak.parallel import ParallelUpdate

KINDS = {
    "Note": Kind(NoteProvider(), "note:Note", {"place": str}, frozenset({"language"})),
    "Fragile": Kind(FragileNoteProvider(), "note:Fragile"),
}
NewNote = Callable[..., Declared]


@pytest.fixture
def engine(provider_hosts: ProviderHosts) -> Engine:
    return Engine(provider_hosts.configured({"note:language": "latin"}), KINDS)


@pytest.fixture
def note(tmp_path: Path) -> NewNote:
    def new(file: str, text: object, kind: str = "Note") -> Declared:
        return Declared(kind, {"path": str(tmp_path / file), "text": text})

    return new


@pytest.fixture
def done(engine: Engine) -> list[tuple[str, str]]:
    """What the engine does from now on, beside looking."""
    steps: list[tuple[str, str]] = []

    def note_down(step: Step, _error: str) -> None:
        if step.op != "same":
            steps.append((step.op, step.name))

    engine.after = note_down
    return steps


def test_an_unchanged_program_is_an_empty_preview(engine: Engine, note: NewNote) -> None:
    program = {"one": note("1", "hello")}
    engine.up(program)
    assert engine.preview(program) == []


def test_a_changed_argument_is_an_update_and_is_stored(
    engine: Engine, note: NewNote, done: list[tuple[str, str]]
) -> None:
    engine.up({"one": note("1", "hello")})
    engine.up({"one": note("1", "hello again")})
    assert done == [("create", "one"), ("update", "one")]
    assert (engine.state[0].inputs["text"], engine.state[0].outputs["length"]) == ("hello again", 11)


def test_what_refers_to_something_new_is_unknown_in_a_preview_and_known_in_the_update(
    engine: Engine, note: NewNote, tmp_path: Path
) -> None:
    program = {"one": note("1", "hello"), "other": note("2", Ref("one", "language"))}
    assert [step.op for step in engine.preview(program)] == ["create", "create"]
    assert not list(tmp_path.iterdir())
    engine.up(program)
    assert (tmp_path / "2").read_text() == "latin"


def test_of_an_update_a_preview_knows_the_inputs_the_id_and_what_is_stable(engine: Engine, note: NewNote) -> None:
    others = {name: note(name, Ref("one", name)) for name in ("place", "language", "path")}
    engine.up({"one": note("1", "hello"), **others})
    planned = engine.preview({"one": note("1", "changed"), **others})
    assert [step.name for step in planned] == ["one"]


def test_a_removed_resource_is_deleted_last_and_dependents_before_what_they_need(
    engine: Engine, note: NewNote, done: list[tuple[str, str]]
) -> None:
    engine.up({"one": note("1", "hello"), "other": note("2", Ref("one", "language"))})
    engine.up({"new": note("3", "hello")})
    assert done[2:] == [("create", "new"), ("delete", "other"), ("delete", "one")]


def test_a_replacement_that_deletes_first_takes_along_what_would_be_replaced(
    engine: Engine, note: NewNote, done: list[tuple[str, str]], tmp_path: Path
) -> None:
    # A note is replaced when its path changes, and not when its text does.
    same_path = Declared("Note", {"path": Ref("one", "text"), "text": "hello"})
    program = {"one": note("1", str(tmp_path / "2")), "path": same_path, "text": note("3", Ref("one", "path"))}
    engine.up(program)
    engine.up({**program, "one": note("changed", str(tmp_path / "2"))})
    assert done[3:] == [
        ("delete", "path"), ("delete", "one"), ("replace", "one"), ("create", "path"), ("update", "text"),
    ]  # fmt: skip
    assert (tmp_path / "3").read_text() == str(tmp_path / "changed")
    assert not [kept for kept in engine.state if kept.doomed or kept.awaiting]


def test_a_step_that_fails_keeps_what_was_there_and_ends_the_run(
    engine: Engine, note: NewNote, done: list[tuple[str, str]]
) -> None:
    engine.up({"one": note("1", "hello")})
    with pytest.raises(Failed, match="the pen is empty"):
        engine.up({"boom": note("2", "boom"), "late": note("3", "hello")})
    assert done == [("create", "one"), ("create", "boom")]
    assert [kept.name for kept in engine.state] == ["one"]


def test_a_refused_argument_fails_the_preview_before_anything_is_done(
    engine: Engine, note: NewNote, done: list[tuple[str, str]]
) -> None:
    with pytest.raises(Failed, match="text: refused"):
        engine.up({"one": note("1", "hello"), "other": note("2", "refused")})
    assert done == []


def test_a_partly_made_object_is_kept_with_its_reasons_and_updated_although_nothing_changed(
    engine: Engine, note: NewNote
) -> None:
    program = {"torn": note("1", "hello", "Fragile")}
    with pytest.raises(Failed, match="torn"):
        engine.up(program)
    (kept,) = engine.state
    assert (kept.reasons, kept.inputs["text"], kept.outputs) == (["torn"], "hello", {"path": kept.id})
    assert [step.op for step in engine.preview(program)] == ["update"]


def test_a_refresh_stores_inputs_and_outputs_and_forgets_what_is_gone(
    engine: Engine, note: NewNote, tmp_path: Path
) -> None:
    program = {"one": note("1", "hello"), "other": note("2", "hello")}
    engine.up(program)
    (tmp_path / "1").write_text("by hand")
    (tmp_path / "2").unlink()
    assert sorted(engine.refresh()) == ["one", "other"]
    assert [(kept.name, kept.inputs["text"]) for kept in engine.state] == [("one", "by hand")]
    assert [(step.op, step.name) for step in engine.preview(program)] == [("update", "one"), ("create", "other")]


def test_destroy_ends_everything(engine: Engine, note: NewNote, tmp_path: Path) -> None:
    engine.up({"one": note("1", "hello"), "other": note("2", Ref("one", "language"))})
    engine.destroy()
    assert engine.state == []
    assert not list(tmp_path.iterdir())


FOUR_AT_ONCE = partial(ParallelUpdate, at_once=4)


def test_several_steps_may_be_under_way_and_wait_for_what_they_refer_to(
    engine: Engine, note: NewNote, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "slow")
    program = {
        "slow": note("slow", "hello"), "beside": note("1", "hello"), "after": note("2", Ref("slow", "language")),
    }  # fmt: skip
    with ThreadPoolExecutor() as elsewhere:
        running = elsewhere.submit(engine.up, program, update=FOUR_AT_ONCE)
        while not (tmp_path / "1").exists():
            assert not running.done()
        assert not (tmp_path / "2").exists()
        assert (tmp_path / "slow").read_text() == "hello"
        running.result()
    assert (tmp_path / "2").read_text() == "latin"
    assert [kept.name for kept in engine.state] == ["slow", "beside", "after"]


def test_what_is_under_way_when_a_step_fails_ends_and_is_kept(engine: Engine, note: NewNote, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "slow")
    program = {
        "slow": note("slow", "hello"), "boom": note("1", "boom"), "late": note("2", Ref("boom", "language")),
    }  # fmt: skip
    with ThreadPoolExecutor() as elsewhere:
        running = elsewhere.submit(engine.up, program, update=FOUR_AT_ONCE)
        assert (tmp_path / "slow").read_text() == "hello"
        with pytest.raises(Failed, match=r"(?s)^create of boom: .*the pen is empty"):
            running.result()
    assert [kept.name for kept in engine.state] == ["slow"]


def test_every_step_that_failed_is_told() -> None:
    failed = Failed(Step("create", "a", "Note"), "no", [Failed(Step("update", "b", "Note"), "not that either")])
    assert str(failed) == "create of a: no; update of b: not that either"
    assert [one.step.name for one in failed.all] == ["a", "b"]


def test_a_forced_replacement_makes_the_new_one_before_it_deletes(
    engine: Engine, note: NewNote, done: list[tuple[str, str]], tmp_path: Path
) -> None:
    program = {"one": note("1", "hello")}
    engine.up(program)
    engine.up(program, ["one"])
    assert done == [("create", "one"), ("replace", "one"), ("delete", "one")]
    assert not list(tmp_path.iterdir())
