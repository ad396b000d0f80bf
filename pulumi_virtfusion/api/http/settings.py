"""The settings of a client."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pulumi_virtfusion.api.http.api_token import Token
from pulumi_virtfusion.api.http.request_log import RequestLog
from pulumi_virtfusion.api.http.retry import RetryPolicy
from pulumi_virtfusion.api.http.user_agent import AGENT


@dataclass(frozen=True)
class ClientSettings:
    """Times are in seconds; raises `ValueError` for a limit that is not positive, and a CA bundle that is no file."""

    root: str
    token: Token
    request_timeout: float
    operation_timeout: float
    max_concurrency: int
    ca_bundle: str | None
    insecure: bool
    retry_policy: RetryPolicy
    request_log: RequestLog | None
    user_agent: str = AGENT

    def __post_init__(self) -> None:
        for name in ("request_timeout", "operation_timeout"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be more than 0 seconds, not {getattr(self, name)}")
        if self.ca_bundle is not None and not Path(self.ca_bundle).is_file():
            raise ValueError(f"ca_bundle must be a file with certificates, and {self.ca_bundle} is no file")
        if self.max_concurrency < 1:
            raise ValueError(f"max_concurrency must be at least 1, not {self.max_concurrency}")
