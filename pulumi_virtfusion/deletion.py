"""Nothing is deleted that is not what the state says: an id may have come to mean another object or another owner."""

from __future__ import annotations

from collections.abc import Mapping

from .terms import Refused, Values


def refuse_another(what: str, outputs: Values, now: object, means: Mapping[str, str]) -> None:
    """Raise `Refused` where `now`, the panel's record, differs from the state in one of the outputs that `means` names.

    What the state lacks is not compared: an object that was made but never read back can still be undone.
    """
    changes = [
        f"its {meaning} is {getattr(now, name)} now, and {outputs[name]} in the state"
        for name, meaning in means.items()
        if outputs.get(name) and outputs[name] != getattr(now, name)
    ]
    if changes:
        raise Refused(
            f"{what} was not deleted, because it is not the one that this stack knows: {'; '.join(changes)}. "
            "`pulumi refresh` shows and accepts what it is now; after that, it can be destroyed."
        )
