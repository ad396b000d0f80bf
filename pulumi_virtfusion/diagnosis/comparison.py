"""One GET of each kind, and the differences of a panel's answers from the shapes that this version reads."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from ..api.http.answer import Answer, Failure, Form
from ..api.http.call import Call, query_pairs
from ..api.http.envelope import rows_of
from ..api.http.operation import operation_of
from ..api.http.pages import PAGE_SIZE
from ..api.record import Record, own_id_of
from ..api.sections.backups import Backups
from ..api.sections.dns import Dns
from ..api.sections.general import General
from ..api.sections.hypervisor_groups import HypervisorGroups
from ..api.sections.hypervisors import Hypervisors
from ..api.sections.ip_blocks import IpBlocks
from ..api.sections.media import Media
from ..api.sections.packages import Packages
from ..api.sections.queue import Queue
from ..api.sections.self_service import SelfService
from ..api.sections.servers import Servers
from ..api.sections.ssh_keys import SshKeys
from ..api.sections.users import Users
from ..api.shapes import Difference, in_envelope, in_record, named, texts_in, value_in

if TYPE_CHECKING:
    from ..api import VirtFusion

Method = Callable[..., Any]
GUESSED = 1
"""The id to try where no list gives one; the answer shows whether the object exists."""


@dataclass(frozen=True)
class Question:
    """A GET, and the sources of the ids in its path."""

    method: Method
    of: tuple[str, ...] = ()
    """The source of each id of the path: a thing from an earlier answer, `a thing` with a guessed id, or a word."""
    finds: tuple[tuple[str, str], ...] = ()
    """Things that the first object of the answer names, each with its field; `id` is the object's own."""


QUESTIONS = (
    Question(General.connect),
    Question(Packages.list, finds=(("package", "id"),)),
    Question(Packages.get, ("package",)),
    Question(Media.get_package_templates, ("package",)),
    Question(HypervisorGroups.list, finds=(("group", "id"),)),
    Question(HypervisorGroups.get, ("group",)),
    Question(HypervisorGroups.get_resources, ("group",)),
    Question(Hypervisors.list, finds=(("hypervisor", "id"),)),
    Question(Hypervisors.get, ("hypervisor",)),
    Question(IpBlocks.list, finds=(("block", "id"),)),
    Question(IpBlocks.get, ("block",)),
    Question(Servers.list, finds=(("server", "id"), ("user", "user_id"))),
    Question(Servers.get, ("server",), finds=(("a relation", "owner_relation"),)),
    Question(Servers.get_templates, ("server",)),
    Question(Servers.get_traffic, ("server",)),
    Question(Servers.get_traffic_blocks, ("server",)),
    Question(Servers.get_firewall, ("server", "primary")),
    Question(Servers.get_vnc, ("server",)),
    Question(Backups.of_server, ("server",)),
    Question(Users.get, ("a relation",), finds=(("user", "id"),)),
    Question(Servers.list_of_user, ("user",)),
    Question(SshKeys.list_of_user, ("user",), finds=(("key", "id"),)),
    Question(SshKeys.get, ("key",)),
    Question(SelfService.get_currencies),
    Question(SelfService.get_hourly_stats, ("a relation",)),
    Question(SelfService.get_usage, ("a relation",)),
    Question(SelfService.get_report, ("a relation",)),
    Question(SelfService.get_resource_pack, ("a pack",)),
    Question(Media.get_iso, ("an ISO image",)),
    Question(Dns.get_service, ("a DNS service",)),
    Question(Queue.get, ("a queue item",)),
)


