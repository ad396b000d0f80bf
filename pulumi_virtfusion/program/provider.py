"""An explicit provider: another panel in the same program."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pulumi

from ..config import NAMESPACE, NotConfigured, config_key, of_provider, parsed
from ..misspelling import naming_the_nearest
from .failure import plain_errors
from .panel import is_native, look_at_configuration


class Provider(pulumi.ProviderResource):
    """A panel beside the stack's own; pass it to resources as `opts=pulumi.ResourceOptions(provider=...)`."""

    @naming_the_nearest
    def __init__(
        self,
        resource_name: str,
        *,
        endpoint: pulumi.Input[str],
        token: pulumi.Input[str],
        request_timeout: pulumi.Input[float] | None = None,
        operation_timeout: pulumi.Input[float] | None = None,
        max_concurrency: pulumi.Input[int] | None = None,
        ca_bundle: pulumi.Input[str] | None = None,
        insecure: pulumi.Input[bool] | None = None,
        moved_from: pulumi.Input[str] | None = None,
        request_log: pulumi.Input[str] | None = None,
        validate_on_preview: pulumi.Input[bool] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        with plain_errors():
            look_at_configuration()
        given = {
            "endpoint": endpoint,
            "token": pulumi.Output.secret(token),
            "request_timeout": request_timeout,
            "operation_timeout": operation_timeout,
            "max_concurrency": max_concurrency,
            "ca_bundle": ca_bundle,
            "insecure": insecure,
            "moved_from": moved_from,
            "request_log": request_log,
            "validate_on_preview": validate_on_preview,
        }
        self.written = partial(of_provider, resource_name)
        self.configured: dict[str, pulumi.Output[str]] = {
            config_key(name): pulumi.Output.from_input(value).apply(partial(_text, name, resource_name))
            for name, value in given.items()
            if value is not None
        }
        package, inputs = "pulumi-python", dict(self.configured)
        if is_native():
            package, inputs = NAMESPACE, {key.partition(":")[2]: value for key, value in self.configured.items()}
        super().__init__(package, resource_name, inputs, opts)


def _text(name: str, provider: str, value: Any) -> str:
    """Return the text of a value as a stack's configuration holds it; raise `NotConfigured` for a refused value."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    source = of_provider(provider, name)
    with plain_errors():
        if name in ("endpoint", "token") and not text.strip():
            raise NotConfigured(f"{source} is empty.")
        # Only the provider's process can look up a relative path, since it may run in another folder.
        if text and (name != "ca_bundle" or Path(text).is_absolute()):
            parsed(name, text, source)
    return text
