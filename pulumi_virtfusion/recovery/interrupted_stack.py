"""The stack of this folder after an interrupted run, and the steps that reconcile its state with its panels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ..config import Settings
from ..lifecycle.context import SilentContext
from ..schema.non_secret import texts_within, without
from ..schema.timestamps import now
from . import pulumi_cli as cli
from .adoption import Adoption, adopt
from .findings import Findings, Window, at_no_panel, found_at, panels_of
from .pending_operations import CREATING, PendingOperation, hides, of_preview, of_state, with_secrets
from .property_names import in_our_names, on_the_wire
from .remembered import completed, remembered
from .stack_state import (
    StackState,
    deployment_of,
    engine_time,
    is_ours,
    named,
    operated_on,
    operations_of,
    providers_of,
    refuse_objects_of_another_panel,
    resources_of,
)

STACK_TYPE = "pulumi:pulumi:Stack"
TOLD_IN_SECONDS = timedelta(seconds=2)
"""The precision of a time in the stack's history, which has whole seconds."""


class InterruptedStack:
    """The pending operations of an interrupted run, from its state and the program; the constructor changes nothing."""

    def __init__(self, name: str | None, *, doubtful_too: bool = False) -> None:
        self.name, self.doubtful_too = name, doubtful_too
        secrets = self._read()
        self.panels: dict[str | None, Settings] = panels_of(self.opened, cli.configured(name))
        for provider, settings in self.panels.items():
            settings.panel()  # says what is not set
            refuse_objects_of_another_panel(SilentContext(settings), self.opened, provider)
        self.secrets = frozenset(texts_within([*secrets, *(settings.token for settings in self.panels.values())]))
        self.silent = ""
        """The reason why no preview of the program was possible; "" where there was one."""
        steps = self._planned()
        self._unfinished: dict[str | None, list[PendingOperation]] = {}
        for provider in self.panels:
            begun = of_state(self.sealed, self.opened, provider)
            self._unfinished[provider] = [*begun, *of_preview(steps, provider, begun, providers_of(self.opened))]
        # The refresh writes the state anew: only the one that the run left tells when it was.
        last = cli.last_run(name)
        self._window = {provider: self._window_of(settings, last) for provider, settings in self.panels.items()}
        for provider, settings in self.panels.items():
            state = StackState.of_deployment(self.opened, provider)
            context = remembered(settings, self.opened, state, self._window[provider].since)
            self._unfinished[provider] = completed(context, state, self._unfinished[provider])

    def _read(self) -> list[Any]:
        """Read the state, as stored and with its secrets in plain; return the secrets."""
        text, secrets = cli.exported(self.name), list[Any]()
        self.sealed, self.opened = deployment_of(text), deployment_of(cli.exported(self.name, secrets=True), secrets)
        self._export: Mapping[str, Any] = json.loads(text)
        return secrets

    def _planned(self) -> list[dict[str, Any]]:
        try:
            steps = _named(cli.planned(self.name))
        except cli.NoState as error:
            self.silent = str(error)
            return []
        if not hides(steps):
            return steps
        try:
            opened = _named(cli.planned(self.name, secrets=True))
        except (cli.NoState, ValueError):  # an older CLI cannot tell; what it hides is not looked for, and said so
            return steps
        steps, secrets = with_secrets(steps, opened)
        self.secrets |= frozenset(texts_within(secrets))
        return steps

    def _window_of(self, settings: Settings, last: tuple[datetime, datetime] | None) -> Window:
        """Return the time from the interrupted run's begin to the last moment at which its last request can end."""
        written = engine_time((self.opened.get("manifest") or {}).get("time")) or now()
        until = written + timedelta(seconds=settings.operation_timeout)
        if last is None:  # the first run of the stack: the stack itself was the first that it made
            root = next((one for one in resources_of(self.opened) if one["type"] == STACK_TYPE), {})
            return Window(engine_time(root.get("created")) or written, until)
        began, ended = last
        # A run that was killed is in no history, so what was written after the last run that is, it wrote.
        return Window(ended if written > ended + TOLD_IN_SECONDS else began, until)

    def safe(self, text: str) -> str:
        """Redact the secrets of the state in a text."""
        return without(text, self.secrets)

    @property
    def strange(self) -> list[str]:
        """URNs of other providers' pending creates: `write` drops them from the state, and no search can find them."""
        creating = [one["resource"] for one in operations_of(self.sealed) if one["type"] == CREATING]
        return [one["urn"] for one in creating if not is_ours(one)]

    @property
    def longest_request(self) -> float:
        """Seconds after which no request of the run can be in progress any more."""
        return max((settings.request_timeout for settings in self.panels.values()), default=0.0)

    def look(self) -> Findings:
        """Search every panel once."""
        findings, urns = Findings(), {one["urn"] for one in resources_of(self.opened)}
        for provider, settings in self.panels.items():
            held = StackState.of_deployment(self.opened, provider)
            wanted, window = self._unfinished[provider], self._window[provider]
            findings.extend(found_at(settings, held, wanted, window, urns, doubtful_too=self.doubtful_too))
        findings.unread += at_no_panel(self.sealed, self.opened)
        if self.silent and not any(map(is_ours, operated_on(self.opened))):
            findings.unseen.append(
                "what the last run was making, for the state does not say it, and the program failed"
            )
        return findings

    def settle(self) -> None:
        """Remove the stack's lock, and refresh the state: it follows the changes and deletions at the panel."""
        cli.unlock(self.name)
        ours = [one["urn"] for one in resources_of(self.sealed) if is_ours(one) and not one.get("delete")]
        cli.refresh(self.name, ours if any(map(_is_of_others, resources_of(self.sealed))) else ())
        self.secrets |= frozenset(texts_within(self._read()))

    def write(self, found: Findings) -> list[Adoption]:
        """Write the adoptions into the state, and drop its pending operations; return the adoptions without a place.

        Pulumi keeps no pending operation, not even those of `found.at_stake`: write only where a person gives these up.
        """
        refused = adopt(self.sealed, found.adoptions)
        if found.adoptions or any(is_ours(one["resource"]) for one in operations_of(self.sealed)):
            deployment = named({**self.sealed, "pending_operations": None}, on_the_wire)
            cli.restore(self.name, {**self._export, "deployment": deployment})
        return refused


def _named(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "newState": in_our_names(one["newState"])} if one.get("newState") else one for one in steps]


def _is_of_others(resource: Mapping[str, Any]) -> bool:
    return bool(resource.get("custom")) and not is_ours(resource) and not str(resource["type"]).startswith("pulumi:")
