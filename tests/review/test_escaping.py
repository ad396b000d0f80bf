"""A customer's text is data in every format: no control character, no row, link, mention or comment of its own."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pulumi_virtfusion.review.inert_text import LONGEST, inert
from pulumi_virtfusion.review.json_text import json_text
from pulumi_virtfusion.review.markdown import MARKER, code, markdown
from pulumi_virtfusion.review.plain_text import plain_text
from tests.review.conftest import Digest, preview, report_of, step

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NASTY = [
    "a | b", "a \\| b", "\\", "`", "``a`", "a`b", "`|`", "<b>", "</code>", "<!-- virtfusion-review -->", "-->",
    "@everyone", "@ada/team", "[a](https://example.com)", "![a](https://example.com/a.png)", "https://example.com",
    "www.example.com", "a@example.com", "**a**", "_a_", "~~a~~", "# a", "- a", "> a", "| --- | --- |", "#123", "GH-1",
    "!5", "/close", "::error::a", "&amp;", "&#124;", "a\nb", "a\r\n| b |", "a\u2028b", "a\x1b[31mb", "a\u202eb",
    "a\u2066b", "a\u200db", "\ud800", "\x00", "\x85", "\ufeff", "\U000e0041", "$a$", ":boom:", "a\tb", "é ü 日本", "",
]  # fmt: skip
ALPHABET = st.sampled_from("ab1 |\\`<>&@[]()!*_~#-:/.\"'$^{}\n\r\t\x1b\u202e\u200f\ud800\u2028é")
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=80), st.text(ALPHABET, max_size=80))
NAMES = TEXTS.filter(lambda text: inert(text) not in ("", "2", "other"))
"""Those that the previews below have as a change of its own."""


def named(text: str) -> Digest:
    """A preview in which a text of the panel stands wherever one can, next to one plain server."""
    old = {"name": text, "user_id": 2, "hypervisor_group_id": text}
    outputs = {**old, "primary_ipv4": text}
    new = {**old, "name": "other", "hypervisor_group_id": "2"}
    line = "package 1 ({0}) -> 2 ({0}): memory 1 -> 2 MB"
    return preview(
        step("delete", "Server", "plain", old={"name": "plain"}),
        step("replace", "Server", "replaced", old=old, new=new, outputs=outputs, id=text),
        step(
            "update", "Server", "updated", old={**old, "package_id": 1}, new={**new, "package_id": 2}, outputs=outputs
        ),
        step("create", "ServerBuild", "build", new={"server_id": text, "operating_system_id": text}),
        step("update", "ServerAction", "act", old={"triggers": [text]}, new={"triggers": {text: text}}),
        step("create", "example:index:Thing", text),
        warnings={"updated": line.format(" ".join(text.split())), "replaced": f"name is {text}", "": text},
    )


def rendered(text: str) -> list[Token]:
    tokens = RENDERER.parse(text)
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


def shape(tokens: list[Token]) -> list[str]:
    """What a rendered comment consists of, without what its text says."""
    kinds = [token.type for token in tokens]
    assert {token.content for token in tokens if token.type == "html_inline"} <= {"<br>", "<code>", "</code>"}
    assert [token.content.strip() for token in tokens if token.type == "html_block"] == [MARKER]
    assert not {"link_open", "image", "em_open", "s_open", "softbreak", "hardbreak"} & set(kinds)
    return [kind for kind in kinds if kind in ("tr_open", "td_open", "th_open", "heading_open", "list_item_open")]


@given(TEXTS)
@settings(deadline=None)
def test_an_inert_text_is_one_short_line_of_visible_characters(text: str) -> None:
    found = inert(text)
    assert found.isprintable() or not found
    assert all(unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in found)
    assert len(found) <= 10 * LONGEST
    assert inert("x" * 1000) == "x" * (LONGEST - 3) + "..."


@given(TEXTS)
@settings(deadline=None)
def test_a_text_says_the_same_after_it_was_code(text: str) -> None:
    """Rendered, the code shows the inert text and nothing else."""
    expected = inert(text)
    tokens = rendered(f"| {code(expected)} | b |\n| --- | --- |\n")
    assert [token.type for token in tokens].count("th_open") == 2
    shown = "".join(token.content for token in tokens if token.type in ("text", "text_special", "code_inline"))
    assert shown == f"{expected}b"


@given(NAMES)
@settings(deadline=None)
def test_a_name_forges_nothing_in_markdown(text: str) -> None:
    written = markdown(report_of(named(text)))
    assert written.startswith(f"{MARKER}\n")
    assert written.count("<!--") == 1
    tokens = rendered(written)
    assert shape(tokens) == shape(rendered(markdown(report_of(named("ordinary")))))
    assert not re.search(r"@\w", written)
    assert "://" not in written
    assert "www." not in written.lower()


@given(NAMES)
@settings(deadline=None)
def test_no_format_has_a_control_character_or_a_line_more(text: str) -> None:
    report = report_of(named(text))
    harmless = report_of(named("ordinary"))
    for write in (markdown, plain_text, json_text):
        written = write(report)
        assert all(line.isprintable() for line in written.split("\n"))
        written.encode()
    assert len(plain_text(report).splitlines()) == len(plain_text(harmless).splitlines())
    for value in _texts(json.loads(json_text(report))):
        assert value.isprintable()


@pytest.mark.parametrize("command", ["::error::gone", "/close", "##[error]gone"])
def test_no_line_begins_with_a_name(command: str) -> None:
    """Runners and forges obey what a line begins with."""
    for write in (markdown, plain_text):
        for line in write(report_of(named(command))).splitlines():
            assert not line.strip().startswith((command, "::", "/", "##["))


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.items() for text in _texts(list(item))]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []
