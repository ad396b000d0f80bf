"""A typed client of the VirtFusion Global API; needs no Pulumi."""

from pulumi_virtfusion.api.client import VirtFusion
from pulumi_virtfusion.api.errors import (
    AuthenticationError,
    Conflict,
    ConnectionFailed,
    Locked,
    NotFound,
    OperationTimeout,
    OutcomeUnknown,
    PanelError,
    PermissionDenied,
    RateLimited,
    ValidationFailed,
    VirtFusionError,
)
from pulumi_virtfusion.api.http.operation import Operation, operation_of
from pulumi_virtfusion.api.http.request_log import RequestLog
from pulumi_virtfusion.api.http.retry import RetryPolicy
from pulumi_virtfusion.api.sections.relation import Relation

__all__ = [
    "AuthenticationError",
    "Conflict",
    "ConnectionFailed",
    "Locked",
    "NotFound",
    "Operation",
    "OperationTimeout",
    "OutcomeUnknown",
    "PanelError",
    "PermissionDenied",
    "RateLimited",
    "Relation",
    "RequestLog",
    "RetryPolicy",
    "ValidationFailed",
    "VirtFusion",
    "VirtFusionError",
    "operation_of",
]
