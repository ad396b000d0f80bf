"""An object of the panel for `pulumi import`: its id, and the arguments that a program would declare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..api import VirtFusion
from ..api.errors import VirtFusionError
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Refused
from ..lifecycle.lifecycle import Lifecycle
from ..resources import MODULES, resource_class
from ..resources.user_relation import relation_of
from ..schema.required import missing
from . import description
from .declaration import Undecided
from .kinds import SERVER, USER


def described(lifecycle: Lifecycle, context: Context, text: str) -> tuple[str, Any, dict[str, Any], list[str]]:
    """Return the Pulumi id, the record, the arguments and remarks of the object that a person names by this text.

    Arguments that only a person knows are left out; the text may add some (`13/6`: key 13 of user 6). Raise `Refused`
    for an object that the API cannot read, a text that cannot be an id, and added arguments that differ from the
    panel's.
    """
    if not lifecycle.behaviour.found_by:
        raise Refused(f"No {lifecycle.noun} can be looked up: the panel cannot read {text} back.")
    try:
        sought, given = lifecycle.behaviour.named(text)
        id_, record = lifecycle.behaviour.look_up(context, sought, given)
    except ValueError:
        raise Refused(f"{text!r} cannot be the id of a {lifecycle.noun}.") from None
    if given and (different := lifecycle.behaviour.differences(record, given)):
        raise Refused(f"{text!r} is not what the panel has: {different}.")
    arguments, remarks = _DESCRIBED.get(lifecycle.resource, _described)(lifecycle, context, text, record)
    arguments = {**arguments, **given}
    if not missing(lifecycle.fields, arguments):
        for problem in list(lifecycle.behaviour.validate(arguments)):  # two ways to say the same: a number and a list
            arguments.pop(problem.argument, None)
    return id_, record, arguments, list(remarks)


def listed(kind: str, panel: VirtFusion) -> Iterable[tuple[str, str]]:
    """Return the id and name of each object of a kind; raise `Refused` where the API lists none without its owner."""
    found: Iterable[tuple[str, str]] | None = (
        resource_class(kind).behaviour.list_all(panel) if kind in MODULES else None
    )
    if found is None:
        there = [name for name in MODULES if type(resource_class(name).behaviour).list_all is not Behaviour.list_all]
        raise Refused(f"The API cannot list every {kind or 'such object'}: only a {' or a '.join(there)} is listed.")
    return found


def _described(lifecycle: Lifecycle, context: Context, text: str, record: Any) -> Any:  # noqa: ARG001
    return description.described_arguments(lifecycle.resource, record)


def _user(lifecycle: Lifecycle, context: Context, text: str, record: Any) -> Any:  # noqa: ARG001
    declared = description.user(record, relation_of(text))
    return declared.arguments, declared.remarks


def _server(lifecycle: Lifecycle, context: Context, text: str, record: Any) -> Any:
    """Describe a server without an uncertain package, and without the arguments that all its candidates set alike."""
    try:
        packages = context.run.shared("packages", context.panel.packages.list)
    except VirtFusionError as error:
        arguments, remarks = _described(lifecycle, context, text, record)
        return arguments, [*remarks, f"package_id is left out: {error}"]
    declared = description.server(record, packages, record.user_id)
    undecided = [value.question for value in declared.arguments.values() if isinstance(value, Undecided)]
    arguments = {name: value for name, value in declared.arguments.items() if not isinstance(value, Undecided)}
    return arguments, [*declared.remarks, *(f"{question}: it is left out, and yours to say." for question in undecided)]


_DESCRIBED: Mapping[str, Callable[[Lifecycle, Context, str, Any], Any]] = {SERVER: _server, USER: _user}
"""The functions that describe kinds whose fields alone do not suffice."""
