"""Credit of a user: an entry in a ledger that nobody can read."""

from __future__ import annotations

from ..api.errors import OutcomeUnknown
from ..api.sections.self_service import SelfService
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Values
from ..lifecycle.identity import Identity, who_is_user
from ..lifecycle.lost_answers import not_the_new_one, with_advice
from ..program.resource import Resource
from ..schema.fields import Arg, Computed, OptionalArg, create_only, from_id
from ..schema.plain_values import id_number
from ..schema.types import Identifier, LongText, Relation, Tokens

LEDGER = "credit is a ledger; add another `UserCredit` instead, and delete this one to take its tokens back"


class UserCreditBehaviour(Behaviour):
    section = "self_service"
    noun = "credit entry"
    when_deleted = "cancelled"
    unlistable = "the API cannot list credits: compare the user's balance"
    made_by = SelfService.add_credit
    removed_by = (SelfService.cancel_credit,)

    def make(self, context: Context, arguments: Values) -> tuple[str, None]:
        try:
            id_ = context.panel.self_service.add_credit(**self.making(arguments))
            if not context.run.claim(self.noun, id_):
                raise not_the_new_one("POST /selfService/credit", f"entry {id_} was made by another create")
        except OutcomeUnknown as error:
            raise with_advice(error, _how_to_look(arguments)) from None
        return str(id_), None

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_user(context, known["relation"])

    def remove(self, context: Context, id_: str, outputs: Values) -> None:  # noqa: ARG002
        context.panel.self_service.cancel_credit(id_number(id_))


def _how_to_look(arguments: Values) -> str:
    relation, tokens = arguments["relation"], arguments["tokens"]
    references = [repr(arguments[name]) for name in ("reference_1", "reference_2") if name in arguments]
    entry = f"an entry with reference {' and '.join(references)}" if references else f"an entry of {tokens} tokens"
    return (
        f"Compare the balance (`get_user_hourly_stats({relation!r}).credit`), or look for {entry} in the panel. "
        "Running it again adds the tokens once more: if they are there, take this resource out of the program first."
    )


class UserCredit(Resource, behaviour=UserCreditBehaviour):
    """Credit for self-service (`POST /selfService/credit/byUserExtRelationId/{ext}`); deleting it cancels the entry."""

    relation: Arg[Relation] = create_only(LEDGER)
    """The user: a number is an `ext_relation_id`, a string a `rel_str`; `user.relation` fits."""

    tokens: Arg[Tokens] = create_only(LEDGER)
    """The number of tokens to add, more than 0; a fraction is allowed."""

    reference_1: OptionalArg[Identifier] = create_only(LEDGER, default=None)
    """Number of the entry in your own books, from 1."""

    reference_2: OptionalArg[LongText] = create_only(LEDGER, default=None)
    """Text of the entry in your own books, up to 1000 characters."""

    credit_id: Computed[int] = from_id(int)
    """The panel's id of the entry, which nothing tells again."""
