"""An operating system on a server."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..api.errors import NotFound, OutcomeUnknown, PanelError, VirtFusionError
from ..api.sections.servers import Servers
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import ADOPTED, Context, Diff, Found, Incomplete, Made, Problem, Refused, Values
from ..lifecycle.identity import Identity, Subject, server, who_is_server
from ..lifecycle.lost_answers import Before, Candidate, knows_before, proven, read_before, reconciling
from ..lifecycle.read_back import tells
from ..lifecycle.waiting import wait_for_server
from ..program.resource import Resource
from ..schema.fields import Computed, Id, OptionalArg, OptionalIds, computed, next_time, note, replaces
from ..schema.plain_values import id_number, is_known, reported
from ..schema.timestamps import uniform
from ..schema.types import Flag, Hostname, Name, Swap, Triggers, UnorderedIds
from .server_words import in_words

if TYPE_CHECKING:
    from ..api.records import Server as Record

BUILT = 3
"""The `commissionStatus` of a server whose build is done."""


class ServerBuildBehaviour(Behaviour):
    section = "servers"
    is_a_place = True
    is_a_system = True
    when_deleted = "given up; the system stays on its server"
    when_replaced = "installed on its new server"
    described_by = ("operating_system_id",)
    noun = "server"
    made_by = Servers.build
    found_by = (Servers.get,)

    def make(self, context: Context, arguments: Values) -> tuple[str, Record]:
        return str(arguments["server_id"]), self._built(context, arguments, {})

    def _built(self, context: Context, arguments: Values, olds: Values) -> Record:
        servers, server_id = context.panel.servers, int(arguments["server_id"])
        before: Record = server(context, server_id)
        try:
            record = servers.build(**self.making(arguments))
        except OutcomeUnknown as lost:
            seen = Before(None, _note(before))
            with reconciling(lost):
                one = proven(self.candidates(context, arguments, seen))
            if one is None:
                raise
            record = one.record
            context.warn(f"server {server_id} is being built; the answer that told the root password was lost.")
        if not arguments.get("wait", True):
            return _unfinished(record)
        # Two quick builds end in the same second: the time tells them apart only where the answer does not.
        return self._finished(context, record, before.built if _is_built(record) else "", arguments, olds)

    def _finished(self, context: Context, begun: Record, built_before: str, arguments: Values, olds: Values) -> Record:
        """Wait for the build; raise `Incomplete` for a failed or unfinished one, which the next update completes."""
        try:
            done = _wait_for_build(context, begun.server_id, built_before)
        except VirtFusionError as error:
            made = Made(str(begun.server_id), self.outputs(_unfinished(begun), arguments, olds))
            raise Incomplete(made, [str(error)]) from None
        return done.model_copy(update={"password": begun.password})

    def noted_before(self, context: Context, olds: Values, arguments: Values) -> Any:
        """Return the state and the completion time of the last build; None for an update, and where the read fails."""
        if olds:
            return None
        server_id = int(arguments["server_id"])
        record = self._seen_before(context, server_id)
        return None if record is None else _note(record)

    def remember(self, context: Context, id_: str, outputs: Values, *, is_new: bool) -> None:  # noqa: ARG002
        """Add the build in the state to the record that the run knows of the server, beside its addresses."""
        record: Any = read_before(context, ("server", id_number(id_)), lambda: None)
        if record is not None:
            record.state, record.built = outputs.get("state"), outputs.get("built")

    def plan_creation(self, context: Context, arguments: Values) -> Iterable[Problem]:
        """Warn of a new build on a server that has a system: its disk is wiped, and no plan shows a replacement."""
        if not context.run.outputs_before(context.urn) and is_known(arguments.get("server_id")):
            record = self._seen_before(context, int(arguments["server_id"]))
            if record is not None and record.operating_system_id:
                there = {"operating_system_id": record.operating_system_id, "hostname": record.hostname}
                context.warn(f"this new build {self.losses(context, str(record.server_id), there)}")
        return ()

    @staticmethod
    def _seen_before(context: Context, server_id: int) -> Record | None:
        return read_before(context, ("server", server_id), lambda: server(context, server_id))

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        """Yield the server if its last or running build matches the arguments and was not there before the create."""
        server_id = int(arguments["server_id"])
        record = before.once(("server", server_id), lambda: context.panel.servers.get(server_id))
        is_it = record.operating_system_id == arguments["operating_system_id"]
        was_there = None if before.seen is None else not record.tasks_active and _note(record) == before.seen
        if is_it and not was_there and before.is_free(str(server_id)) and not self.differences(record, arguments):
            built = (record.built or None) if was_there is None else None  # a build in the note needs no clock
            yield Candidate(str(server_id), record, before.doubt(built, was_there=was_there))

    def value_of(self, record: Record, name: str) -> Any:
        if name == "ssh_keys":
            return [key.ssh_key_id for key in reported(record, name) or ()]
        return super().value_of(record, name)

    def find(self, context: Context, id_: str, known: Values) -> Record:  # noqa: ARG002
        record: Record = server(context, id_number(id_))
        knows_before(context, ("server", record.server_id), record)  # a build that replaces it comes after this
        return record

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_server(context, id_number(id_))

    def described(self, id_: str, outputs: Values) -> str:
        system, state = outputs.get("operating_system_id"), outputs.get("state")
        return f"operating system {system} on server {id_}{f' ({state})' if state else ''}"

    def losses(self, context: Context, id_: str, outputs: Values) -> str:
        server_now, host = self._server_in_words(context, id_number(id_)), outputs.get("hostname")
        return (
            f"wipes the disk of {server_now}{f', host name {host}' if host else ''}: operating system "
            f"{outputs.get('operating_system_id')}, which is installed there, and everything else on it."
        )

    def _server_in_words(self, context: Context, server_id: int) -> str:
        """Return the words for the server; read a server whose state this run did not compare, as with `--target`."""
        subject = Subject("server", server_id)
        words = context.run.described(subject)
        if words == str(subject) and (record := self._seen_before(context, server_id)) is not None:
            return in_words(str(server_id), record.name, record.primary_ipv4, record.user_id)
        return words

    def id_in_outputs(self, context: Context, outputs: Values) -> str:  # noqa: ARG002
        return str(outputs.get("server_id", ""))

    def is_to_be_redone(self, outputs: Values) -> bool:
        return bool(outputs.get("state") == "failed")

    def postponed(self, context: Context, names: str) -> str:
        urn = f" '{context.urn}'" if context.urn else ""
        return (
            f"{names}: counts from the next build on; nothing is built now, and the disk stays as it is. To build "
            f"anew, which wipes it, change `triggers`, or run `pulumi up --target-replace{urn}`."
        )

    def is_complete(self, olds: Values) -> bool:
        """Whether the own build has ended; an adopted build was never this stack's own, so nothing is done again."""
        return ADOPTED in olds or (bool(olds.get("built")) and olds.get("state") in ("complete", "failed"))

    def completes(self, news: Values) -> bool:
        return bool(news.get("wait", True))

    @property
    def proves_before_deletion(self) -> bool:
        # It goes before its server does, so a stranger's machine stops a destroy here.
        return True

    def found(self, context: Context, id_: str, found: Found, inputs: Values, outputs: Values) -> Found:  # noqa: ARG002
        """Raise `Incomplete` for a failed build, so that the next update after a refresh builds again."""
        if (
            outputs
            and not self.is_complete(outputs)
            and found.outputs["state"] == "failed"
            and inputs.get("wait", True)
        ):
            reason = _failure(int(id_), found.outputs["operating_system_id"])
            # The panel keeps the time of the build before; with it, this one would count as seen to its end.
            raise Incomplete(Made(id_, {**found.outputs, "built": ""}), [reason], found.inputs)
        return found

    def update(self, context: Context, id_: str, olds: Values, news: Values) -> dict[str, Any]:
        """Wait for an own build that did not end well, or build again; no argument changes in place."""
        record = self.find(context, id_, news)
        if self.completes(news) and not self.is_complete(olds) and not _is_built(record):
            if record.tasks_active and not _has_failed(record):
                from pydantic import SecretStr

                password = SecretStr(olds.get("password", ""))
                begun = record.model_copy(update={"password": password})
                record = self._finished(context, begun, "", news, olds)
            elif record.operating_system_id in (0, news["operating_system_id"]):
                record = self._built(context, news, olds)
            else:
                context.warn(
                    f"server {id_} was last built with operating system {record.operating_system_id}, which this stack "
                    "did not do: it is left alone."
                )
        return self.outputs(record, news, olds)

    def plan(self, context: Context, id_: str, olds: Values, news: Values, diff: Diff) -> Diff:
        """Refuse the replacement of a rebuild by others; warn of an unfinished build, which an update completes."""
        if diff.replaces:
            with suppress(NotFound):
                self._refuse_a_rebuild(self.find(context, id_, {}), id_, olds, "replaced")
        elif not self.is_complete(olds) and self.completes(news):
            context.warn(
                f"the build of server {id_} has not ended well yet: an update waits for it, or builds once more, which "
                "wipes what that build has left on the disk."
            )
        return diff

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        """Leave the server as it is: no operation removes an installation, and only the state forgets it.

        A destroy deletes the build before its server, so that a rebuild by others is refused here (`Refused`).
        """
        self._refuse_a_rebuild(self.find(context, id_, {}), id_, outputs, "deleted")

    def _refuse_a_rebuild(self, record: Record, id_: str, outputs: Values, deed: str) -> None:
        means = {"operating_system_id": "operating system (operating_system_id)"}
        if outputs.get("state") == "complete":  # of any other, the end of its own build was never seen
            means["built"] = "time of completion (built)"
        # What the state lacks is not compared: a build that was never read back can still be undone.
        now = {name: self.value_of(record, name) for name in means}
        changes = [
            f"its {meaning} is {now[name] or 'unknown'} now, and {outputs[name]} in the state"
            for name, meaning in means.items()
            if outputs.get(name) and tells(self.fields[name], now[name]) and outputs[name] != now[name]
        ]
        if changes:
            raise Refused(
                f"The build of server {id_} was not {deed}, because the panel has another one than this stack knows: "
                f"{'; '.join(changes)}. `pulumi refresh` shows and accepts what it is now; after that, it can be "
                f"{deed}."
            )


