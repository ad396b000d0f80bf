"""Imports by `pulumi import` and by the `import` option of every language, where only the object's id is known.

The engine asks for the inputs that describe the object, stores them before any other call, and shows them as code.
Arguments that the panel never reports are in neither inputs nor outputs, so both are marked. While they are marked, an
argument that the state lacks is taken from the program: it is no difference, and none is required. The first update of
the program drops the mark.

An object that a program names in its option is `UNMATCHED` at first. Until a run finds that the program describes the
object, every difference is refused, nothing is sent, and a deletion only forgets the object: the engine keeps it in the
state after a refusal too, and a second run must not carry out a change that the first refused.
"""

from __future__ import annotations

from typing import Any

from ...lifecycle.contract import Checked, Context, Diff, Found, Problem, Refused, Values
from ...lifecycle.identity import IDENTITY, PANEL, panel_address, refuse_another
from ...lifecycle.lifecycle import Lifecycle
from ...lifecycle.planning import NOTHING
from ...schema.fields import Change
from ...schema.non_secret import shown
from ...schema.plain_values import is_known
from ...schema.required import missing
from ...takeover.importing import described
from ...takeover.importing import listed as listed
from .. import import_option
from ..import_option import IMPORT_ID, planned

MARK = "__imported"
"""The input and output with the id by which the object was imported."""
UNMATCHED = "__unmatched"
"""The input beside the mark, until a run of the program describes the object."""
PLACEHOLDERS: tuple[object, ...] = (0, "", [])
"""The values that `pulumi import` writes into its code for a required argument that the inputs lack."""


def read(lifecycle: Lifecycle, context: Context, text: str, supplied: Values, *, for_program: bool) -> Found:
    """Read the object that a person names, as the program that declares it.

    `for_program` is true for the option of a program, and for a call that may come from one, and false for `pulumi
    import`.
    """
    id_, record, arguments, remarks = described(lifecycle, context, text)
    context.run.remarks[context.urn] = remarks
    arguments = {**arguments, **{name: value for name, value in supplied.items() if name in lifecycle.fields}}
    made = lifecycle.kept(context, id_, record, arguments)
    marks = {PANEL: panel_address(context.settings.endpoint), MARK: text, **({UNMATCHED: True} if for_program else {})}
    found = Found(_marked(lifecycle, made.outputs, arguments, text), {**arguments, **marks}, made.id)
    return lifecycle.behaviour.found(context, made.id, found, arguments, {})


def check(lifecycle: Lifecycle, context: Context, olds: Values, news: Values) -> Checked:
    """Check as the lifecycle does, without requiring an argument that the import could not read."""
    mark = news.get(MARK) or olds.get(MARK)
    if not mark:
        return import_option.check(lifecycle, context, olds, news)
    for remark in context.run.remarks.pop(context.urn, ()):  # a look-up, which asks to read alike, is never checked
        context.warn(remark)
    before = {**{name: value for name, value in olds.items() if name not in (MARK, UNMATCHED)}, IMPORT_ID: mark}
    unread = missing(lifecycle.fields, olds)
    given = {n: v for n, v in news.items() if n not in (MARK, UNMATCHED) and not (n in unread and v in PLACEHOLDERS)}
    checked = import_option.check(lifecycle, context, before, given)
    lacking = missing(lifecycle.fields, checked.inputs)
    if lacking or MARK in news:
        checked.inputs[MARK] = mark
    problems = [problem for problem in checked.problems if problem.argument not in lacking]
    if UNMATCHED in olds and MARK not in news and not problems:
        problems = _unlike(lifecycle, context, mark, checked.inputs)
    return Checked(checked.inputs, problems)


def _unlike(lifecycle: Lifecycle, context: Context, text: str, inputs: Values) -> list[Problem]:
    """Return the differences of program and object as a problem; else plan the adoption, as for Python programs."""
    try:
        lifecycle.foresee_takeover(context, *_importable(lifecycle, context, text, inputs))
    except Refused as refusal:
        return [Problem("import", str(refusal))]
    return []


