"""A self-service resource pack of a user."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..api.errors import Conflict, NotFound, OutcomeUnknown, ValidationFailed, VirtFusionError
from ..api.sections.self_service import SelfService
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Diff, Incomplete, Made, Refused, Values
from ..lifecycle.identity import Identity, Subject, of_pack, who_is_pack, who_is_user
from ..lifecycle.lost_answers import not_the_new_one, with_advice
from ..lifecycle.waiting import wait_until
from ..program.resource import Resource
from ..schema.fields import Arg, Computed, Id, OptionalArg, computed, from_id, in_place, note, replaces
from ..schema.plain_values import id_number
from ..schema.types import Flag, Relation
from .user_relation import relation_in_use

if TYPE_CHECKING:
    from ..api.records import ResourcePack as Record


COUNTS_SERVERS = ("servers", "total_servers")
"""The names of the number of servers in `used`, in which panels differ."""


class ResourcePackBehaviour(Behaviour):
    section = "self_service"
    noun = "resource pack"
    described_by = ("pack_id",)
    unlistable = "the API cannot list a user's packs"
    declared_with = "--pack"
    owned_by = ("relation",)
    made_by = SelfService.add_resource_pack
    found_by = (SelfService.get_resource_pack,)
    removed_by = (SelfService.delete_resource_pack, SelfService.delete_pack_servers)
    named_by = ("resource_pack_id",)

    def make(self, context: Context, arguments: Values) -> tuple[str, Record]:
        packs = context.panel.self_service
        try:
            id_ = packs.add_resource_pack(**self.making(arguments))
            is_another = context.run.expected(Subject("pack", id_)) is not None
            if is_another or not context.run.claim(self.noun, id_):
                raise not_the_new_one("POST /selfService/resourcePack", f"pack {id_} was there before")
        except OutcomeUnknown as error:
            raise with_advice(
                error,
                f"The panel cannot list a user's packs: look at user {arguments['relation']!r} in the panel, "
                'and add opts=pulumi.ResourceOptions(import_="<id of the pack>") if it is there.',
            ) from None
        try:
            record = packs.get_resource_pack(id_)
        except VirtFusionError as error:
            made = Made(str(id_), self.outputs(None, arguments, {}))
            raise Incomplete(made, [f"resource pack {id_} was made, but not read back: {error}"]) from None
        return str(id_), record

    def named(self, text: str) -> tuple[str, dict[str, Any]]:
        """Split `3` or `3/1001` into the pack and its user's relation: the panel never reports the user of pack 3."""
        pack, _, relation = text.partition("/")
        return pack, {"relation": relation_in_use(relation)} if relation else {}

    def find(self, context: Context, id_: str, known: Values) -> Record:  # noqa: ARG002
        record: Record = context.panel.self_service.get_resource_pack(id_number(id_))
        context.run.saw(Subject("pack", record.resource_pack_id), of_pack(record))
        return record

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:
        """Return the pack's definition, its time of creation where the panel reports one, and the identity of its user.

        Raise `NotFound` when the user is gone: a pack of the same definition and number is another customer's then.
        """
        return self._with_user(context, who_is_pack(context, id_number(id_)), known.get("relation"))

    def identity_when_made(self, context: Context, made: Made, record: Record, known: Values) -> Identity:
        context.run.saw(Subject("pack", id_number(made.id)), of_pack(record))
        return self.identity_of(context, made.id, known)

    @staticmethod
    def _with_user(context: Context, pack: Identity, relation: int | str | None) -> Identity:
        return {**pack, **(who_is_user(context, relation) if relation else {})}

    def identity_in_state(self, outputs: Values) -> Identity:
        return {"pack_definition": str(outputs.get("pack_id", ""))}

    def subjects(self, id_: str, outputs: Values) -> Iterable[Subject]:  # noqa: ARG002
        yield Subject("pack", id_number(id_))

    def owner(self, outputs: Values) -> Subject | None:
        return Subject("relation", outputs["relation"]) if "relation" in outputs else None

    def plan(self, context: Context, id_: str, olds: Values, news: Values, diff: Diff) -> Diff:  # noqa: ARG002
        """Refuse a replacement while servers are in the pack: its deletion would be refused, or destroy them."""
        if diff.replaces and not id_:
            self._refuse_what_is_not_seen(olds)
        elif diff.replaces:
            with suppress(NotFound):
                self._refuse_with_servers(context, id_, olds)
        return diff

    @staticmethod
    def _refuse_what_is_not_seen(olds: Values) -> None:
        """Raise `Refused` for a pack with `delete_servers` and no id: no read can show that it has no servers."""
        if olds.get("delete_servers"):
            raise Refused(
                "a resource pack with delete_servers cannot be replaced like this, since servers may be in it, which "
                "that would destroy. Run one `pulumi up` with delete_servers=False first: the pack is then deleted "
                "only without servers. Or take the replacement back (`pulumi state untaint`)."
            )

    def _refuse_with_servers(self, context: Context, id_: str, olds: Values) -> None:
        pack = context.panel.self_service.get_resource_pack(id_number(id_), with_servers=True)
        servers = len(pack.servers) or _servers_in(pack.used)
        if not servers:
            return
        if olds.get("delete_servers"):
            raise Refused(
                f"resource pack {id_} cannot be replaced while servers are in it ({servers} now): with delete_servers "
                "that would destroy them. Move or delete the servers first; or take the change back. A pack whose "
                "successor is made already stays in the state, and the first `pulumi up` without servers in it deletes "
                "it."
            )
        if not olds.get("disable_if_in_use"):
            raise Refused(
                f"resource pack {id_} cannot be replaced: {servers} of the user's servers are in it, and the panel "
                "refuses to delete it. Add another `ResourcePack` instead; or run one `pulumi up` with "
                "disable_if_in_use=True first."
            )

    def deletion(self, inputs: Values, outputs: Values) -> str:
        if _says("delete_servers", inputs, outputs):
            return "deleted, with every server in it"
        is_empty = _servers_in(outputs.get("used")) == 0
        return "deleted" if is_empty else "deleted or, while it has servers, refused or disabled"

    def lost_with(self, outputs: Values) -> str:
        servers = _servers_in(outputs.get("used"))
        return f"{servers} servers in it" if servers else ""

    def takes_a_machine(self, inputs: Values, outputs: Values) -> bool:
        return _says("delete_servers", inputs, outputs) or _servers_in(outputs.get("used")) != 0

    def remove(self, context: Context, id_: str, outputs: Values) -> None:
        packs, pack = context.panel.self_service, id_number(id_)
        if outputs.get("delete_servers"):
            if context.run.is_replaced(context.urn, id_):
                self._refuse_with_servers(context, id_, outputs)
            packs.delete_pack_servers(pack, delay=0)
            goal = f"the servers of resource pack {id_} to be deleted"
            wait_until(context, goal, lambda: _deleted(packs, pack), bool, lambda _: "it still has servers")
            return
        packs.delete_resource_pack(pack, disable=bool(outputs.get("disable_if_in_use")))
        if outputs.get("disable_if_in_use") and _exists(packs, pack):
            context.warn(f"resource pack {id_} is in use: it was disabled, and is no longer in this stack.")


