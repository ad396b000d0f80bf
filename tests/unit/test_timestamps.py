from __future__ import annotations

import pytest

from pulumi_virtfusion.schema.timestamps import uniform


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-12T22:21:32+00:00",
        "2024-03-12T22:21:32.000000Z",
        "2024-03-12 22:21:32",
        "2024-03-13T00:21:32.999999+02:00",
    ],
)
def test_one_instant_has_one_spelling(text: str) -> None:
    assert uniform(text) == "2024-03-12T22:21:32Z"


@pytest.mark.parametrize("text", ["yesterday", "", "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00"])
def test_what_is_no_timestamp_stays(text: str) -> None:
    assert uniform(text) == text
