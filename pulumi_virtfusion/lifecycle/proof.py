"""Proof of an object's identity, before each write and at each refresh, from the facts in its state."""

from __future__ import annotations

from ..api.errors import NotFound
from ..schema.plain_values import UNKNOWN, is_known
from .contract import Context, Refused, Values
from .identity import (
    FACTS,
    IDENTITY,
    SUBJECTS,
    Identity,
    Subject,
    differences,
    explained,
    facts_kept,
    refuse_another,
    who_is,
)
from .planning import Planning

COMPLETED = "its state was of an earlier version; from now on it remembers who the object is, and at which panel."


class Proving(Planning):
    """Comparison of any resource's object with the identity that its state remembers."""

    def _refuse_strangers(self, context: Context, arguments: Values) -> None:
        """Raise `Another` or `Refused` where an argument names an object that is not the one that this run knows.

        A missing object is refused here, not left to the panel: its number may have been given to a new object.
        """
        for name, kind in SUBJECTS.items():
            subject = Subject(kind, arguments.get(name, ""))
            expected = context.run.expected(subject) if name in arguments else None
            if expected is None:
                continue
            what = context.run.described(subject)
            if not expected.is_whole:
                raise Refused(
                    f"this {self.resource} was not carried out for {what}, which was imported by its number alone: the "
                    "number may be another customer's by now. Nothing was sent. Let the program name its owner, and "
                    "run `pulumi up` for it first."
                )
            try:
                seen = who_is(context, expected.seen_as)
                if expected.owner is not None:
                    seen = {**seen, **who_is(context, expected.owner)}
                refuse_another(f"this {self.resource} was not carried out for {what}", expected.identity, seen)
            except NotFound as gone:
                raise Refused(
                    f"this {self.resource} was not carried out for {what}, which the panel does not have any more: "
                    f"{gone} Nothing was sent. `pulumi up --refresh` takes it out of the state and makes it anew."
                ) from None

    def _prove(self, context: Context, id_: str, outputs: Values, deed: str, *, sends: bool = True) -> Identity:
        """Return the object's identity; raise `Another` where the state knows a different one, `NotFound` when gone.

        An identity without its owner is refused before anything is sent; an update that sends nothing adds the owner.
        """
        for subject in self.behaviour.subjects(id_, outputs):
            context.run.forget(subject)  # a shared read is not fresh enough to prove the object that is written to
        known = self._known_identity(context, outputs)
        if not outputs.get(IDENTITY) or not self.behaviour.knows_its_owner:
            self._refuse_strangers(context, outputs)
        seen = self.behaviour.identity_of(context, id_, outputs)
        refuse_another(f"{self.noun} {id_} was not {deed}", known, seen)
        if sends:
            self._refuse_unowned(id_, known, seen, outputs, deed)
        if not outputs.get(IDENTITY):
            context.inform(f"{self.noun} {id_}: {COMPLETED}")
        return self._with_owner(known, seen, outputs)

    def _known_identity(self, context: Context, outputs: Values) -> Identity:
        """Return the identity in the state, with the facts on the owner from an argument or the owner's state."""
        recorded = self.behaviour.identity_in_state(outputs)
        known = outputs.get(IDENTITY) or recorded
        owner = self.behaviour.owner(outputs)
        expected = context.run.expected(owner) if owner is not None else None
        recorded = {**(expected.identity if expected is not None else {}), **recorded}
        return {**known, **{fact: recorded[fact] for fact in self.lacks(known) if recorded.get(fact)}}

    def _with_owner(self, known: Identity, seen: Identity, outputs: Values) -> Identity:
        """Return the identity to remember: the known one, with the facts that it lacks; without one, the seen."""
        if outputs.get(IDENTITY) and not self.lacks(outputs[IDENTITY]):
            return known
        return {**facts_kept(seen), **facts_kept(known)} if outputs.get(IDENTITY) else facts_kept(seen)

    def _unnamed(self, outputs: Values) -> list[str]:
        """Return the arguments that name the owner and that are still unknown."""
        return [name for name in self.behaviour.owned_by if not is_known(outputs.get(name, UNKNOWN))]

    def can_learn_its_owner(self, context: Context, outputs: Values) -> bool:
        """Whether an argument now names the owner of an object that was imported by its number alone."""
        is_partial = self.lacks(outputs.get(IDENTITY, {})) and self.lacks(self._known_identity(context, outputs))
        return bool(is_partial) and not self._unnamed(outputs)

    def _refuse_unowned(self, id_: str, known: Identity, seen: Identity, outputs: Values, deed: str) -> None:
        """Raise `Refused` where the number alone would prove the object, which may be a stranger's by now."""
        unnamed, is_of_an_earlier_version = self._unnamed(outputs), not outputs.get(IDENTITY)
        lacks = sorted(fact for fact in self.lacks(known) if unnamed or seen.get(fact))
        if not unnamed and (not lacks or is_of_an_earlier_version):
            return
        names = " and ".join(unnamed)
        way_out = (
            f"Write {names} into the program and run `pulumi up`; or take it out of the state (`pulumi state delete`) "
            f"and import it as `{id_}/<{names}>`."
            if unnamed
            else f"`pulumi refresh` looks whose it is; after that, it can be {deed}."
        )
        unknown = f" ({', '.join(FACTS[fact] for fact in lacks)} is not known)" if lacks else ""
        raise Refused(
            f"{self.noun} {id_} was not {deed}: it was imported by its number alone{unknown}, and the number may be "
            f"another customer's by now. Nothing was sent. {way_out}"
        )

    def _recognized(self, context: Context, id_: str, seen: Identity, outputs: Values) -> Identity:
        """Return the object's identity; where the state knows a different one, warn and raise `NotFound`."""
        known = self._known_identity(context, outputs)
        if differences(known, seen):
            context.warn(f"{self.noun} {id_} is taken for gone: {explained(known, seen)} What is there is left alone.")
            raise NotFound(f"{self.noun} {id_} is another one now.")
        if outputs and not outputs.get(IDENTITY):
            context.inform(f"{self.noun} {id_}: {COMPLETED}")
        return self._with_owner(known, seen, outputs)
