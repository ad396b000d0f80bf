"""Figures about a user's self-service: usage, hourly statistics and the monthly report."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Literal

from pydantic import Field

from ..bodies import Flag
from ..panel.clock import month_after
from ..panel.panel import Panel
from ..panel.refusals import Invalid
from ..panel.store import Document
from .resource_packs import retrieve as retrieve_pack
from .self_service import balance
from .users import find_user

Range = Literal["d", "w", "2w", "3w", "m"]
_RANGES = {"d": ("day", 1), "w": ("week", 7), "2w": ("2 weeks", 14), "3w": ("3 weeks", 21)}

Days = Annotated[list[date], Field(max_length=36)]
"""Days as YYYY-MM-DD, repeatable."""

_NOTHING = {"hours": 0, "token": 0, "tokenReal": 0}
_USAGES = ("usageServers", "usageServersBillable", "usageAddons", "usageAddonsBillable")


def usage(
    panel: Panel,
    ext_relation_id: str,
    period: Days | None = None,
    range: Range = "m",  # noqa: A002 - the panel's word
    rel_str: Flag = False,
) -> Document:
    """Return the usage of the requested periods; the sandbox meters nothing, so every figure is 0."""
    user = find_user(panel, ext_relation_id, rel_str)
    today = datetime.fromtimestamp(panel.clock.now(), timezone.utc)
    days = period or [today.date().replace(day=1)]
    return {
        "user": {
            "id": user["id"],
            "relationalId": user["extRelationId"],
            "currency": None,
            **{name: user[name] for name in ("timezone", "name", "email")},
        },
        **dict.fromkeys(_USAGES, _NOTHING),
        "periods": [_period(day, range, today) for day in days],
    }


def _period(day: date, range_: Range, today: datetime) -> Document:
    start, after, name = _bounds(day, range_)
    days = (after - start).days
    return {
        "period": day.isoformat(),
        "range": name,
        "start": start.isoformat(),
        "end": (after - timedelta(seconds=1)).isoformat(),
        "timezone": "UTC",
        "currentPeriod": start <= today < after,
        "hoursInMonthPeriod": days * 24,
        "monthToHourRate": 730,
        "monthToHourRateType": 1,
        "days": days,
        "hours": days * 24,
        "minutes": days * 1440,
        "seconds": days * 86_400,
        **dict.fromkeys(_USAGES, _NOTHING),
        "servers": [],
    }


def _bounds(day: date, range_: Range) -> tuple[datetime, datetime, str]:
    if not 1970 <= day.year < 9000:
        raise Invalid("The period field is not a date that can be reported on.")
    start = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
    if range_ == "m":
        return start, month_after(start, 1), "month"
    name, days = _RANGES[range_]
    return start, start + timedelta(days=days), name


def _default_currency(panel: Panel) -> Document:
    return next((row for row in panel.store.find("currencies") if row["default"]), {})


def hourly_stats(
    panel: Panel,
    ext_relation_id: str,
    period: Days | None = None,
    range: Range = "m",  # noqa: A002 - the panel's word
    rel_str: Flag = False,
) -> Document:
    """Return the hourly statistics; `credit.value` is the user's balance, and the month is the first period's."""
    user = find_user(panel, ext_relation_id, rel_str)
    month = _months(panel, 0) if period is None else _bounds(period[0], range)[0].replace(day=1)
    currency = _default_currency(panel)
    value = float(currency.get("value", 0))
    return {
        "periodId": 0,
        "period": _title(month),
        "previousPeriod": _title(month_after(month, -1)),
        "nextPeriod": _title(month_after(month, 1)),
        "monthlyTotal": {"hours": 0, "value": "0.00", "tokens": False},
        "servers": panel.store.count("servers", owner=user["id"]),
        "credit": {"value": balance(panel, user)},
        "currency": {**_signs(currency), "value": value, "currentValue": value},
    }


def report(
    panel: Panel,
    ext_relation_id: str,
    period: Annotated[int, Field(ge=0, le=24)] = 0,
    currency: Annotated[str, Field(pattern=r"^[A-Za-z]{3}$")] | None = None,
    rel_str: Flag = False,
) -> Document:
    """Return the bill of a month, 0 for the current one; refuse an undefined currency with 422."""
    user = find_user(panel, ext_relation_id, rel_str)
    default = _default_currency(panel)
    chosen = default
    if currency:
        known = {row["code"]: row for row in panel.store.find("currencies")}
        if currency.upper() not in known:
            raise Invalid("Invalid currency")
        chosen = known[currency.upper()]
    value = float(chosen.get("value", 0))
    packs = [retrieve_pack(panel, pack["id"]) for pack in panel.store.find("resource_packs", owner=user["id"])]
    return {
        "usage": _report_usage(panel, period),
        "currency": {**_signs(chosen), "currentValue": value, "value": value, "default": _signs(default)},
        "limits": {"success": True, "packs": packs},
    }


def _report_usage(panel: Panel, period: int) -> Document:
    month = _months(panel, period)
    last = month_after(month, 1) - timedelta(days=1)
    nothing = {"hours": False, "value": False, "tokens": False}
    return {
        "servers": [],
        "serversTotal": nothing,
        "hourConversionRate": False,
        "monthlyTotal": nothing,
        "addonsTotal": {"hours": 0, "value": 0, "tokens": False},
        "taxStatus": 3,
        "success": False,
        "history": str(period),
        "breakdown": True,
        "term": _title(month),
        "previousTerm": _title(month_after(month, -1)),
        "nextTerm": _title(month_after(month, 1)),
        "period": {"ymd": month.date().isoformat(), "start": month.isoformat(), "end": last.isoformat()},
        "showHourlyRate": False,
        "showMonthlyRate": False,
    }


def _months(panel: Panel, ago: int) -> datetime:
    today = datetime.fromtimestamp(panel.clock.now(), timezone.utc)
    return month_after(datetime(today.year, today.month, 1, tzinfo=timezone.utc), -ago)


def _title(month: datetime) -> str:
    return month.strftime("%B %Y")


def _signs(currency: Document) -> Document:
    return {name: currency.get(name) or "" for name in ("code", "prefix", "suffix")}
