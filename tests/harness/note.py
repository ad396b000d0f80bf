"""The smallest honest dynamic provider, for the tests of the harnesses: a note is a file."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import grpc
import pulumi
from google.rpc import status_pb2
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    Resource,
    ResourceProvider,
    UpdateResult,
)
from pulumi.output import Unknown
from pulumi.runtime import rpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2


class NoteProvider(ResourceProvider):
    """Keeps `text` in `path`: "refused" fails the check, "boom" the create, "careful" warns.

    The stack's language is an output; a language named "secret" is one.
    """

    serialize_as_secret_always = False
    language = ""

    def configure(self, req: ConfigureRequest) -> None:
        self.language = req.config.get("note:language") or "none"

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        failures = [CheckFailure("", "text: refused")] if news["text"] == "refused" else []
        if news["text"] == "careful":
            warn("careful now")
        return CheckResult(news, failures)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        if isinstance(_news["text"], Unknown):
            return DiffResult(changes=None)
        changed = [name for name in ("path", "text") if _olds[name] != _news[name]]
        replaces = [name for name in changed if name == "path"]
        return DiffResult(changes=None if changed else False, replaces=replaces, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> CreateResult:
        if props["text"] == "boom":
            raise ValueError("the pen is empty")
        Path(props["path"]).write_text(props["text"])
        return CreateResult(props["path"], self._outputs(props))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        if not Path(props.get("path", id_)).exists():
            return ReadResult("", {})
        inputs = {"path": id_, "text": Path(id_).read_text()}
        return ReadResult(id_, self._outputs(inputs), inputs)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        Path(_id).write_text(_news["text"])
        return UpdateResult(self._outputs(_news))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        Path(_id).unlink()

    def _outputs(self, inputs: dict[str, Any]) -> dict[str, Any]:
        language: Any = self.language
        if language == "secret":
            language = {rpc._special_sig_key: rpc._special_secret_sig, "value": language}
        return {**inputs, "length": len(inputs["text"]), "language": language}


class FragileNoteProvider(ResourceProvider):
    """Never makes more than a part of a note."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        _, context = _call()
        kept = {name: props[name] for name in ("path", "__provider")}
        properties = asyncio.run(rpc.serialize_properties(kept, {}))
        failed = provider_pb2.ErrorResourceInitFailed(id=props["path"], properties=properties, reasons=["torn"])
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=f"note {props['path']} is torn")
        status.details.add().Pack(failed)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.UNKNOWN, status.message)
        raise AssertionError("a gRPC context aborts by raising")


class Note(Resource, module="note", name="Note"):
    length: pulumi.Output[int]
    language: pulumi.Output[str]

    def __init__(self, name: str, path: str, text: pulumi.Input[str]) -> None:
        super().__init__(NoteProvider(), name, {"path": path, "text": text, "length": None, "language": None})


def warn(message: str) -> None:
    """Say it to the engine, whose address is the host's first argument."""
    request, _ = _call()
    with grpc.insecure_channel(sys.argv[1]) as channel:
        log = engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=message, urn=request.urn)
        engine_pb2_grpc.EngineStub(channel).Log(log)


def _call() -> tuple[Any, Any]:
    """The host's request and gRPC context, two locals of the servicer above us."""
    frame = sys._getframe()
    while "request" not in frame.f_locals or "context" not in frame.f_locals:
        assert frame.f_back is not None
        frame = frame.f_back
    return frame.f_locals["request"], frame.f_locals["context"]
