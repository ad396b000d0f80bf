"""`virtfusion recover`: the reconciliation of state and panel after a killed run."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ._terminal import say

if TYPE_CHECKING:
    from ..recovery.findings import Findings
    from ..recovery.interrupted_stack import InterruptedStack
    from ..recovery.pending_operations import PendingOperation

PAUSE = 5.0
"""Seconds between two searches at the panel."""
LOOKS = 24
NAMED = 5
"""The most objects that a line names."""
QUESTION = (
    "This takes away the stack's lock (no other run of the stack may be going on), refreshes the stack, and writes "
    "into its state what is taken over. Nothing is deleted at the panel."
)


def command(
    stack: Annotated[
        str | None, typer.Option(help="Stack of this folder's project; the selected one when left out.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Take over candidates too that nothing proves; look at them first.")
    ] = False,
) -> None:
    """Bring state and panel together after a run that was cut short; then run the interrupted command again.

    Unlock the stack, refresh it, and take over the objects that the run provably made. List objects without proof
    and open questions, and delete nothing at the panel. Exit with 1 when something is left for you, or when nobody
    agreed; with 2 after a failure, or when something could not be searched for. While that is a pending operation,
    write nothing, for Pulumi would forget the operation: a person at a terminal may agree to that.
    """
    from ..lifecycle.contract import Refused
    from ..recovery.pulumi_cli import NoState
    from ._failure import failing_clearly

    with failing_clearly(NoState, Refused):
        code = _recovered(stack, yes=yes, unproven=unproven)
    if code:
        raise typer.Exit(code)


def _recovered(stack: str | None, *, yes: bool, unproven: bool) -> int:
    """Recover the stack, and return the exit code."""
    interrupted = _interrupted(stack, yes=yes, unproven=unproven)
    first, at = interrupted.look(), time.monotonic()
    _give_up(interrupted, first.at_stake, yes=yes)
    if not yes:
        _ask(interrupted, first)
    say("Refreshing the stack: its state follows what the panel has.")
    interrupted.settle()
    say("Unlocked and refreshed the stack.")
    found = _agreed(interrupted, first, at)
    given_up = {one.urn for one, _ in first.at_stake}
    _give_up(interrupted, [(one, why) for one, why in found.at_stake if one.urn not in given_up], yes=yes)
    refused = interrupted.write(found)
    left = [f"No place in the state for {one}: what it depends on is gone." for one in refused]
    left += _left(interrupted, found)
    taken = [f"Took over {adoption}." for adoption in found.adoptions if adoption not in refused]
    forgotten = [f"Forgot {one}, as you agreed." for one, _ in found.at_stake]
    _say(interrupted, [*taken, *(f"Forgot {line}" for line in _forgotten(found)), *forgotten, *left])
    _say(interrupted, list(_remarks(interrupted, found)))
    unseen = list(_unseen(found))
    _say(interrupted, unseen)
    if not left and not unseen:
        say("Now run the interrupted command again.")
    return 2 if unseen else 1 if left else 0


def _interrupted(stack: str | None, *, yes: bool, unproven: bool) -> InterruptedStack:
    from ..recovery.interrupted_stack import InterruptedStack
    from ..recovery.pulumi_cli import NoState

    try:
        return InterruptedStack(stack, doubtful_too=unproven)
    except NoState:
        if not _mended(yes=yes):
            raise
        return InterruptedStack(stack, doubtful_too=unproven)


def _mended(*, yes: bool) -> bool:
    """Remove files that a killed Pulumi left half-written, after agreement; return whether there were any."""
    from ..recovery.torn_files import torn_files

    torn = torn_files()
    for file in torn:
        say(f"{file} is empty, since Pulumi was killed while it wrote it: no state can be read before it is gone.")
        if not yes:
            _confirm("Delete it? It only describes the file beside it, which is whole.")
        file.unlink()
        say("Deleted it.")
    return bool(torn)


def _confirm(question: str) -> None:
    """Exit unless a person at a terminal agrees."""
    if not _somebody_agrees(question):
        say("Nothing was done; with --yes nobody is asked.")
        raise typer.Exit(1)


def _somebody_agrees(question: str) -> bool:
    """Whether a person at a terminal agrees."""
    return sys.stdin.isatty() and typer.confirm(question)


def _ask(interrupted: InterruptedStack, found: Findings) -> None:
    """Show the planned steps, and exit unless a person at a terminal agrees."""
    lines = [f"Takes over {adoption}." for adoption in found.adoptions]
    lines += [f"Forgets {line}" for line in _forgotten(found)]
    _say(interrupted, [*lines, *_left(interrupted, found), *_remarks(interrupted, found), QUESTION])
    _confirm("Go on?")


def _give_up(interrupted: InterruptedStack, lost: list[tuple[PendingOperation, str]], *, yes: bool) -> None:
    """Exit unless a person gives up these pending operations, which a write of the state forgets."""
    if not lost:
        return
    names, it = ", ".join(str(one) for one, _ in lost), "it" if len(lost) == 1 else "them"
    fate = f"With the next write of the state Pulumi forgets {names}, and nobody knows whether the panel has {it}."
    _say(interrupted, [*_unread(lost), fate])
    question = f"Have you looked for {it} at the panel? Forget {it}, and go on?"
    if yes or not _somebody_agrees(question):
        say(
            "Nothing was done about the pending operations: run no `pulumi up` yet. Mend the reason, and run "
            f"`virtfusion recover` again; or look for {it} at the panel, run it at a terminal without --yes, and agree "
            f"to forget {it}."
        )
        raise typer.Exit(2)


def _say(interrupted: InterruptedStack, lines: list[str]) -> None:
    for line in lines:
        say(interrupted.safe(line))


def _agreed(interrupted: InterruptedStack, last: Findings, at: float) -> Findings:
    """Search until two searches agree, and return the findings.

    The provider of a killed run ends seconds after it, and the panel may still be at work on its last requests: for as
    long as a request may take, no missing object is given up.
    """
    until = at + interrupted.longest_request
    for _ in range(LOOKS):
        time.sleep(max(0.0, at + PAUSE - time.monotonic()))
        found, at = interrupted.look(), time.monotonic()
        if found.agrees(last) and (at >= until or not found.nothing):
            return found
        if found.agrees(last):
            missing = ", ".join(map(str, found.nothing[:NAMED])) + (", ..." if found.nothing[NAMED:] else "")
            line = (
                f"Waiting {until - at:.0f} seconds for {missing}: the panel may still be making what it does not show."
            )
            say(interrupted.safe(line))
            at = until - PAUSE
        else:
            say(f"The panel is still changing: looking again in {PAUSE:.0f} seconds.")
        last = found
    say("The panel keeps changing: is another run going on? Nothing was taken over.", err=True)
    raise typer.Exit(2)


def _forgotten(found: Findings) -> Iterator[str]:
    for one in found.nothing:
        yield f"{one}, which was being made: the panel has nothing of it."


def _left(interrupted: InterruptedStack, found: Findings) -> list[str]:
    """Return the lines for cases that only a person can decide."""
    lines = [f"Look for {urn}, which was being made too." for urn in interrupted.strange]
    for ambiguity in found.ambiguities:
        makers, objects = (", ".join(map(str, some)) for some in (ambiguity.makers, ambiguity.objects))
        lines.append(f"Not taken over, since nobody knows which is whose: {objects}, for {makers or 'nobody'}.")
    removals = {(one.declaration.kind, one.declaration.import_id): one.remove for one in found.orphans}
    for one, trace in found.doubtful:
        option = f'opts=pulumi.ResourceOptions(import_="{trace.import_id or trace.id}")'
        lines += [
            f"Not taken over as {one}, for nothing proves that the run made it: {trace} ({trace.doubt}).",
            f"  if it is that one, add {option}, or run `virtfusion recover --unproven`",
        ]
        if removal := removals.pop((trace.kind, trace.import_id), ""):
            lines.append(f"  or delete it: {removal}")
    lines += [line for one in found.unlisted for line in _unlisted(one)]
    for orphan in found.orphans:
        if (orphan.declaration.kind, orphan.declaration.import_id) not in removals:
            continue  # the candidate's line has named it
        lines += [
            f"{orphan.what} is in no resource of the stack.",
            f"  take it over: {orphan.declaration.line}",
            f"  or delete it: {orphan.remove}",
        ]
    return lines


def _unseen(found: Findings) -> Iterator[str]:
    """Yield a line for each search that failed, about which nothing is certain."""
    yield from _unread(found.unread)
    for what in found.unseen:
        yield f"Could not be looked at: {what}."


def _unread(unread: Iterable[tuple[PendingOperation, str]]) -> Iterator[str]:
    for one, why in unread:
        yield f"{one} could not be looked for: {why}."
        if one.under_way:
            yield "  look for it at the panel before the next `pulumi up`, which makes it anew"


def _remarks(interrupted: InterruptedStack, found: Findings) -> Iterator[str]:
    """Yield remarks for the next run, which need no action where the last run did not get that far."""
    if interrupted.silent:
        yield f"The program could not be asked what it still wants: {interrupted.silent}"
    for one, trace in found.older:
        yield f"{trace} is like {one}, which the program wants, but {trace.doubt}: nothing is done about it."
    for one in found.unproven:
        yield f"If the last run failed to make {one}, first look whether it is there: {one.behaviour.unlistable}."


def _unlisted(one: PendingOperation) -> Iterator[str]:
    """Yield the advice on an object that the API cannot list."""
    from ..api.http.operation import operation_of

    yield f"{one} may or may not be there: {one.behaviour.unlistable}. If it is there, before the next `pulumi up`:"
    if one.behaviour.found_by:
        yield '  take it over: add opts=pulumi.ResourceOptions(import_="<its id>")'
    for method in one.behaviour.removed_by[:1]:
        operation = operation_of(method)
        yield f"  or delete it: {operation.verb} {operation.path}"
    if not one.behaviour.found_by and not one.behaviour.removed_by:
        yield "  take the resource out of the program"