def _importable(lifecycle: Lifecycle, context: Context, text: str, inputs: Values) -> tuple[str, Any]:
    """Return the id and record of the object; raise `Refused` where the program or the text contradicts them."""
    sought, named = lifecycle.behaviour.named(text)
    arguments = {name: value for name, value in inputs.items() if not _is_ours(name)}
    if different := ", ".join(
        f"{name} is {shown(value)} by that id and {shown(arguments[name])} in the program"
        for name, value in named.items()
        if is_known(arguments.get(name, value)) and not lifecycle.fields[name].same(arguments.get(name, value), value)
    ):
        raise Refused(f"{lifecycle.noun} {text} differs from the program: {different}. Write the same into both.")
    return lifecycle.importable(context, sought, {**arguments, **named})


def diff(
    lifecycle: Lifecycle, context: Context, id_: str, outputs: Values, last_inputs: Values | None, news: Values
) -> tuple[Diff, Values]:
    """Compare as the lifecycle does, and return the plan with the inputs that were last carried out.

    The program that adopts an imported object changes nothing of it at the panel: a difference that would replace the
    object is refused. The plan can be to record the owner, where the program is the first to name one.
    """
    olds, before = known(lifecycle, context, id_, outputs, last_inputs, news)
    if last_inputs is None or MARK not in last_inputs:
        plan = lifecycle.diff(context, id_, olds, planned(news), before)
        return plan, before if before is not None else olds
    if UNMATCHED in last_inputs:  # the check has refused every difference
        ours = {name: value for name, value in news.items() if _is_ours(name)}
        there = {name: value for name, value in _inputs(lifecycle, olds).items() if is_known(value)}
        lifecycle.diff(context, id_, olds, planned({**ours, **there}))
        return Diff([UNMATCHED], []), last_inputs
    plan = lifecycle.diff(context, id_, olds, planned(news), before)
    if plan.replaces:
        raise _refusal(lifecycle, id_, plan, olds, news)
    if not plan.changed and lifecycle.can_learn_its_owner(context, olds):
        return Diff([name for name in _inputs(lifecycle, news) if name not in last_inputs], []), last_inputs
    return plan, before if before is not None else olds


def update(
    lifecycle: Lifecycle, context: Context, id_: str, outputs: Values, last_inputs: Values | None, news: Values
) -> dict[str, Any]:
    """Update as the lifecycle does; of an object that no run has matched yet, only read what the state lacks."""
    if last_inputs is not None and is_only_read(last_inputs, news):
        arguments = _inputs(lifecycle, news)
        made = lifecycle.kept(context, *_importable(lifecycle, context, last_inputs[MARK], arguments), arguments)
        refuse_another(
            f"{lifecycle.noun} {id_} was not taken over", outputs.get(IDENTITY, {}), made.outputs.get(IDENTITY, {})
        )
        return _marked(lifecycle, made.outputs, arguments, last_inputs[MARK]) if MARK in news else made.outputs
    olds, before = known(lifecycle, context, id_, outputs, last_inputs, news)
    return lifecycle.update(context, id_, olds, planned(news), before)


def is_only_read(last_inputs: Values | None, news: Values) -> bool:
    """Whether an update sends nothing, so that its preview can be the update itself."""
    return UNMATCHED in (last_inputs or {}) and is_known(dict(news))


def delete(lifecycle: Lifecycle, context: Context, id_: str, outputs: Values, last_inputs: Values | None) -> None:
    """Delete as the lifecycle does; only forget an object that no run of the program has described."""
    if UNMATCHED in (last_inputs or {}):
        context.run.deleted(context.urn, id_)
        context.warn(
            f"{lifecycle.noun} {id_} stays at the panel as it is: its import was refused, and no run of the program "
            "has described it since. It is no longer in this stack."
        )
        return
    olds, before = known(lifecycle, context, id_, outputs, last_inputs)
    lifecycle.delete(context, id_, olds, before)


