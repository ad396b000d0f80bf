"""`virtfusion recover`: after a run that was killed, the state and the panel are brought together."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..interrupted.findings import Findings
    from ..interrupted.stack import InterruptedStack
    from ..interrupted.unfinished import Unfinished

PAUSE = 5.0
"""Seconds between two looks at the panel."""
LOOKS = 24
QUESTION = (
    "This takes away the stack's lock (no other run of the stack may be going on), refreshes the stack, and writes "
    "into its state what is taken over. Nothing is deleted at the panel."
)


def command(
    stack: Annotated[str | None, typer.Option(help="Stack of this folder; the selected one when left out.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Brings state and panel together after a run that was cut short; then run the interrupted command again.

    Unlocks the stack, refreshes it, and takes over what the run had made, by what the state and the program tell of it.
    Lists what it cannot tell, and deletes nothing at the panel. Exits with 1 when something is left for you, or when
    nobody agreed; with 2 when it failed.
    """
    from ..interrupted.stack import InterruptedStack
    from ..pulumi_cli import NoState
    from ..terms import Refused
    from ._failure import failing_clearly

    with failing_clearly(NoState, Refused):
        try:
            interrupted = InterruptedStack(stack)
        except NoState:
            if not _mended(yes=yes):
                raise
            interrupted = InterruptedStack(stack)
        first, at = interrupted.look(), time.monotonic()
        if not yes:
            _ask(interrupted, first)
        interrupted.settle()
        typer.echo("Unlocked and refreshed the stack.")
        found = _agreed(interrupted, first, at)
        refused = interrupted.write(found.adoptions)
    left = [f"No place in the state for {one}: what it depends on is gone." for one in refused]
    left += _left(interrupted, found)
    taken = [f"Took over {adoption}." for adoption in found.adoptions if adoption not in refused]
    _say(interrupted, [*taken, *(f"Forgot {line}" for line in _forgotten(found)), *left])
    _say(interrupted, list(_remarks(interrupted, found)))
    if left:
        raise typer.Exit(1)
    typer.echo("Now run the interrupted command again.")


def _mended(*, yes: bool) -> bool:
    """Whether files that Pulumi was writing when it was killed were in the way, and are gone."""
    from ..interrupted.torn_files import torn_files

    torn = torn_files()
    for file in torn:
        typer.echo(
            f"{file} is empty, since Pulumi was killed while it wrote it: no state can be read before it is gone."
        )
        if not yes:
            _confirm("Delete it? It only describes the file beside it, which is whole.")
        file.unlink()
        typer.echo("Deleted it.")
    return bool(torn)


def _confirm(question: str) -> None:
    """End here unless a person at a terminal agrees."""
    if not (sys.stdin.isatty() and typer.confirm(question)):
        typer.echo("Nothing was done; with --yes nobody is asked.")
        raise typer.Exit(1)


def _ask(interrupted: InterruptedStack, found: Findings) -> None:
    """Show what would be done, and end here unless a person at a terminal agrees."""
    lines = [f"Takes over {adoption}." for adoption in found.adoptions]
    lines += [f"Forgets {line}" for line in _forgotten(found)]
    _say(interrupted, [*lines, *_left(interrupted, found), *_remarks(interrupted, found), QUESTION])
    _confirm("Go on?")


def _say(interrupted: InterruptedStack, lines: list[str]) -> None:
    for line in lines:
        typer.echo(interrupted.safe(line))


def _agreed(interrupted: InterruptedStack, last: Findings, at: float) -> Findings:
    """Look until two looks agree.

    The provider of a killed run ends seconds after it, and the panel may still be at work on its last requests: for as
    long as a request may take, nothing that is missing is given up.
    """
    until = at + interrupted.longest_request
    for _ in range(LOOKS):
        time.sleep(max(0.0, at + PAUSE - time.monotonic()))
        found, at = interrupted.look(), time.monotonic()
        if found.agrees(last) and (at >= until or not found.nothing):
            return found
        if found.agrees(last):
            typer.echo(f"Waiting {until - at:.0f} seconds: the panel may still be making what it does not show yet.")
            at = until - PAUSE
        else:
            typer.echo(f"The panel is still changing: looking again in {PAUSE:.0f} seconds.")
        last = found
    typer.echo("The panel keeps changing: is another run going on? Nothing was taken over.", err=True)
    raise typer.Exit(2)


def _forgotten(found: Findings) -> Iterator[str]:
    from ..orphans import UNSEEN

    for one in found.nothing:
        why = "the next `pulumi up` does it again" if one.kind in UNSEEN else "the panel has nothing of it"
        yield f"{one}, which was being made: {why}."


def _left(interrupted: InterruptedStack, found: Findings) -> list[str]:
    """What only a person can settle."""
    lines = [f"Look for {urn}, which was being made too." for urn in interrupted.strange]
    for contest in found.contests:
        makers, objects = (", ".join(map(str, some)) for some in (contest.makers, contest.objects))
        lines.append(f"Not taken over, since nobody knows which is whose: {objects}, for {makers or 'nobody'}.")
    lines += [line for one in found.unlisted for line in _unlisted(one)]
    for orphan in found.orphans:
        lines += [
            f"{orphan.what} is in no resource of the stack.",
            f"  take it over: {orphan.declaration.line}",
            f"  or delete it: {orphan.remove}",
        ]
    return lines


def _remarks(interrupted: InterruptedStack, found: Findings) -> Iterator[str]:
    """What is good to know before the next run, and needs no doing where the last one did not come that far."""
    if interrupted.silent:
        yield f"The program could not be asked what it still wants: {interrupted.silent}"
    for one in found.unproven:
        yield f"If the last run failed to make {one}, first look whether it is there: the API cannot list it."


def _unlisted(one: Unfinished) -> Iterator[str]:
    """What to do about an object that the API cannot list."""
    from ..api.operation import operation_of
    from ..orphans import UNLISTED

    yield f"{one} may or may not be there: {UNLISTED[one.kind]}. If it is there, before the next `pulumi up`:"
    if one.lifecycle.found_by:
        yield '  take it over: add opts=pulumi.ResourceOptions(import_="<its id>")'
    for method in one.lifecycle.removed_by[:1]:
        operation = operation_of(method)
        yield f"  or delete it: {operation.verb} {operation.path}"
    if not one.lifecycle.found_by and not one.lifecycle.removed_by:
        yield "  take the resource out of the program"
