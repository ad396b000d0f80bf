"""An explicit provider: another panel in the same program."""

from __future__ import annotations

from typing import Any

import pulumi

from .config import config_key


class Provider(pulumi.ProviderResource):
    """A panel beside the stack's own; pass it to resources as `opts=pulumi.ResourceOptions(provider=...)`."""

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
        self.configured: dict[str, pulumi.Output[str]] = {
            config_key(name): pulumi.Output.from_input(value).apply(_text)
            for name, value in given.items()
            if value is not None
        }
        super().__init__("pulumi-python", resource_name, dict(self.configured), opts)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
