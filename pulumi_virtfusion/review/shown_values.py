"""The values of a plan as texts, with secrets redacted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pulumi.runtime.rpc import UNKNOWN

from ..api.redaction import REDACTED
from ..recovery.stack_state import is_sealed
from ..resources import resource_class
from ..schema.non_secret import texts_within
from ..schema.types import XmlFragment
from .inert_text import inert
from .plan import Plan, State, Step

NOT_SET = "(not set)"
LATER = "(known later)"
SECRET_NAME = re.compile(r"passw|passphrase|secret|private_?key|api_?key|(^|_)token$", re.IGNORECASE)


def value_text(step: Step, name: str, value: Any) -> str:
    """Return the value of an argument on one short line; `[secret]` for a secret one (`is_hidden`)."""
    if is_hidden(step, name):
        return REDACTED
    if value is None:
        return NOT_SET
    field = resource_class(step.kind).fields.get(name) if step.kind else None
    if field is not None and field.value_type is XmlFragment and isinstance(value, str) and value != UNKNOWN:
        return f"{len(value)} characters"  # anything may stand in it, a password of a console too
    plain = _without_secrets(value)
    return inert(plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, sort_keys=True))


def is_hidden(step: Step, name: str) -> bool:
    """Whether an argument is secret: by its declaration, its name, or a mark on its value before or after."""
    if SECRET_NAME.search(name) or (step.kind and name in _declared_secret(step.kind)):
        return True
    return any(
        name in state.secret_outputs or _is_marked(state.inputs.get(name)) or _is_marked(state.outputs.get(name))
        for state in (step.old, step.new)
        if state
    )


def secret_forms(plan: Plan) -> list[str]:
    """Return the texts in which a secret that the plan has in plain may appear in a message."""
    found: set[str] = set()
    for step in plan.steps:
        for state in (step.old, step.new):
            for value in _secrets_of(step, state) if state else ():
                found.update(texts_within(value))
    return sorted(found - {REDACTED, UNKNOWN, ""})


@cache
def _declared_secret(kind: str) -> frozenset[str]:
    return frozenset(name for name, field in resource_class(kind).fields.items() if field.secret)


def _is_marked(value: Any) -> bool:
    return any(one == REDACTED or is_sealed(one) for one in _parts(value))


def _secrets_of(step: Step, state: State) -> Iterator[Any]:
    for values in (state.inputs, state.outputs):
        for name, value in values.items():
            for part in _parts(value):
                if is_sealed(part) and "plaintext" in part:
                    yield _opened(part["plaintext"])
            if not _is_marked(value) and is_hidden(step, name):
                yield value


def _opened(plaintext: Any) -> Any:
    try:
        return json.loads(plaintext)
    except (ValueError, TypeError, RecursionError):
        return plaintext


def _parts(value: Any) -> Iterator[Any]:
    yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(item)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: REDACTED if SECRET_NAME.search(key) else _without_secrets(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    return LATER if value == UNKNOWN else value
