"""The picture of a preview shows what a preview says, and loads nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tests.docs.test_messages import is_said
from tools.picture import PICTURE, drawn

PRINTED = "a table\n\x1b[38;5;13m\x1b[1mDiagnostics:\x1b[0m\n    \x1b[38;5;3mwarning: \x1b[0mwipes <the> disk\n"


def words(picture: str) -> str:
    texts = [
        "".join(element.itertext())
        for element in ElementTree.fromstring(picture).iter()
        if element.tag.endswith("}text")
    ]
    return re.sub(r"\s+", " ", " ".join(texts))


def test_it_says_what_a_preview_says_today() -> None:
    shown = words(PICTURE.read_text())
    for said in (
        "It takes effect in the guest after a restart, which this update does not do.",
        "which is installed there, and everything else on it.",
        "the replacement",
    ):
        assert said in shown
        assert is_said(said), f"no preview says {said!r} any more: run `python -m tools.picture`"


def test_it_begins_with_the_diagnostics_in_colour_and_loads_no_font() -> None:
    picture = drawn(PRINTED)
    assert "a table" not in words(picture)
    assert "Diagnostics: warning: wipes <the> disk" in words(picture)
    assert len(set(re.findall(r"fill: (#\w+)", picture))) >= 3
    assert re.sub(r"http://www\.w3\.org/\S+", "", picture + PICTURE.read_text()).count("http") == 0
