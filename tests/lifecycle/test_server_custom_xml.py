"""The life of a server's custom XML: all six sections at once."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.lifecycle.test_answers_to_deletions import PORTAL
from tests.provider_host import HostError

HUGE = "<memoryBacking><hugepages/></memoryBacking>"
RNG = "<rng model='virtio'/>"
EMPTY = {
    f"{name}{suffix}": value
    for name in ("domain", "os", "devices", "features", "clock", "cpuTune")
    for suffix, value in (("", ""), ("Enabled", False))
}


@pytest.fixture
def line(server: LivingResource) -> str:
    return f"POST /servers/{server.id}/customXML"


@pytest.fixture
def wanted(life: Life, server: LivingResource) -> LivingResource:
    return life("ServerCustomXml", server_id=server.id, domain=HUGE, domain_enabled=True, cpu_tune="<shares>5</shares>")


@pytest.fixture
def xml(wanted: LivingResource, panel: Panel) -> LivingResource:
    wanted.create()
    panel.forget()
    return wanted


def test_all_twelve_keys_are_one_request(
    wanted: LivingResource, server: LivingResource, panel: Panel, line: str
) -> None:
    wanted.create()
    assert panel.requests() == [line]
    assert panel.body(line) == {**EMPTY, "domain": HUGE, "domainEnabled": True, "cpuTune": "<shares>5</shares>"}
    assert wanted.id == server.id
    assert (wanted["domain"], wanted["os"], wanted["cpu_tune_enabled"]) == (HUGE, "", False)


def test_nothing_drifts_by_itself(xml: LivingResource, panel: Panel) -> None:
    outputs = xml.outputs
    assert xml.refresh() == []
    assert xml.outputs == outputs
    assert xml.change(os="", clock_enabled=False).changed == []
    assert panel.writes() == []


@pytest.mark.parametrize(
    ("arguments", "body"),
    [
        ({"devices": RNG, "devices_enabled": True}, {"devices": RNG, "devicesEnabled": True}),
        ({"domain_enabled": False}, {"domainEnabled": False}),
        ({"domain": None, "domain_enabled": None}, {"domain": "", "domainEnabled": False}),
    ],
)
def test_a_change_sends_all_twelve_again(
    xml: LivingResource, panel: Panel, line: str, arguments: dict[str, Any], body: dict[str, Any]
) -> None:
    plan = xml.change(**arguments)
    assert (plan.changed, plan.replaces) == (sorted(arguments), [])
    assert panel.writes() == [line]
    before = {**EMPTY, "domain": HUGE, "domainEnabled": True, "cpuTune": "<shares>5</shares>"}
    assert panel.body(line) == {**before, **body}
    assert xml.refresh() == []
    assert xml.plan().changed == []


@pytest.mark.parametrize("value", [4711, UNKNOWN])
def test_another_server_has_its_own(xml: LivingResource, value: Any) -> None:
    assert xml.plan(server_id=value).replaces == ["server_id"]


@pytest.mark.parametrize(
    "fragment", ["", "<a/><b/>", "text", "<!-- none --><a x='1'>&amp;</a>", "<qemu:commandline/>", "\n <a>\n </a>\n"]
)
def test_a_fragment_may_have_several_roots_and_foreign_prefixes(wanted: LivingResource, fragment: str) -> None:
    assert wanted.check(devices=fragment)["devices"] == fragment


@pytest.mark.parametrize(
    ("fragment", "reason"),
    [
        ("<a>", "mismatched tag"),
        ("<a></b>", "mismatched tag"),
        ("</section><section>", "junk after document element"),
        ("<a x=1/>", "not well-formed (invalid token)"),
        ("&nbsp;", "undefined entity"),
        ("<?xml version='1.0'?><a/>", "XML or text declaration not at start of entity"),
    ],
)
def test_broken_xml_is_refused_by_the_name_of_its_section(wanted: LivingResource, fragment: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        wanted.check(features=fragment, features_enabled=True)
    assert refused.value.problems == [f"features: must be well-formed XML, but has: {reason}"]


@pytest.mark.parametrize(
    ("where", "value", "drifted"),
    [
        ("domain.xml", "", "domain"),
        ("domain.enabled", False, "domain_enabled"),
        ("os.xml", "<boot/>", "os"),
        ("cpuTune.enabled", True, "cpu_tune_enabled"),
    ],
)
def test_what_changed_by_hand_is_seen_and_put_back(
    xml: LivingResource, server: LivingResource, panel: Panel, line: str, where: str, value: Any, drifted: str
) -> None:
    panel.mutate("servers", server.id, **{f"customXML.{where}": value})
    assert xml.refresh() == [drifted]
    assert xml.change().changed == [drifted]
    assert panel.writes() == [line]
    assert panel.body(line)["domain"] == HUGE
    assert xml.refresh() == []


def test_deleting_empties_all_sections(xml: LivingResource, panel: Panel, line: str) -> None:
    xml.delete()
    assert panel.requests() == [line]
    assert panel.body(line) == EMPTY


@pytest.mark.parametrize(("lacks", "is_done"), [("os", True), ("domain", False)])
def test_a_section_that_the_panel_does_not_tell_is_gone_if_it_was_empty(
    xml: LivingResource, panel: Panel, lacks: str, is_done: bool
) -> None:
    panel.fault("POST", "/customXML$", when="after", times=None, **PORTAL)
    panel.fault("GET", "^/servers/", set={f"data.customXML.{lacks}": None}, times=None)
    with nullcontext() if is_done else pytest.raises(HostError, match="answered 200 with a web page"):
        xml.delete()
    assert [one.startswith("custom XML") for one in xml.warnings] == [True] * is_done


def test_it_is_gone_with_its_server_and_deleting_it_no_error(
    xml: LivingResource, server: LivingResource, panel: Panel
) -> None:
    panel.delete("servers", server.id)
    xml.hosted.delete(xml.id, xml.outputs)
    assert xml.refresh() == []
    assert xml.id == ""


def test_an_import_changes_nothing(life: Life, xml: LivingResource, server: LivingResource, panel: Panel) -> None:
    arguments = {"server_id": server.id, "domain": HUGE, "domain_enabled": True, "cpu_tune": "<shares>5</shares>"}
    again = life("ServerCustomXml", "b", import_=server.id, **arguments).create()
    assert panel.writes() == []
    assert (again.id, again.public, again.plan().changed) == (xml.id, xml.public, [])


@pytest.mark.parametrize(
    ("id_", "problem"),
    [
        ("{id}", "cpu_tune is '<shares>5</shares>' at the panel and '' in the program"),
        ("4711", "names custom XML 4711, which the panel does not have"),
        ("{id}/primary", "is not the id of custom XML, which is its server's, such as '69'"),
    ],
)
def test_an_import_of_something_else_is_refused(
    another_run: Life, xml: LivingResource, server: LivingResource, id_: str, problem: str
) -> None:
    other = another_run(
        "ServerCustomXml", "b", import_=id_.format(id=xml.id), server_id=server.id, domain=HUGE, domain_enabled=True
    )
    with pytest.raises(Refused) as refused:
        other.check()
    assert problem in refused.value.problems[0]


def test_a_look_up_finds_it(xml: LivingResource) -> None:
    assert xml.look_up(xml.id).outputs == xml.public
    with pytest.raises(HostError, match="404"):
        xml.look_up("4711")


def test_a_lost_answer_is_asked_again(wanted: LivingResource, panel: Panel, line: str) -> None:
    panel.loses_the_answer("POST", "/customXML")
    wanted.create()
    assert panel.writes() == [line, line]
    assert wanted.refresh() == []


def test_two_that_would_overwrite_each_other_are_refused(life: Life, server: LivingResource) -> None:
    life("ServerCustomXml", "a", server_id=server.id, domain="<a/>").create()
    with pytest.raises(Refused, match="domain: 'a' sets it to another value: declare it once"):
        life("ServerCustomXml", "b", server_id=server.id, domain="<b/>").check()
