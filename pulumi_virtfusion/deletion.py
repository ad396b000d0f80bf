"""Nothing is deleted that is not what the state says: an id may have come to mean another object or another owner."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .terms import Refused, Values


def refuse_another(
    what: str, outputs: Values, told: Callable[[str], object], means: Mapping[str, str], deed: str = "deleted"
) -> None:
    """Raise `Refused` where what the panel has `told` differs from the state in one of the outputs that `means` names.

    What the state lacks is not compared: an object that was made but never read back can still be undone.
    """
    changes = [
        f"its {meaning} is {told(name) or 'unknown'} now, and {outputs[name]} in the state"
        for name, meaning in means.items()
        if outputs.get(name) and outputs[name] != told(name)
    ]
    if changes:
        raise Refused(
            f"{what} was not {deed}, because the panel has another one than this stack knows: {'; '.join(changes)}. "
            f"`pulumi refresh` shows and accepts what it is now; after that, it can be {deed}."
        )
