"""A resource's life as the engine leads it, over the real provider host: one sentence a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from pulumi.runtime.rpc import UNKNOWN as PULUMI_UNKNOWN

from pulumi_virtfusion.config import config_key
from pulumi_virtfusion.dynamic_provider import provider_of
from pulumi_virtfusion.providers.import_option import IMPORT_ID
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostedResource, HostError, PartlyMade, ProviderHost, ProviderHosts, Read

_stacks = count()

UNKNOWN = PULUMI_UNKNOWN
"""A value that a preview does not know yet."""


class Refused(Exception):
    """`check` refused the program; `problems` has one text for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Plan:
    """What the engine plans for a changed program: nothing, an update, or a replacement."""

    inputs: dict[str, Any]
    changed: list[str]
    """Arguments whose input differs, as the preview shows them; empty when nothing is planned."""
    replaces: list[str]
    delete_first: bool
    requests: list[str]
    """What planning asked of the panel."""
    is_update: bool
    """Whether the engine calls the provider, which may have to change only the state."""


class Life:
    """Makes resources of one program: `life("Server", package_id=1, ...)`, on one panel and one host."""

    def __init__(self, hosts: ProviderHosts, panel: Panel, settings: Mapping[str, str] | None = None) -> None:
        self._hosts, self._panel = hosts, panel
        # A wait that never ends must be a red test, not a test run that never ends.
        config = {"virtfusion:operationTimeout": "30", **(settings or {})}
        config = {"virtfusion:endpoint": panel.url, "virtfusion:token": panel.token, **config}
        self.host: ProviderHost = hosts.configured({name: text for name, text in config.items() if text})
        self.stack = f"stack-{next(_stacks)}"

    def __call__(
        self, kind: str, resource_name: str = "a", /, *, import_: int | str | None = None, **arguments: Any
    ) -> LivingResource:
        """A resource of class `kind` in the program, not made yet; `import_` is the option of that name."""
        hosted = self.host.resource(provider_of(kind), name=resource_name, type_=f"virtfusion:{kind}", stack=self.stack)
        if import_ is not None:
            arguments[IMPORT_ID] = str(import_)
        return LivingResource(hosted, self._panel, dict(arguments))

    def next_run(self, resource: LivingResource) -> LivingResource:
        """The same resource in this life's process, which knows nothing but its state."""
        urn = resource.hosted.urn
        _, _, type_, name = urn.split("::")
        kind = type_.rpartition(":")[2]
        hosted = replace(self(kind, name).hosted, urn=urn)
        return replace(resource, hosted=hosted, arguments=dict(resource.arguments))

    def with_settings(self, **settings: str) -> Life:
        """The same panel under other settings, as `validate_on_preview="true"`; an empty text takes one out."""
        return Life(self._hosts, self._panel, {config_key(name): text for name, text in settings.items()})


