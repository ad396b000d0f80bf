"""Actions: operations that run at the creation of their resource, and again whenever its `triggers` change."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from types import SimpleNamespace
from typing import Any, ClassVar

from ..api.errors import OutcomeUnknown
from ..api.sections.self_service import SelfService
from ..api.sections.servers import Servers
from ..api.sections.users import Users
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Diff, Problem, Step, Values
from ..lifecycle.identity import Identity, who_is_pack, who_is_server, who_is_user
from ..lifecycle.lost_answers import with_advice
from ..lifecycle.waiting import wait_for_queue_item
from ..program.resource import Resource
from ..schema.fields import Arg, Computed, Id, OptionalArg, calls, computed, in_place, replaces
from ..schema.types import PackActionName, Relation, ServerActionName, Triggers, UserActionName
from .user_relation import relation_of, spelled

Outputs = dict[str, object]
"""The outputs that an action sets: a new password, or none."""
DESTROYS = "delete_servers"
AGAIN = "The next update runs the action again: to prevent that, first take it out, or put back what it had before."


@calls(Servers.restart, Servers.boot, Servers.shutdown, Servers.poweroff, Servers.reset_password)
def act_on_server(servers: Servers, server_id: int, action: ServerActionName, context: Context) -> Outputs:
    """Run the action and wait for the panel's queue; a password is valid only when its queue item has succeeded."""
    goal = f"server {server_id} to {action.replace('_', ' ')}"
    if action == "reset_password":
        reset = servers.reset_password(server_id)
        wait_for_queue_item(context, reset.queue_id, goal)
        return {"password": reset.expected_password.get_secret_value()}
    operation = {
        "restart": servers.restart,
        "boot": servers.boot,
        "shutdown": servers.shutdown,
        "poweroff": servers.poweroff,
    }[action]
    wait_for_queue_item(context, operation(server_id), goal)
    return {}


@calls(Users.reset_password, SelfService.sync_access)
def act_on_user(users: Users, relation: int | str, action: UserActionName, context: Context) -> Outputs:
    """Run the action, which is done when the panel answers."""
    if action == "reset_password":
        return {"password": users.reset_password(relation).password.get_secret_value()}
    context.panel.self_service.sync_access(relation)
    return {}


@calls(SelfService.suspend_pack_servers, SelfService.unsuspend_pack_servers, SelfService.delete_pack_servers)
def act_on_pack(packs: SelfService, resource_pack_id: int, action: PackActionName) -> Outputs:
    """Run the action; servers are destroyed by the panel's queue, without the half hour that it would wait."""
    if action == "delete_servers":
        packs.delete_pack_servers(resource_pack_id, delay=0)
    elif action == "suspend_servers":
        packs.suspend_pack_servers(resource_pack_id)
    else:
        packs.unsuspend_pack_servers(resource_pack_id)
    return {}


class ActionBehaviour(Behaviour):
    is_a_deed = True
    described_by = ("action",)
    parent: ClassVar[str]
    """The argument that names the object of the action; the resource's id begins with its value."""
    where: ClassVar[str]
    """The place in the panel where a person sees whether the action ran, with `{}` for the object's key."""

    def key(self, id_: str, known: Values) -> int | str:  # noqa: ARG002
        return relation_of(id_.rpartition("/")[0])

    @cached_property
    def create_arguments(self) -> frozenset[str]:
        """All arguments: the action runs once at a create, and no argument is left to be applied afterwards."""
        return frozenset(self.fields)

    def make(self, context: Context, arguments: Values) -> tuple[str, Any]:
        id_ = f"{spelled(arguments[self.parent])}/{arguments['action']}"
        step = Step(type(self).made_by, ("action", "triggers"))
        return id_, SimpleNamespace(**self.call(context, id_, step, {}, arguments))

    def call(self, context: Context, id_: str, step: Step, olds: Values, news: Values) -> dict[str, Any]:
        try:
            return super().call(context, id_, step, olds, news)
        except OutcomeUnknown as error:
            raise with_advice(
                error, f"{self.where.format(self.key(id_, news))} tells whether it ran. {AGAIN}"
            ) from None

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        """Leave the panel as it is: nothing undoes an action, and only the state forgets it."""


