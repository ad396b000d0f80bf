"""Figures of self-service; a total that does not apply is 0, where the panel says false."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from pulumi_virtfusion.api.record import At, Count, Flag, Number, Raw, Record, Rows, Text, wire_names


class Currency(Record):
    """A currency, and the price of a token in it."""

    currency_id: Annotated[Count, At("id")] = 0
    code: Text = ""
    value: Number = 0
    """Price of one token."""
    prefix: Text = ""
    suffix: Text = ""
    default: Flag = False
    enabled: Flag = False


class UserCurrency(Record):
    """The currency of a user's figures."""

    unread: ClassVar[frozenset[str]] = wire_names("default")

    code: Text = ""
    prefix: Text = ""
    suffix: Text = ""
    value: Number = 0
    current_value: Number = 0


class Total(Record):
    """A sum over a period."""

    hours: Number = 0
    value: Number = 0
    """In the user's currency."""
    tokens: Number = 0


class Use(Record):
    """Hours, and the tokens that they cost."""

    hours: Number = 0
    token: Number = 0
    token_real: Number = 0


class HourlyStats(Record):
    """A user's hourly self-service in one month."""

    period_id: Count = 0
    period: Text = ""
    """In words: `January 2025`."""
    previous_period: Text = ""
    next_period: Text = ""
    monthly_total: Total = Total()
    servers: Count = 0
    credit: Annotated[Number, At("credit", "value")] = 0
    """The balance, in tokens."""
    currency: UserCurrency = UserCurrency()


class UsagePeriod(Record):
    """One period of a usage."""

    unread: ClassVar[frozenset[str]] = wire_names(
        """
        days hoursInMonthPeriod minutes monthToHourRate monthToHourRateType seconds servers
        """
    )

    period: Text = ""
    range: Text = ""
    start: Text = ""
    end: Text = ""
    timezone: Text = ""
    current_period: Flag = False
    hours: Number = 0
    usage_servers: Use = Use()
    usage_servers_billable: Use = Use()
    usage_addons: Use = Use()
    usage_addons_billable: Use = Use()


class Usage(Record):
    """The usage of a user's servers and add-ons."""

    unread: ClassVar[frozenset[str]] = wire_names(
        """
        user.currency user.email user.name user.relationalId user.timezone
        """
    )

    user_id: Annotated[Count, At("user", "id")] = 0
    usage_servers: Use = Use()
    usage_servers_billable: Use = Use()
    usage_addons: Use = Use()
    usage_addons_billable: Use = Use()
    periods: Rows[UsagePeriod] = Field(default=[])


class Report(Record):
    """A user's bill of one month."""

    unread: ClassVar[frozenset[str]] = wire_names(
        """
        limits.success usage.breakdown usage.history usage.hourConversionRate usage.nextTerm usage.period.ymd
        usage.previousTerm usage.showHourlyRate usage.showMonthlyRate usage.taxStatus
        """
    )

    term: Annotated[Text, At("usage", "term")] = ""
    """In words: `January 2025`."""
    start: Annotated[Text, At("usage", "period", "start")] = ""
    end: Annotated[Text, At("usage", "period", "end")] = ""
    servers: Annotated[Rows[Raw], At("usage", "servers")] = Field(default=[])
    servers_total: Annotated[Total, At("usage", "serversTotal")] = Total()
    monthly_total: Annotated[Total, At("usage", "monthlyTotal")] = Total()
    addons_total: Annotated[Total, At("usage", "addonsTotal")] = Total()
    success: Annotated[Flag, At("usage", "success")] = False
    currency: UserCurrency = UserCurrency()
    packs: Annotated[Rows[Raw], At("limits", "packs")] = Field(default=[])
