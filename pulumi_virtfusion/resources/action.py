"""What is done rather than kept: an action runs when it is new, and again whenever its `triggers` change."""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace
from typing import Any, ClassVar

from ..api.errors import OutcomeUnknown
from ..api.self_service import SelfService
from ..api.servers import Servers
from ..api.users import Users
from ..fields import Arg, Computed, Id, OptionalArg, calls, computed, in_place, replaces
from ..lifecycle import Lifecycle, Step
from ..recovery import with_advice
from ..resource import Resource
from ..terms import Context, Values
from ..types import PackActionName, Relation, ServerActionName, Triggers, UserActionName
from ..waiting import wait_for_queue_item
from .user import relation_of

Answered = dict[str, object]
AGAIN = "The next update runs the action again: to prevent that, first take it out, or put back what it had before."


@calls(Servers.restart, Servers.boot, Servers.shutdown, Servers.poweroff, Servers.reset_password)
def act_on_server(servers: Servers, server_id: int, action: ServerActionName, context: Context) -> Answered:
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
def act_on_user(users: Users, relation: int | str, action: UserActionName, context: Context) -> Answered:
    """Run the action, which is done when the panel answers."""
    if action == "reset_password":
        return {"password": users.reset_password(relation).password.get_secret_value()}
    context.panel.self_service.sync_access(relation)
    return {}


@calls(SelfService.suspend_pack_servers, SelfService.unsuspend_pack_servers, SelfService.delete_pack_servers)
def act_on_pack(packs: SelfService, resource_pack_id: int, action: PackActionName) -> Answered:
    """Run the action; servers are destroyed by the panel's queue, without the half hour that it would wait."""
    if action == "delete_servers":
        packs.delete_pack_servers(resource_pack_id, delay=0)
    elif action == "suspend_servers":
        packs.suspend_pack_servers(resource_pack_id)
    else:
        packs.unsuspend_pack_servers(resource_pack_id)
    return {}


class ActionLifecycle(Lifecycle):
    parent: ClassVar[str]
    """The argument that names what the action is done to; the id begins with its value."""
    where: ClassVar[str]
    """Where a person sees whether the action ran."""

    def key(self, id_: str) -> int | str:
        return relation_of(id_.rpartition("/")[0])

    @cached_property
    def made_with(self) -> frozenset[str]:
        """Running it once is all: no argument is left to be applied afterwards."""
        return frozenset(self.fields)

    def make(self, context: Context, arguments: Values) -> tuple[str, Any]:
        id_ = f"{arguments[self.parent]}/{arguments['action']}"
        step = Step(type(self).made_by, ("action", "triggers"))
        return id_, SimpleNamespace(**self.call(context, id_, step, {}, arguments))

    def call(self, context: Context, id_: str, step: Step, olds: Values, news: Values) -> dict[str, Any]:
        try:
            return super().call(context, id_, step, olds, news)
        except OutcomeUnknown as error:
            raise with_advice(error, f"{self.where.format(self.key(id_))} tells whether it ran. {AGAIN}") from None

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        """What was done cannot be taken back: it is only forgotten."""


class ServerActionLifecycle(ActionLifecycle):
    section = "servers"
    noun = "server action"
    parent = "server_id"
    where = "The queue of server {} in the panel"
    made_by = act_on_server


class UserActionLifecycle(ActionLifecycle):
    section = "users"
    noun = "user action"
    parent = "relation"
    where = "The log of user {} in the panel"
    made_by = act_on_user


class ResourcePackActionLifecycle(ActionLifecycle):
    section = "self_service"
    noun = "resource pack action"
    parent = "resource_pack_id"
    where = "The servers of resource pack {} in the panel (`get_resource_pack(..., with_servers=True)`)"
    made_by = act_on_pack


class ServerAction(Resource, lifecycle=ServerActionLifecycle):
    """Something done to a server, once and then whenever `triggers` change; it waits for the panel's queue.

    One that failed or ran out of time runs again with the next update. Deleting it does nothing.
    """

    server_id: Id = replaces(told="never")
    """The server."""

    action: Arg[ServerActionName] = in_place(act_on_server, told="never")
    """`restart`, `boot`, `shutdown` (the guest may ignore it), `poweroff` or `reset_password` (of root, unmailed)."""

    triggers: OptionalArg[Triggers] = in_place(act_on_server, default=None, told="never")
    """Any plain value, such as a list or a dict: the action runs again whenever it is another one."""

    password: Computed[str] = computed(secret=True)
    """The root password that the last `reset_password` set, else ""."""


class UserAction(Resource, lifecycle=UserActionLifecycle):
    """Something done to a user, once and then whenever `triggers` change; deleting it does nothing."""

    relation: Arg[Relation] = replaces(told="never")
    """The user: a number is an `ext_relation_id`, a string a `rel_str`; `user.relation` fits."""

    action: Arg[UserActionName] = in_place(act_on_user, told="never")
    """`reset_password`, or `sync_access`: let `self_service` follow the user's group profiles."""

    triggers: OptionalArg[Triggers] = in_place(act_on_user, default=None, told="never")
    """Any plain value, such as a list or a dict: the action runs again whenever it is another one."""

    password: Computed[str] = computed(secret=True)
    """The password that the last `reset_password` set, else ""."""


class ResourcePackAction(Resource, lifecycle=ResourcePackActionLifecycle):
    """Something done to all servers of a user's pack, once and then whenever `triggers` change.

    Deleting it does nothing.
    """

    resource_pack_id: Id = replaces(told="never")
    """The user's pack, which `ResourcePack.resource_pack_id` is."""

    action: Arg[PackActionName] = in_place(act_on_pack, told="never")
    """`suspend_servers`, `unsuspend_servers`, or `delete_servers`, which destroys them and their data."""

    triggers: OptionalArg[Triggers] = in_place(act_on_pack, default=None, told="never")
    """Any plain value, such as a list or a dict: the action runs again whenever it is another one."""
