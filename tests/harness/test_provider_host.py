"""The provider-host harness does what it says, on Pulumi's own host."""

from __future__ import annotations

from pathlib import Path

import pytest
from pulumi.runtime.rpc import UNKNOWN

from tests.harness.note import FragileNoteProvider, NoteProvider
from tests.provider_host import HostedResource, HostError, ProviderHosts


@pytest.fixture
def note(provider_hosts: ProviderHosts) -> HostedResource:
    return provider_hosts.configured({"note:language": "latin"}).resource(NoteProvider(), type_="note:Note")


def test_a_resource_lives_and_dies(note: HostedResource, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    inputs = {"path": str(path), "text": "one"}
    assert note.check(inputs).inputs == inputs
    made = note.create(inputs)
    assert (made.id, made.outputs) == (str(path), {**inputs, "length": 3, "language": "latin"})

    changed = {**inputs, "text": "three"}
    assert note.diff(made.id, made.outputs, inputs).changed is False
    assert note.diff(made.id, made.outputs, changed).changed is None
    updated = note.update(made.id, made.outputs, changed)
    assert (path.read_text(), updated.outputs["length"]) == ("three", 5)
    assert note.diff(made.id, updated.outputs, {**changed, "path": "elsewhere"}).replaces == ["path"]

    path.write_text("changed by hand")
    read = note.read(made.id, updated.outputs, changed)
    assert read.inputs == {**inputs, "text": "changed by hand"}
    note.delete(made.id, read.outputs)
    assert not path.exists()
    assert note.read(made.id, read.outputs, read.inputs).id == ""


def test_unknowns_arrive_as_unknowns_and_go_back_as_such(note: HostedResource) -> None:
    assert note.check({"path": "p", "text": UNKNOWN}).inputs == {"path": "p", "text": UNKNOWN}
    assert note.diff("p", {"path": "p", "text": "one"}, {"path": "p", "text": UNKNOWN}).changed is None


def test_a_failed_check_is_a_reason(note: HostedResource) -> None:
    assert note.check({"path": "p", "text": "refused"}).failures == [("", "text: refused")]


def test_an_error_is_its_text(note: HostedResource) -> None:
    with pytest.raises(HostError, match="the pen is empty") as caught:
        note.create({"path": "p", "text": "boom"})
    assert caught.value.partly_made is None


def test_a_partly_made_object_comes_with_its_reasons(provider_hosts: ProviderHosts) -> None:
    note = provider_hosts.configured({}).resource(FragileNoteProvider())
    with pytest.raises(HostError) as caught:
        note.create({"path": "p", "text": "one"})
    assert caught.value.message == "note p is torn"
    partly_made = caught.value.partly_made
    assert partly_made is not None
    assert (partly_made.id, partly_made.outputs, partly_made.reasons) == ("p", {"path": "p"}, ["torn"])


def test_a_log_is_found_by_its_resource(provider_hosts: ProviderHosts) -> None:
    host = provider_hosts.configured({"note:language": "latin"})
    one, other = (host.resource(NoteProvider(), name=name) for name in ("one", "other"))
    one.check({"path": "p", "text": "careful"})
    assert [(log.severity, log.message, log.ephemeral) for log in one.logs] == [("WARNING", "careful now", False)]
    assert other.logs == []


def test_a_secret_output_is_plain_and_named(provider_hosts: ProviderHosts, tmp_path: Path) -> None:
    note = provider_hosts.configured({"note:language": "secret"}).resource(NoteProvider())
    made = note.create({"path": str(tmp_path / "n"), "text": "one"})
    assert made.outputs["language"] == "secret"
    assert made.secrets == {"language"}


def test_one_configuration_is_one_host(provider_hosts: ProviderHosts) -> None:
    host = provider_hosts.configured({"note:language": "latin"})
    assert provider_hosts.configured({"note:language": "latin"}) is host
    assert provider_hosts.configured({"note:language": "greek"}) is not host