def _unfinished(record: Record) -> Record:
    """Return the record without a completion time: before a build begins, a panel may report that of the last one."""
    return record.model_copy(update={"built": ""})


def _note(record: Record) -> dict[str, str]:
    """Return the facts that another build changes."""
    return {"state": record.state, "built": uniform(record.built) if record.built else ""}


def _has_failed(record: Record) -> bool:
    # A failed build may still say `buildFailed: false`.
    return record.state == "failed" or record.build_failed


def _is_built(record: Record) -> bool:
    return record.state == "complete" and record.commission_status >= BUILT and not record.tasks_active


def _wait_for_build(context: Context, server_id: int, built_before: str) -> Record:
    def ended(seen: Record | None) -> bool:
        return seen is None or _has_failed(seen) or (_is_built(seen) and seen.built != built_before)

    goal = f"the build of server {server_id}"
    record = wait_for_server(context, server_id, goal, ended, lambda seen: seen.state if seen else "gone")
    if record is None:
        raise PanelError(f"Server {server_id} was deleted while it was being built.")
    if _has_failed(record):
        raise PanelError(_failure(server_id, record.operating_system_id))
    return record


def _failure(server_id: int, operating_system_id: int) -> str:
    return (
        f"The build of server {server_id} failed, with operating system {operating_system_id}. "
        "The queue in the panel tells why; the next update builds it again."
    )


