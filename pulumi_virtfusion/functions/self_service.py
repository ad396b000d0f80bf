"""Self-service: resource packs, currencies, and the usage of users."""

from __future__ import annotations

from collections.abc import Sequence

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import Currency, HourlyStats, Report, ResourcePack, Usage
from ..api.sections.self_service import Range, SelfService
from .later import later
from .question import ask


def get_resource_pack(
    resource_pack_id: int | str, *, with_servers: bool = False, client: VirtFusion | None = None
) -> ResourcePack:
    """Read one user's pack (`GET /selfService/resourcePack/{packId}`)."""
    return ask(SelfService.get_resource_pack, client, resource_pack_id, with_servers=with_servers)


def get_resource_pack_output(
    resource_pack_id: Input[int | str], *, with_servers: Input[bool] = False, opts: InvokeOptions | None = None
) -> Output[ResourcePack]:
    """Return an output of `get_resource_pack`."""
    return later(get_resource_pack, opts, resource_pack_id, with_servers=with_servers)


def get_currencies(*, client: VirtFusion | None = None) -> list[Currency]:
    """List the currencies of self-service (`GET /selfService/currencies`)."""
    return ask(SelfService.get_currencies, client)


def get_currencies_output(*, opts: InvokeOptions | None = None) -> Output[list[Currency]]:
    """Return an output of `get_currencies`."""
    return later(get_currencies, opts)


def get_user_usage(
    relation: int | str,
    *,
    periods: Sequence[str] | None = None,
    range: Range | None = None,  # noqa: A002 - the API's word
    client: VirtFusion | None = None,
) -> Usage:
    """Read the usage of a user's servers and add-ons; periods are `YYYY-MM-DD`, `range` is `d`, `w`, `2w`, `3w` or `m`.

    `GET /selfService/usage/byUserExtRelationId/{extRelationId}`
    """
    return ask(SelfService.get_usage, client, relation, periods=periods, range=range)


def get_user_usage_output(
    relation: Input[int | str],
    *,
    periods: Input[Sequence[Input[str]]] | None = None,
    range: Input[Range] | None = None,  # noqa: A002 - the API's word
    opts: InvokeOptions | None = None,
) -> Output[Usage]:
    """Return an output of `get_user_usage`."""
    return later(get_user_usage, opts, relation, periods=periods, range=range)


def get_user_hourly_stats(
    relation: int | str,
    *,
    periods: Sequence[str] | None = None,
    range: Range | None = None,  # noqa: A002 - the API's word
    client: VirtFusion | None = None,
) -> HourlyStats:
    """Read a user's balance and hourly use; periods are `YYYY-MM-DD`, `range` is `d`, `w`, `2w`, `3w` or `m`.

    `GET /selfService/hourlyStats/byUserExtRelationId/{extRelationId}`
    """
    return ask(SelfService.get_hourly_stats, client, relation, periods=periods, range=range)


def get_user_hourly_stats_output(
    relation: Input[int | str],
    *,
    periods: Input[Sequence[Input[str]]] | None = None,
    range: Input[Range] | None = None,  # noqa: A002 - the API's word
    opts: InvokeOptions | None = None,
) -> Output[HourlyStats]:
    """Return an output of `get_user_hourly_stats`."""
    return later(get_user_hourly_stats, opts, relation, periods=periods, range=range)


def get_user_report(
    relation: int | str, *, period: int | None = None, currency: str | None = None, client: VirtFusion | None = None
) -> Report:
    """Read a user's bill of one month; `period` counts months back, 0 to 24, and `currency` is an ISO code.

    `GET /selfService/report/byUserExtRelationId/{extRelationId}`
    """
    return ask(SelfService.get_report, client, relation, period=period, currency=currency)


def get_user_report_output(
    relation: Input[int | str],
    *,
    period: Input[int] | None = None,
    currency: Input[str] | None = None,
    opts: InvokeOptions | None = None,
) -> Output[Report]:
    """Return an output of `get_user_report`."""
    return later(get_user_report, opts, relation, period=period, currency=currency)
