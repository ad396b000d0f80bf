"""Self-service: the goods that users may order for themselves, and their costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from pulumi_virtfusion.api import records
from pulumi_virtfusion.api.http.envelope import each, one
from pulumi_virtfusion.api.http.operation import operation
from pulumi_virtfusion.api.sections.relation import Relation, relation_query
from pulumi_virtfusion.api.sections.resource_packs import ResourcePacks, created_id
from pulumi_virtfusion.api.sections.section import wire

Range: TypeAlias = Literal["d", "w", "2w", "3w", "m"]
"""A day, one, two or three weeks, a month."""


class SelfService(ResourcePacks):
    """Credit, profiles, resource packs and figures of users."""

    @operation("POST", "/selfService/credit/byUserExtRelationId/{extRelationId}")
    def add_credit(
        self, relation: Relation, *, tokens: float, reference_1: int | None = None, reference_2: str | None = None
    ) -> int:
        """Add credit in tokens; return the entry's id, which no other operation reports.

        `POST /selfService/credit/byUserExtRelationId/{extRelationId}`
        """
        body = wire(
            {"tokens": tokens, "reference_1": reference_1, "reference_2": reference_2},
            reference_1="reference_1",
            reference_2="reference_2",
        )
        return self._ask(SelfService.add_credit, created_id, relation, query=relation_query(relation), body=body)

    @operation("DELETE", "/selfService/credit/{creditId}")
    def cancel_credit(self, credit_id: int) -> None:
        """Take an entry's tokens back (`DELETE /selfService/credit/{creditId}`)."""
        self._tell(SelfService.cancel_credit, credit_id)

    @operation("POST", "/selfService/hourlyGroupProfile/byUserExtRelationId/{extRelationId}")
    def add_hourly_group_profile(self, relation: Relation, profile_id: int) -> None:
        """Give a user an hourly group profile.

        `POST /selfService/hourlyGroupProfile/byUserExtRelationId/{extRelationId}`
        """
        self._tell(
            SelfService.add_hourly_group_profile,
            relation,
            query=relation_query(relation),
            body={"profileId": profile_id},
        )

    @operation("DELETE", "/selfService/hourlyGroupProfile/{profileId}/byUserExtRelationId/{extRelationId}")
    def remove_hourly_group_profile(self, relation: Relation, profile_id: int) -> None:
        """Take an hourly group profile away from a user.

        `DELETE /selfService/hourlyGroupProfile/{profileId}/byUserExtRelationId/{extRelationId}`
        """
        self._tell(SelfService.remove_hourly_group_profile, profile_id, relation, query=relation_query(relation))

    @operation("POST", "/selfService/resourceGroupProfile/byUserExtRelationId/{extRelationId}")
    def add_resource_group_profile(self, relation: Relation, profile_id: int) -> None:
        """Give a user a resource group profile.

        `POST /selfService/resourceGroupProfile/byUserExtRelationId/{extRelationId}`
        """
        self._tell(
            SelfService.add_resource_group_profile,
            relation,
            query=relation_query(relation),
            body={"profileId": profile_id},
        )

    @operation("DELETE", "/selfService/resourceGroupProfile/{profileId}/byUserExtRelationId/{extRelationId}")
    def remove_resource_group_profile(self, relation: Relation, profile_id: int) -> None:
        """Take a resource group profile away from a user.

        `DELETE /selfService/resourceGroupProfile/{profileId}/byUserExtRelationId/{extRelationId}`
        """
        self._tell(SelfService.remove_resource_group_profile, profile_id, relation, query=relation_query(relation))

    @operation("PUT", "/selfService/access/byUserExtRelationId/{extRelationId}")
    def sync_access(self, relation: Relation, *, sync_to_profiles: bool = True) -> None:
        """Set the user's `self_service` by the assigned profiles.

        `PUT /selfService/access/byUserExtRelationId/{extRelationId}`
        """
        body = {"syncToProfiles": sync_to_profiles}
        self._tell(SelfService.sync_access, relation, query=relation_query(relation), body=body)

    @operation("GET", "/selfService/hourlyStats/byUserExtRelationId/{extRelationId}")
    def get_hourly_stats(
        self,
        relation: Relation,
        *,
        periods: Sequence[str] | None = None,
        range: Range | None = None,  # noqa: A002 - the API's word
    ) -> records.HourlyStats:
        """Read a user's balance and hourly use; periods are `YYYY-MM-DD`.

        `GET /selfService/hourlyStats/byUserExtRelationId/{extRelationId}`
        """
        query = {**relation_query(relation), "period[]": periods, "range": range}
        return self._ask(SelfService.get_hourly_stats, one(records.HourlyStats), relation, query=query)

    @operation("GET", "/selfService/usage/byUserExtRelationId/{extRelationId}")
    def get_usage(
        self,
        relation: Relation,
        *,
        periods: Sequence[str] | None = None,
        range: Range | None = None,  # noqa: A002 - the API's word
    ) -> records.Usage:
        """Read a user's usage; periods are `YYYY-MM-DD`.

        `GET /selfService/usage/byUserExtRelationId/{extRelationId}`
        """
        query = {**relation_query(relation), "period[]": periods, "range": range}
        return self._ask(SelfService.get_usage, one(records.Usage), relation, query=query)

    @operation("GET", "/selfService/report/byUserExtRelationId/{extRelationId}")
    def get_report(
        self, relation: Relation, *, period: int | None = None, currency: str | None = None
    ) -> records.Report:
        """Read a month's bill; `period` counts months back, 0 to 24.

        `GET /selfService/report/byUserExtRelationId/{extRelationId}`
        """
        query = {**relation_query(relation), "period": period, "currency": currency}
        return self._ask(SelfService.get_report, one(records.Report), relation, query=query)

    @operation("GET", "/selfService/currencies")
    def get_currencies(self) -> list[records.Currency]:
        """List the currencies of self-service (`GET /selfService/currencies`)."""
        return self._ask(SelfService.get_currencies, each(records.Currency))
