"""The client of one panel's API: one attribute for each section of operations."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING

from pulumi_virtfusion.api.http.api_token import Token
from pulumi_virtfusion.api.http.endpoint import api_root, warn_if_unencrypted
from pulumi_virtfusion.api.http.request_log import RequestLog
from pulumi_virtfusion.api.http.retry import RetryPolicy
from pulumi_virtfusion.api.http.settings import ClientSettings
from pulumi_virtfusion.api.http.time_limit import deadline, time_limit
from pulumi_virtfusion.api.http.transport import Transport
from pulumi_virtfusion.api.http.user_agent import AGENT

if TYPE_CHECKING:
    from pulumi_virtfusion.api.sections.backups import Backups
    from pulumi_virtfusion.api.sections.dns import Dns
    from pulumi_virtfusion.api.sections.hypervisor_groups import HypervisorGroups
    from pulumi_virtfusion.api.sections.hypervisors import Hypervisors
    from pulumi_virtfusion.api.sections.ip_blocks import IpBlocks
    from pulumi_virtfusion.api.sections.media import Media
    from pulumi_virtfusion.api.sections.packages import Packages
    from pulumi_virtfusion.api.sections.queue import Queue
    from pulumi_virtfusion.api.sections.self_service import SelfService
    from pulumi_virtfusion.api.sections.servers import Servers
    from pulumi_virtfusion.api.sections.ssh_keys import SshKeys
    from pulumi_virtfusion.api.sections.users import Users


class VirtFusion:
    """A client of one panel, for any number of threads; times are in seconds.

    `endpoint` is the panel's address with or without `/api/v1`, `request_log` a file to which a line of JSON is
    appended for each attempt of each request. Raises `ValueError` for settings that cannot work;
    no request is made before the first call of a section's method.
    """

    def __init__(
        self,
        endpoint: str,
        token: str,
        *,
        request_timeout: float = 30,
        operation_timeout: float = 1800,
        max_concurrency: int = 16,
        ca_bundle: str | None = None,
        insecure: bool = False,
        retry_policy: RetryPolicy | None = None,
        request_log: RequestLog | str | None = None,
        user_agent: str = AGENT,
    ) -> None:
        self._settings = ClientSettings(
            root=api_root(endpoint),
            token=Token(token),
            request_timeout=request_timeout,
            operation_timeout=operation_timeout,
            max_concurrency=max_concurrency,
            ca_bundle=ca_bundle,
            insecure=insecure,
            retry_policy=retry_policy or RetryPolicy(),
            request_log=RequestLog(request_log) if isinstance(request_log, str) else request_log,
            user_agent=user_agent,
        )
        warn_if_unencrypted(self._settings.root)
        self.transport = Transport(self._settings)

    def __repr__(self) -> str:
        return f"VirtFusion({self._settings.root!r})"

    def connect(self) -> None:
        """Check address and token (`GET /connect`); a token's scope shows only in the calls that need it."""
        from pulumi_virtfusion.api.sections.general import General

        General(self.transport).connect()

    def time_limit(self, seconds: float) -> AbstractContextManager[None]:
        """Limit all retries and waits of the calls that this thread makes inside the `with` block, in seconds."""
        return time_limit(seconds)

    def remaining(self) -> float:
        """Return the seconds left of this thread's time limit; the client's `operation_timeout` where none is set."""
        return max(0.0, deadline(self._settings.operation_timeout) - time.monotonic())

    @cached_property
    def servers(self) -> Servers:
        """Operations on servers."""
        from pulumi_virtfusion.api.sections.servers import Servers

        return Servers(self.transport)

    @cached_property
    def users(self) -> Users:
        """Operations on users, which are addressed by their relation."""
        from pulumi_virtfusion.api.sections.users import Users

        return Users(self.transport)

    @cached_property
    def ssh_keys(self) -> SshKeys:
        """Operations on SSH keys of users."""
        from pulumi_virtfusion.api.sections.ssh_keys import SshKeys

        return SshKeys(self.transport)

    @cached_property
    def self_service(self) -> SelfService:
        """Operations on credit, profiles, resource packs and figures of users."""
        from pulumi_virtfusion.api.sections.self_service import SelfService

        return SelfService(self.transport)

    @cached_property
    def hypervisors(self) -> Hypervisors:
        """Read operations on hypervisors."""
        from pulumi_virtfusion.api.sections.hypervisors import Hypervisors

        return Hypervisors(self.transport)

    @cached_property
    def hypervisor_groups(self) -> HypervisorGroups:
        """Read operations on hypervisor groups and their free resources."""
        from pulumi_virtfusion.api.sections.hypervisor_groups import HypervisorGroups

        return HypervisorGroups(self.transport)

    @cached_property
    def packages(self) -> Packages:
        """Read operations on server packages."""
        from pulumi_virtfusion.api.sections.packages import Packages

        return Packages(self.transport)

    @cached_property
    def media(self) -> Media:
        """Read operations on templates of operating systems, and ISO images."""
        from pulumi_virtfusion.api.sections.media import Media

        return Media(self.transport)

    @cached_property
    def ip_blocks(self) -> IpBlocks:
        """Operations on IP blocks."""
        from pulumi_virtfusion.api.sections.ip_blocks import IpBlocks

        return IpBlocks(self.transport)

    @cached_property
    def backups(self) -> Backups:
        """Read operations on backups of servers."""
        from pulumi_virtfusion.api.sections.backups import Backups

        return Backups(self.transport)

    @cached_property
    def dns(self) -> Dns:
        """Read operations on DNS services."""
        from pulumi_virtfusion.api.sections.dns import Dns

        return Dns(self.transport)

    @cached_property
    def queue(self) -> Queue:
        """Read operations on items of the task queue."""
        from pulumi_virtfusion.api.sections.queue import Queue

        return Queue(self.transport)
