"""What is no plan is refused with a sentence."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from pulumi_virtfusion.review.plan import NoPlan
from pulumi_virtfusion.review.report import report_on
from tests.review.conftest import DATA, preview, report_of, step

WHOLE = (DATA / "delete.json").read_bytes()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"error: no stack selected", "not JSON"),
        (WHOLE[: len(WHOLE) // 2], "cut off"),
        (WHOLE[:-3], "cut off"),
        (b'{"steps": [{"op": "crea', "cut off"),
        (b"[]", "not the output of"),
        (b"null", "not the output of"),
        (b"{}", "lists no steps"),
        (b'{"steps": {}}', "lists no steps"),
        (b'{"steps": [null]}', "lists no steps"),
        (b'{"steps": [{"op": 1, "urn": "u"}]}', "lists no steps"),
        (b'{"version": 3, "deployment": {}}', "state"),
        (b"\xff\xfe\xfa", "not text"),
        (b"\x80\x81", "not text"),
        (b'{"steps": ' + b"1" * 5000 + b"}", "cannot be read as JSON|lists no steps"),
        (b"[" * 200_000, "nested too deeply"),
        ((DATA / "event_stream.json").read_bytes(), "stream of events"),
        ((DATA / "event_stream.json").read_bytes().splitlines()[0], "stream of events"),
    ],
)  # fmt: skip
def test_a_bad_input_is_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(NoPlan, match=said) as raised:
        report_on(data)
    assert "\n" not in str(raised.value)
    assert str(raised.value)[0].isupper()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("failed_program", "The preview failed, so there is no plan to review. ValueError: no"),
        ("failed_check", "web: .*hypervisor_group_id: must be greater than or equal to 1"),
    ],
)
def test_a_failed_preview_is_told_with_its_errors(name: str, said: str) -> None:
    with pytest.raises(NoPlan, match=said) as raised:
        report_of(name)
    assert "Traceback" not in str(raised.value)


def test_many_errors_are_counted_and_harmless() -> None:
    errors = [{"severity": "error", "message": f"error: {number}\x1b[31m" + "x" * 900} for number in range(9)]
    with pytest.raises(NoPlan, match=r"and 4 more errors") as raised:
        report_of({"diagnostics": errors})
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 2000


def test_windows_shells_write_utf_16() -> None:
    text = WHOLE.decode()
    assert report_on(text.encode("utf-16")) == report_on(text.encode("utf-8-sig")) == report_on(text.encode())


def test_a_preview_without_a_summary_is_told_to_be_incomplete() -> None:
    digest = preview(step("create", "Server"))
    assert report_of(digest).complete
    del digest["changeSummary"]
    assert not report_of(digest).complete


@pytest.mark.parametrize("cut", range(60))
def test_a_preview_whose_values_are_of_other_types_is_read_all_the_same(cut: int) -> None:
    """Each value of a real preview in turn is something else: a report, or a sentence, and never a traceback."""
    for other in (None, 1, "x", [], {}, [None], {"x": None}):
        digest = json.loads(WHOLE)
        target = digest["steps"][1 + cut % 3]
        places = [(holder, key) for holder in _dicts(target) for key in holder]
        holder, key = places[cut % len(places)]
        holder[key] = other
        with suppress(NoPlan):
            report_on(json.dumps(digest).encode())


def _dicts(value: object) -> list[dict[str, object]]:
    found = [value] if isinstance(value, dict) else []
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*found, *(one for item in inside for one in _dicts(item))]