def refresh(lifecycle: Lifecycle, context: Context, id_: str, inputs: Values, outputs: Values) -> Found:
    """Read as the lifecycle does; keep an imported object's mark and the arguments that the panel never reports."""
    if MARK not in outputs:
        return lifecycle.read(context, id_, inputs, outputs)
    if not inputs:  # a look-up (`Class.get`), which keeps its outputs
        found = lifecycle.read(context, id_, inputs, outputs)
        reread = {name: value for name, value in found.outputs.items() if name in outputs}
        return Found({**outputs, **reread}, found.inputs, found.id)
    known_outputs, _ = known(lifecycle, context, id_, outputs, inputs)
    found = lifecycle.read(context, id_, inputs, known_outputs)
    return Found(_marked(lifecycle, found.outputs, found.inputs, outputs[MARK]), found.inputs, found.id)


def known(
    lifecycle: Lifecycle,
    context: Context,
    id_: str,
    outputs: Values,
    last_inputs: Values | None,
    news: Values = NOTHING,
) -> tuple[Values, Values | None]:
    """Return the outputs and old inputs of a state, with the arguments that no read of an imported object returned."""
    if MARK not in outputs:
        return outputs, last_inputs
    arguments = _inputs(lifecycle, last_inputs or {})
    if last_inputs is not None and MARK in last_inputs:  # the program has not been carried out yet
        new = {name: value for name, value in _inputs(lifecycle, news).items() if name not in arguments}
        arguments |= _believed(lifecycle, context, id_, {**arguments, **outputs}, new)
        last_inputs = arguments | {n: value for n, value in last_inputs.items() if n not in (MARK, UNMATCHED)}
    read = {
        name: value
        for name, value in outputs.items()
        if name != MARK and not (name in arguments and _is_the_programs(lifecycle, name))
    }
    return {**arguments, **read}, last_inputs


def _believed(lifecycle: Lifecycle, context: Context, id_: str, state: Values, new: Values) -> dict[str, Any]:
    """Return the arguments that the import has left out: the panel's values, and else the program's.

    The import did not ask the panel for everything: an argument that the panel can report, such as a power state, is
    read now.
    """
    values = {
        name: value if lifecycle.fields[name].change is Change.NOTE else state.get(name, value)
        for name, value in new.items()
    }
    unread = [n for n, value in new.items() if lifecycle.fields[n].drifts and n not in state and is_known(value)]
    if unread:
        asked = {name: value for name, value in {**state, **new}.items() if is_known(value)}
        record = lifecycle.behaviour.find(context, id_, asked)
        seen = {name: lifecycle.behaviour.value_of(record, name) for name in unread}
        values |= {name: value for name, value in seen.items() if value is not None}
    return values


def _refusal(lifecycle: Lifecycle, id_: str, plan: Diff, olds: Values, news: Values) -> Refused:
    """Return the error with the differences for which the program cannot adopt the object."""
    different = ", ".join(
        f"{name} is {shown(olds.get(name))} at the panel and {shown(news.get(name))} in the program"
        for name in plan.changed
    )
    return Refused(
        f"import: {lifecycle.noun} {id_} differs from the program: {different}. Make the program say what is there, "
        "then run it again."
    )


def _marked(lifecycle: Lifecycle, outputs: Values, inputs: Values, mark: str) -> dict[str, Any]:
    """Mark the outputs, without the panel's value for a required argument that the inputs lack: a key's owner is 0."""
    lacking = missing(lifecycle.fields, inputs)
    return {**{name: value for name, value in outputs.items() if name not in lacking}, MARK: mark}


def _inputs(lifecycle: Lifecycle, values: Values) -> dict[str, Any]:
    return {f.name: values[f.name] for f in lifecycle.behaviour.inputs() if f.name in values}


def _is_the_programs(lifecycle: Lifecycle, name: str) -> bool:
    """Whether the state keeps the program's value of an argument, whatever value a read returns."""
    f = lifecycle.fields[name]
    return f.is_input and (f.change is Change.NOTE or not f.drifts)


def _is_ours(name: str) -> bool:
    return name.startswith("__") or name == IMPORT_ID