class ServerActionBehaviour(ActionBehaviour):
    section = "servers"
    noun = "server action"
    unlistable = "the API does not tell whether an action ran: look at the server; the next `pulumi up` runs it again"
    parent = "server_id"
    where = "The queue of server {} in the panel"
    made_by = act_on_server

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_server(context, int(known["server_id"]))


class UserActionBehaviour(ActionBehaviour):
    section = "users"
    noun = "user action"
    unlistable = "the API does not tell whether an action ran: look at the user; the next `pulumi up` runs it again"
    parent = "relation"
    where = "The log of user {} in the panel"
    made_by = act_on_user

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_user(context, known["relation"])


class ResourcePackActionBehaviour(ActionBehaviour):
    section = "self_service"
    noun = "resource pack action"
    knows_its_owner = False
    unlistable = "the API does not tell whether an action ran: look at the pack; the next `pulumi up` runs it again"
    parent = "resource_pack_id"
    where = "The servers of resource pack {} in the panel (`get_resource_pack(..., with_servers=True)`)"
    made_by = act_on_pack

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_pack(context, int(known["resource_pack_id"]))

    def plan_creation(self, context: Context, arguments: Values) -> Iterable[Problem]:
        if arguments.get("action") == DESTROYS:
            context.warn(self._destroys(arguments.get("resource_pack_id")))
        return ()

    def plan(self, context: Context, id_: str, olds: Values, news: Values, diff: Diff) -> Diff:  # noqa: ARG002
        if news.get("action") == DESTROYS and {"action", "triggers"}.intersection(diff.changed) and not diff.replaces:
            context.warn(self._destroys(olds.get("resource_pack_id")))
        return diff

    def destruction(self, inputs: Values) -> str:
        """Return the loss of `delete_servers`, also for an action that a review cannot see and that may be this one."""
        spares = inputs.get("action") in ("suspend_servers", "unsuspend_servers")
        return "" if spares else "destroys every server in its pack"

    @staticmethod
    def _destroys(pack: object) -> str:
        which = f"resource pack {pack}" if isinstance(pack, int) else "the resource pack"
        return f"action: {DESTROYS} destroys every server that is in {which} when it runs, with its disk."


class ServerAction(Resource, behaviour=ServerActionBehaviour):
    """Something done to a server, once and then whenever `triggers` change; it waits for the panel's queue.

    One that failed or ran out of time runs again with the next update. Deleting it does nothing.
    """

    server_id: Id = replaces(read_back="never")
    """The server."""

    action: Arg[ServerActionName] = in_place(act_on_server, read_back="never")
    """`restart`, `boot`, `shutdown` (the guest may ignore it), `poweroff` or `reset_password` (of root, unmailed)."""

    triggers: OptionalArg[Triggers] = in_place(act_on_server, default=None, read_back="never")
    """Any plain value, such as a list or a dict: the action runs again whenever it is another one."""

    password: Computed[str] = computed(secret=True, fed_by=("action", "triggers"))
    """The root password that the last `reset_password` set, else ""."""


class UserAction(Resource, behaviour=UserActionBehaviour):
    """Something done to a user, once and then whenever `triggers` change; deleting it does nothing."""

    relation: Arg[Relation] = replaces(read_back="never")
    """The user: a number is an `ext_relation_id`, a string a `rel_str`; `user.relation` fits."""

    action: Arg[UserActionName] = in_place(act_on_user, read_back="never")
    """`reset_password`, or `sync_access`: let `self_service` follow the user's group profiles."""

    triggers: OptionalArg[Triggers] = in_place(act_on_user, default=None, read_back="never")
    """Any plain value, such as a list or a dict: the action runs again whenever it is another one."""

    password: Computed[str] = computed(secret=True, fed_by=("action", "triggers"))
    """The password that the last `reset_password` set, else ""."""


class ResourcePackAction(Resource, behaviour=ResourcePackActionBehaviour):
    """Something done to all servers of a user's pack, once and then whenever `triggers` change.

    Deleting it does nothing.
    """

    resource_pack_id: Id = replaces(read_back="never")
    """The user's pack, which `ResourcePack.resource_pack_id` is."""

    action: Arg[PackActionName] = in_place(act_on_pack, read_back="never")
    """`suspend_servers`, `unsuspend_servers`, or `delete_servers`, which destroys them and their data."""

    triggers: OptionalArg[Triggers] = in_place(act_on_pack, default=None, read_back="never")
    """Any plain value, such as a list or a dict: the action runs again whenever it is another one."""
