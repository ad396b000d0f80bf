"""`pulumi import`, and the `import` option of every language: an object of which nothing is known but its id.

The engine asks for the inputs that describe it, stores them, and shows them as code. What the panel never tells is in
neither, so both the inputs and the outputs are marked. As long as they are, an argument that the state lacks is taken
from the program: it is no difference, and none is demanded. The first update of the program drops the mark.
"""

from __future__ import annotations

from typing import Any

from ...lifecycle.contract import Checked, Context, Diff, Found, Refused, Values
from ...lifecycle.identity import PANEL, panel_address
from ...lifecycle.lifecycle import Lifecycle
from ...lifecycle.planning import NOTHING
from ...schema.non_secret import shown
from ...takeover.importing import described
from ...takeover.importing import listed as listed
from .. import import_option
from ..import_option import IMPORT_ID

MARK = "__imported"
"""Holds the id by which it was imported."""
PLACEHOLDERS: tuple[object, ...] = (0, "", [])
"""What `pulumi import` writes into its code for a required argument that the inputs lack."""


def read(lifecycle: Lifecycle, context: Context, text: str, supplied: Values) -> Found:
    """The object that a person names, as the program that declares it."""
    id_, record, arguments = described(lifecycle, context, text)
    arguments = {**arguments, **{name: value for name, value in supplied.items() if name in lifecycle.fields}}
    made = lifecycle.kept(context, id_, record, arguments)
    context.run.taken_over.add(context.urn)
    here = panel_address(context.settings.endpoint)
    found = Found(_marked(lifecycle, made.outputs, arguments, text), {**arguments, PANEL: here, MARK: text}, made.id)
    return lifecycle.behaviour.found(context, made.id, found, arguments, {})


def check(lifecycle: Lifecycle, context: Context, olds: Values, news: Values) -> Checked:
    """As the lifecycle checks; what was imported without an argument does not need it."""
    mark = news.get(MARK) or olds.get(MARK)
    if not mark:
        return import_option.check(lifecycle, context, olds, news)
    before = {**{name: value for name, value in olds.items() if name != MARK}, IMPORT_ID: mark}
    unread = {f.name for f in lifecycle.fields.values() if f.required and f.name not in olds}
    given = {n: v for n, v in news.items() if n != MARK and not (n in unread and v in PLACEHOLDERS)}
    checked = import_option.check(lifecycle, context, before, given)
    missing = [f.name for f in lifecycle.fields.values() if f.required and f.name not in checked.inputs]
    if missing or MARK in news:
        checked.inputs[MARK] = mark
    return Checked(checked.inputs, [problem for problem in checked.problems if problem.argument not in missing])


def refresh(lifecycle: Lifecycle, context: Context, id_: str, inputs: Values, outputs: Values) -> Found:
    """As the lifecycle reads; what was imported stays marked, and keeps what the panel never tells."""
    if MARK not in outputs:
        return lifecycle.read(context, id_, inputs, outputs)
    known_outputs, _ = known(outputs, inputs)
    found = lifecycle.read(context, id_, inputs, known_outputs)
    return Found(_marked(lifecycle, found.outputs, found.inputs, outputs[MARK]), found.inputs, found.id)


def known(outputs: Values, said: Values | None, news: Values = NOTHING) -> tuple[Values, Values | None]:
    """The outputs and old inputs of a state; of what was imported, with the arguments that the panel never told."""
    if MARK not in outputs:
        return outputs, said
    arguments = {name: value for name, value in (said or {}).items() if not _is_ours(name)}
    if said is not None and MARK in said:  # the program has not been carried out yet
        now = {name: outputs.get(name, value) for name, value in news.items() if not _is_ours(name)}
        arguments = {**now, **arguments}
        said = {**arguments, **{name: value for name, value in said.items() if name != MARK}}
    return {**arguments, **{name: value for name, value in outputs.items() if name != MARK}}, said


def is_another(context: Context, diff: Diff, said: Values | None) -> bool:
    """Whether the program describes another object than the one that was imported.

    In the run that imports it, by any difference; until an update has dropped the mark, by one that would replace it.
    """
    if MARK not in (said or {}):
        return False
    return bool(diff.changed if context.urn in context.run.taken_over else diff.replaces)


def refusal(lifecycle: Lifecycle, id_: str, diff: Diff, olds: Values, news: Values) -> Refused:
    """Why the program cannot take the object over: where they differ."""
    different = ", ".join(
        f"{name} is {shown(olds.get(name))} at the panel and {shown(news.get(name))} in the program"
        for name in diff.changed
    )
    return Refused(
        f"import: {lifecycle.noun} {id_} differs from the program: {different}. Make the program say what is there, "
        "then run it again."
    )


def _marked(lifecycle: Lifecycle, outputs: Values, inputs: Values, mark: str) -> dict[str, Any]:
    """The outputs without what the panel tells of an argument that nobody has told: the owner of a key is 0 there."""
    missing = {f.name for f in lifecycle.fields.values() if f.required and f.name not in inputs}
    return {**{name: value for name, value in outputs.items() if name not in missing}, MARK: mark}


def _is_ours(name: str) -> bool:
    return name.startswith("__") or name == IMPORT_ID
