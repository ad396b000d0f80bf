"""After a lost answer: what the error says of the look at the panel."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.api.errors import OutcomeUnknown, PermissionDenied
from pulumi_virtfusion.recovery import settling, with_advice

LOST = OutcomeUnknown("POST /boxes lost its answer.", "POST", "/boxes", 500, ["no"])


def test_advice_is_added_to_the_error_and_nothing_of_it_is_lost() -> None:
    error = with_advice(LOST, "Look at box 7.")
    assert str(error) == "POST /boxes lost its answer. Look at box 7."
    assert (error.method, error.path, error.status, error.messages) == ("POST", "/boxes", 500, ("no",))


def test_a_look_that_fails_is_told_beside_the_lost_answer() -> None:
    with (
        pytest.raises(OutcomeUnknown, match=r"lost its answer\. Looking for what it made failed too: GET answered 403"),
        settling(LOST),
    ):
        raise PermissionDenied("GET answered 403", "GET", "/boxes", 403)


def test_a_look_that_fails_for_no_reason_of_the_panel_is_not_hidden() -> None:
    with pytest.raises(KeyError), settling(LOST):
        raise KeyError("a bug")