class ServerBuild(Resource, behaviour=ServerBuildBehaviour):
    """An operating system on a server (`POST /servers/{id}/build`).

    A build wipes the disk, so only what plainly means to install anew replaces it: another server, another operating
    system, other `triggers`. Everything else is what the next build is given.
    """

    server_id: Id = replaces()
    """Server to install."""

    operating_system_id: Id = replaces()
    """Template of the operating system; `get_template` finds it by name."""

    triggers: OptionalArg[Triggers] = replaces(default=None, read_back="never")
    """Any plain value, such as a list: when it is another one, the server is built anew, which wipes its disk."""

    # Afterwards the label is the `Server`'s, which may have got it as a secret: the build does not repeat it.
    name: OptionalArg[Name] = next_time(default=None, read_back="never")
    """Label that the build gives the server; leave it out when the `Server` has a name."""

    hostname: OptionalArg[Hostname] = next_time(default=None)
    """Host name inside the guest."""

    ssh_keys: OptionalIds[UnorderedIds] = next_time(default=None, read_back="unreliably")
    """Ids of the SSH keys to install; they must belong to the server's owner."""

    vnc: OptionalArg[Flag] = next_time(default=None, read_back="never")
    """Whether VNC is switched on during the build."""

    ipv6: OptionalArg[Flag] = next_time(default=None, read_back="never")
    """Whether the server gets an IPv6 subnet."""

    swap: OptionalArg[Swap] = next_time(default=None, read_back="never")
    """Swap: 256, 512 or 768 MB, or 1, 1.5, 2, 3, 4, 5, 6 or 8 GB."""

    email: OptionalArg[Flag] = next_time(default=None, read_back="never")
    """Whether the panel mails the owner when the build is done."""

    wait: OptionalArg[Flag] = note(default=True)
    """Whether to wait until the build is done; a failed one then fails the update."""

    state: Computed[str] = computed(fed_by=())
    """Life-cycle state: queued, building, complete or failed."""

    built: Computed[str] = computed(fed_by=())
    """The time at which the build was done."""

    password: Computed[str] = computed(secret=True, fed_by=())
    """Password of root or Administrator that the build set; "" when the build was imported."""