@dataclass
class Comparison:
    """The differences, by operation as the vendor writes it: `GET /servers/{serverId}`."""

    compared: list[str] = field(default_factory=list)
    differences: dict[str, list[Difference]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    """Operations that were not compared, each with the reason."""


def compared(panel: VirtFusion) -> Comparison:
    """Send each GET once, and compare its answer."""
    comparison = Comparison()
    bodies = list(_bodies(panel, comparison))
    values = frozenset(text for _, body in bodies for text in texts_in(body))
    for question, body in bodies:
        if found := _differences(question, body, values):
            comparison.differences.setdefault(_name(question), []).extend(found)
    return comparison


def _bodies(panel: VirtFusion, comparison: Comparison) -> Iterator[tuple[Question, Any]]:
    """Yield the answers that have a body to compare, and note the reason for every other answer."""
    known: dict[str, Any] = {}
    for question in QUESTIONS:
        name, ids = _name(question), [_id(one, known) for one in question.of]
        if None in ids:
            comparison.left_out[name] = f"the panel has told no {question.of[ids.index(None)]} to ask for"
            continue
        came = panel.transport.look(_call(question, ids))
        guessed = any(one not in known and _may_be_guessed(one) for one in question.of)
        if isinstance(came, Failure):
            comparison.differences[name] = [Difference("status", "", "no answer came")]
        elif came.status in (401, 403):
            comparison.left_out[name] = "the token does not reach it"
        elif guessed and came.is_the_apis_404:
            comparison.left_out[name] = f"there is no {question.of[0].partition(' ')[2]} {GUESSED}, which was tried"
        else:
            comparison.compared.append(name)
            comparison.differences.update({name: found} if (found := list(_of_status(came))) else {})
            if came.ok and came.form is Form.JSON:
                _note(question, came.json, known)
                yield question, came.json


def _id(of: str, known: dict[str, Any]) -> Any:
    return known.get(of, GUESSED if _may_be_guessed(of) else of if of == "primary" else None)


def _may_be_guessed(of: str) -> bool:
    return " " in of


def _call(question: Question, ids: list[Any]) -> Call:
    operation = operation_of(question.method)
    # As the client asks: the first page, and as many rows as it may have.
    query = {"results": PAGE_SIZE, "page": 1} if _is_paged(question) else {}
    return Call(operation, operation.path_for(*ids), query_pairs(query), None)


def _of_status(came: Answer) -> Iterator[Difference]:
    if came.status != 200:
        yield Difference("status", "", f"{came.status} where 200 is usual")
    if came.ok and came.form is not Form.JSON:
        yield Difference("type", "", f"the answer is {came.form.value}, and no JSON")


def _note(question: Question, body: Any, known: dict[str, Any]) -> None:
    """Keep the ids in the first object of an answer."""
    record = _record(question)
    if record is None:
        return
    first = next(iter(_objects(body)), None)
    for thing, name in question.finds:
        value = value_in(record, own_id_of(record) or "" if name == "id" else name, first)
        if isinstance(value, (int, str)) and not isinstance(value, bool) and str(value).isdecimal():
            known.setdefault(thing, int(value))


def _objects(body: Any) -> list[Any]:
    data = body.get("data") if isinstance(body, dict) else None
    return [one for one in (data if isinstance(data, list) else [data]) if isinstance(one, dict)]


def _differences(question: Question, body: Any, values: frozenset[str]) -> list[Difference]:
    record = _record(question)
    if record is None:  # nothing is read of it
        return []
    found = in_envelope(body, paged=_is_paged(question), asked=PAGE_SIZE)
    data = body.get("data") if isinstance(body, dict) else None
    if data is None:
        return found
    if get_origin(_returned(question)) is None:
        return [*found, *in_record(record, data, values)]
    if not isinstance(data, (list, dict)):
        return [*found, Difference("type", "data", f"{named(data)} where a list is read")]
    # Each difference in a list of many equal objects is shown once.
    return list(dict.fromkeys([*found, *(one for row in rows_of(data) for one in in_record(record, row, values))]))


def _name(question: Question) -> str:
    operation = operation_of(question.method)
    return f"{operation.verb} {operation.path}"


def _returned(question: Question) -> Any:
    return get_type_hints(inspect.unwrap(question.method))["return"]


def _is_paged(question: Question) -> bool:
    return get_origin(_returned(question)) is Iterator


def _record(question: Question) -> type[Record] | None:
    """Return the record that reads an object of the answer, by the return type of the method."""
    returned = _returned(question)
    kind = next(iter(get_args(returned)), returned)
    return kind if isinstance(kind, type) and issubclass(kind, Record) else None
