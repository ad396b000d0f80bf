"""Reads and writes of the stack in this folder, through the Pulumi CLI."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..api.redaction import remember
from ..config import refuse_misspelt
from ..schema.timestamps import instant


class NoState(Exception):
    """The state could not be read or written; the text gives the reason."""


_OUTSIDE_OF_A_PROJECT = ("no Pulumi.yaml project file found", "pass the fully qualified name")


class NoCli(NoState):
    """There is no Pulumi CLI."""

    def __init__(self) -> None:
        super().__init__("The Pulumi CLI, which alone reads a stack, is not on PATH.")


class NoProject(NoState):
    """This folder is in no project."""

    def __init__(self) -> None:
        super().__init__("There is no Pulumi project here: run this in the folder that has its Pulumi.yaml.")


class NoStackSelected(NoState):
    """The project of this folder has no stack that is selected."""

    def __init__(self) -> None:
        super().__init__("No stack is selected in this folder: `pulumi stack select NAME`, or --stack NAME.")


def exported(stack: str | None, *, secrets: bool = False) -> str:
    """Return the output of `pulumi stack export`; with `secrets`, these are in plain, so no file or log may get it."""
    return _pulumi("stack", "export", *(["--show-secrets"] if secrets else []), stack=stack)


def configuration(stack: str | None) -> dict[str, dict[str, Any]]:
    """Return the stack's configuration by key: each `value` in plain, and whether the value is `secret`."""
    values: dict[str, dict[str, Any]] = _object("config", "--json", "--show-secrets", stack=stack)
    remember(*(str(one.get("value", "")) for one in values.values() if one.get("secret")))
    return values


def configured(stack: str | None) -> Callable[[str], str | None]:
    """Return a lookup in the stack's configuration, secrets included; raise `NotConfigured` for a misspelt setting."""
    values = configuration(stack)
    refuse_misspelt(values)
    return lambda key: values.get(key, {}).get("value")


def backend() -> str:
    """Return the address of the backend that keeps the states."""
    return str(_object("whoami", "--verbose", "--json", stack=None).get("url", ""))


def planned(stack: str | None, *, secrets: bool = False) -> list[dict[str, Any]]:
    """Return the steps of `pulumi preview`, with `secrets` in plain; raise `NoState` when the program fails."""
    steps = _object("preview", "--json", *(["--show-secrets"] if secrets else []), stack=stack).get("steps")
    return steps if isinstance(steps, list) else []


def last_run(stack: str | None) -> tuple[datetime, datetime] | None:
    """Return begin and end of the history's latest update or destroy with a known end; None without one.

    Some backends list a run that goes on, or was killed, without an end.
    """
    try:
        runs = json.loads(_pulumi("stack", "history", "--json", "--page-size", "20", "--full-dates", stack=stack))
        changing = [one for one in runs if one.get("kind") in ("update", "destroy")]
    except (
        NoState,
        ValueError,
        RecursionError,
        AttributeError,
        TypeError,
    ):  # not every backend keeps a history
        return None
    times = ((instant(str(one.get("startTime", ""))), instant(str(one.get("endTime", "")))) for one in changing)
    return next(((began, ended) for began, ended in times if began and ended), None)


def unlock(stack: str | None) -> None:
    """Remove the lock that a killed run left behind; a stack without a lock stays unchanged."""
    # Where nothing is to be cancelled some backends call that an error; if the lock stays, the next command says so.
    _run("cancel", "--yes", stack=stack)


def refresh(stack: str | None, targets: Sequence[str]) -> None:
    """Refresh the state from the panel, all of it or the `targets` (URNs); pending creates stay in the state."""
    only = [argument for urn in targets for argument in ("--target", urn)]
    _pulumi("refresh", "--yes", "--skip-preview", "--skip-pending-creates", *only, stack=stack)


def restore(stack: str | None, export: Mapping[str, Any]) -> None:
    """Replace the state by `pulumi stack import`, which drops all pending operations, those of the export too."""
    _pulumi("stack", "import", stack=stack, given=json.dumps(export))


def _object(*arguments: str, stack: str | None) -> dict[str, Any]:
    """Return the JSON object that a command prints; raise `NoState` for any other output."""
    printed = _pulumi(*arguments, stack=stack)
    try:
        value = json.loads(printed)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise NoState(f"`pulumi {' '.join(arguments)}` printed something else than a JSON object.")
    return value


def _pulumi(*arguments: str, stack: str | None, given: str | None = None) -> str:
    done = _run(*arguments, stack=stack, given=given)
    if done.returncode and "no stack selected" in done.stderr:
        raise NoStackSelected
    if done.returncode and any(words in done.stderr for words in _OUTSIDE_OF_A_PROJECT):
        raise NoProject
    if done.returncode:
        what = " ".join(argument for argument in arguments if not argument.startswith("urn:"))
        raise NoState(f"`pulumi {what}` failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _run(*arguments: str, stack: str | None, given: str | None = None) -> subprocess.CompletedProcess[str]:
    command = ["pulumi", *arguments, "--non-interactive", "--color", "never", *(["--stack", stack] if stack else [])]
    try:
        return subprocess.run(command, input=given or "", capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NoCli from None