@dataclass
class LivingResource:
    """One resource: what the program says, and what the engine keeps of it."""

    hosted: HostedResource
    panel: Panel
    arguments: dict[str, Any]
    id: str = ""
    """Empty before it is made and after it is gone."""
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    partly_made: PartlyMade | None = None
    """What a failed create or update left; the next `change` repairs it."""

    def __getitem__(self, output: str) -> Any:
        return self.outputs[output]

    @property
    def public(self) -> dict[str, Any]:
        """The outputs without those that the engine shows nobody."""
        return {name: value for name, value in self.outputs.items() if not name.startswith("__")}

    def check(self, **arguments: Any) -> dict[str, Any]:
        """The inputs that the program's arguments make; raises Refused."""
        told = {**self.arguments, **arguments}
        self.arguments = {name: value for name, value in told.items() if value is not None}
        return self._checked(self.inputs if self.id else {})

    def create(self, *, timeout: float = 0) -> LivingResource:
        """Check and create; raises Refused or HostError. `timeout` is `custom_timeouts` in seconds."""
        self.inputs = self.check()
        try:
            made = self.hosted.create(self.inputs, timeout=timeout)
        except HostError as error:
            self._keep_part(error)
            raise
        self.id, self.outputs, self.secrets = made.id, made.outputs, made.secrets
        return self

    def plan(self, **arguments: Any) -> Plan:
        """What a preview shows for changed arguments; an argument given as None is taken out of the program."""
        asked_before = len(self.panel.requests())
        inputs = self.check(**arguments)
        diff = self.hosted.diff(self.id, self.outputs, inputs, self.inputs)
        # Where the provider leaves it to the engine, that compares the inputs.
        differing = sorted(
            n
            for n in inputs.keys() | self.inputs.keys()
            if not n.startswith("__") and inputs.get(n) != self.inputs.get(n)  # what is the provider's own, nobody sees
        )
        changed = [] if diff.changed is False else differing if diff.differing is None else sorted(diff.differing)
        if diff.replaces:  # the engine checks the replacement as a new resource
            inputs = self._checked({})
        requests = self.panel.requests()[asked_before:]
        is_update = bool(changed) or diff.changed is True
        return Plan(inputs, changed, diff.replaces, diff.delete_before_replace, requests, is_update)

    def change(self, *, timeout: float = 0, **arguments: Any) -> Plan:
        """Plan, and carry the plan out as `pulumi up` does; raises Refused or HostError."""
        plan = self.plan(**arguments)
        if plan.replaces:
            self._replace(plan, timeout)
        elif plan.is_update or self.partly_made:
            self._update(plan.inputs, timeout)
        else:
            self.inputs = plan.inputs
        return plan

    def _update(self, inputs: dict[str, Any], timeout: float) -> None:
        try:
            made = self.hosted.update(self.id, self.outputs, inputs, self.inputs, timeout=timeout)
        except HostError as error:
            self._keep_part(error)
            raise
        self.inputs, self.outputs, self.secrets, self.partly_made = inputs, made.outputs, made.secrets, None

    def _replace(self, plan: Plan, timeout: float) -> None:
        old_id, old_outputs, old_inputs = self.id, self.outputs, self.inputs
        if plan.delete_first:
            self.hosted.delete(old_id, old_outputs, old_inputs)
        made = self.hosted.create(plan.inputs, timeout=timeout)
        self.id, self.inputs, self.outputs, self.secrets = made.id, plan.inputs, made.outputs, made.secrets
        if not plan.delete_first:
            self.hosted.delete(old_id, old_outputs, old_inputs)

    def refresh(self) -> list[str]:
        """`pulumi refresh`: the inputs that drifted. An object that is gone leaves `id` empty."""
        read: Read = self.hosted.read(self.id, self.outputs, self.inputs)
        if not read.id:
            self.id, self.outputs = "", {}
            return []
        assert read.inputs is not None
        drifted = sorted(
            name for name in read.inputs.keys() | self.inputs.keys() if read.inputs.get(name) != self.inputs.get(name)
        )
        self.inputs, self.outputs, self.secrets = read.inputs, read.outputs, read.secrets
        self.partly_made = PartlyMade(read.id, read.outputs, read.reasons, read.secrets) if read.reasons else None
        return drifted

    def look_up(self, id_: int | str) -> Read:
        """`Class.get(name, id)`, as a program sees it."""
        read = self.hosted.read(str(id_), {})
        return replace(read, outputs={name: value for name, value in read.outputs.items() if not name.startswith("__")})

    def delete(self, *, timeout: float = 0) -> None:
        self.hosted.delete(self.id, self.outputs, self.inputs, timeout=timeout)
        self.id, self.outputs = "", {}

    @property
    def infos(self) -> list[str]:
        """What was said under this resource, without being a warning, since the test began."""
        return [log.message for log in self.hosted.logs if log.severity == "INFO" and not log.ephemeral]

    @property
    def warnings(self) -> list[str]:
        """The warnings under this resource since the test began."""
        return self._said("WARNING")

    def _said(self, severity: str) -> list[str]:
        return [log.message for log in self.hosted.logs if log.severity == severity and not log.ephemeral]

    def _checked(self, old_inputs: dict[str, Any]) -> dict[str, Any]:
        checked = self.hosted.check(self.arguments, old_inputs or None)
        if checked.failures:
            raise Refused([reason for _, reason in checked.failures])
        return checked.inputs

    def _keep_part(self, error: HostError) -> None:
        self.partly_made = error.partly_made
        if error.partly_made is not None:
            self.id, self.outputs = error.partly_made.id, error.partly_made.outputs
            self.secrets = error.partly_made.secrets
