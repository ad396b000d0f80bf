"""Customers as stacks: each with its own state and its own lock, so that many change at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pulumi import automation
from pulumi.automation.errors import ConcurrentUpdateError, StackNotFoundError

from .program import Order, program_of

PROJECT = "customers"


class UnderWay(Exception):
    """Another request changes the same customer just now."""


class Unknown(Exception):
    """There is no such customer."""


def put(order: Order) -> dict[str, Any]:
    """Make the customer's machines what the order says, whatever they are now; what the customer has then."""
    stack = automation.create_or_select_stack(order.customer, PROJECT, program_of(order))
    outputs = _alone(stack.up).outputs
    return {name: output.value for name, output in outputs.items()}


def get(customer: str) -> dict[str, Any]:
    """What the customer has, by the last run; the panel is not asked."""
    return {name: output.value for name, output in _stack(customer).outputs().items()}


def remove(customer: str) -> None:
    """Delete the customer's machines at the panel, and then the stack."""
    stack = _stack(customer)
    _alone(stack.destroy)
    stack.workspace.remove_stack(customer)


def _stack(customer: str) -> automation.Stack:
    try:
        return automation.select_stack(customer, PROJECT, lambda: None)
    except StackNotFoundError:
        raise Unknown(customer) from None


def _alone(run: Callable[[], Any]) -> Any:
    try:
        return run()
    except ConcurrentUpdateError:
        raise UnderWay from None
