"""Two programs in threads of one process, as the Automation API runs them: the SDK is afterwards as it was."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any, cast

from pulumi.runtime import resource as sdk
from pulumi.runtime import rpc

from pulumi_virtfusion.program.registration import LazyOutputs, spare
from pulumi_virtfusion.providers.native.names import Names

A_MOMENT = 0.3
"""Seconds in which the second program gets in where nothing keeps it out."""


def test_the_sdk_is_as_it_was_whoever_ends_first() -> None:
    before = rpc.transfer_properties, sdk._get_stack_trace
    first_is_in, second_is_in, first_is_out = Event(), Event(), Event()

    def first() -> None:
        with spare(answers()):
            first_is_in.set()
            second_is_in.wait(A_MOMENT)
        first_is_out.set()

    def second() -> None:
        first_is_in.wait()
        with spare(answers()):
            second_is_in.set()
            first_is_out.wait(A_MOMENT)

    threads = [Thread(target=first), Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert second_is_in.is_set()
    assert (rpc.transfer_properties, sdk._get_stack_trace) == before


def test_a_resource_may_be_made_while_another_one_is() -> None:
    """As a transformation does it."""
    before = rpc.transfer_properties
    with spare(answers()), spare(answers()):
        assert rpc.transfer_properties is not before
    assert rpc.transfer_properties is before


def answers() -> LazyOutputs:
    return LazyOutputs(cast(Any, object()), ["memory"], Names({}))