def _says(flag: str, inputs: Values, outputs: Values) -> bool:
    """Whether a flag is set; a flag that a review cannot see counts as set."""
    return inputs.get(flag, outputs.get(flag)) not in (None, False)


def _servers_in(used: Any) -> int | None:
    """Return the number of servers in the used part of a pack's limits; None where that does not tell it."""
    given = [used[name] for name in COUNTS_SERVERS if name in used] if isinstance(used, dict) else []
    if not given or not all(isinstance(one, int | float) for one in given):
        return None
    return max(map(int, given))


def _deleted(packs: SelfService, pack: int) -> bool:
    """Whether the panel deleted the pack; the panel refuses while it destroys the pack's servers."""
    try:
        packs.delete_resource_pack(pack)
    except (Conflict, ValidationFailed):
        return False
    return True


def _exists(packs: SelfService, pack: int) -> bool:
    try:
        packs.get_resource_pack(pack)
    except NotFound:
        return False
    return True


class ResourcePack(Resource, behaviour=ResourcePackBehaviour):
    """A resource pack of a user (`POST /selfService/resourcePack/byUserExtRelationId/{ext}`)."""

    relation: Arg[Relation] = replaces(read_back="never")
    """The user: a number is an `ext_relation_id`, a string a `rel_str`; `user.relation` fits."""

    pack_id: Id = replaces(read_back="unreliably")
    """The pack's definition."""

    enabled: OptionalArg[Flag] = in_place(SelfService.modify_resource_pack, default=None, read_back="never")
    """Whether servers can be made from the pack; true when left out."""

    disable_if_in_use: OptionalArg[Flag] = note(default=False)
    """Whether deleting a pack that has servers disables it instead of failing."""

    delete_servers: OptionalArg[Flag] = note(default=False)
    """Whether deleting the pack destroys every server in it first."""

    resource_pack_id: Computed[int] = from_id(int)
    """The panel's id of the user's pack."""

    name: Computed[str] = computed(stable=True)
    """Name of the definition."""

    limits: Computed[dict[str, int]] = computed(fed_by=())
    """The limits of the pack, by the panel's names (`total_memory` in MB, `total_storage` in GB, ...)."""

    used: Computed[dict[str, int]] = computed(fed_by=())
    """The used part of each limit."""
