"""`import_` with an id that the class cannot have, and look-ups by it."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.resources import resource_class
from tests.bad_input.declared import declare, refusals
from tests.bad_input.programs import GOOD
from tests.lifecycle.life import Life
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

SPELLINGS = [
    "",
    "x",
    "0",
    "-1",
    "+7",
    "007",
    "6_9",
    " 1",
    "1 ",
    "٣",
    "1.0",
    "1e3",
    "9" * 30,
    "../servers",
    "1?x=1",
    "\0",
]
"""No number's, however Python reads some of them."""
NUMBERED = ("Server", "ServerBuild", "SshKey", "ResourcePack")
RELATION = ("User", "HourlyResourcePack")
NO_RELATIONS = ["", "007", "٣", " 1", "a/b", "../servers", ".", "..", "\0", "x" * 256, "9" * 30]
READS_LIKE = {
    "ServerFirewall": "is not the id of a firewall, which reads like '69/primary'.",
    "ServerIpv4Addresses": "is not the id of IPv4 addresses, which reads like '69/primary/192.0.2.5,192.0.2.6'.",
    "NetworkWhitelistEntry": "is not the id of a whitelist entry, which reads like '69/primary/192.0.2.9'.",
    "TrafficBlock": "is not the id of a traffic block, which reads like '69/12': its server's and its own.",
    "ServerCustomXml": "is not the id of custom XML, which is its server's, such as '69'.",
}
ATTACHED = [*SPELLINGS, "007/primary", "1/tertiary", "1/", "/primary", "1/primary/192.0.2.300", "1/-3", "1/primary/x/y"]
PROFILES = [*SPELLINGS, "1001/", "/3", "1001/gold", "1001/-3", "1001/03", "a/b/3", "007/3"]
UNREADABLE = ("UserCredit", "IpBlockRange", "ServerAction", "UserAction", "ResourcePackAction")


def refused(life: Life, kind: str, id_: str) -> list[str]:
    return refusals(life.host, declare(kind, GOOD[kind], import_=id_))


@pytest.mark.parametrize(
    ("kind", "id_"),
    [(kind, id_) for kind in NUMBERED for id_ in [*SPELLINGS, "1/primary"]]
    + [(kind, id_) for kind in RELATION for id_ in NO_RELATIONS]
    + [(kind, id_) for kind in ("HourlyGroupProfile", "ResourceGroupProfile") for id_ in PROFILES],
)
def test_what_cannot_be_an_id_is_refused_without_a_request(life: Life, panel: Panel, kind: str, id_: str) -> None:
    noun = resource_class(kind).behaviour.noun
    assert refused(life, kind, id_) == [f"import_: names {noun} {id_!r}, which cannot be its id"]
    assert panel.requests() == []


@pytest.mark.parametrize(("kind", "id_"), [(kind, id_) for kind in READS_LIKE for id_ in ATTACHED])
def test_the_id_of_what_is_attached_is_shown(life: Life, panel: Panel, kind: str, id_: str) -> None:
    assert refused(life, kind, id_) == [f"import_: {id_!r} {READS_LIKE[kind]}"]
    assert panel.requests() == []


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_cannot_be_imported(life: Life, panel: Panel, kind: str) -> None:
    noun = resource_class(kind).behaviour.noun
    assert refused(life, kind, "7") == [f"import_: names {noun} 7, but no {noun} can be read from the panel"]
    assert panel.requests() == []


@pytest.mark.parametrize(
    ("kind", "id_"),
    [(kind, "999") for kind in (*NUMBERED, *RELATION, "ServerCustomXml")]
    + [("User", "nobody"), ("ServerFirewall", "999/primary"), ("TrafficBlock", "999/1"), ("HourlyGroupProfile", "9/9")],
)
def test_what_the_panel_does_not_have_is_refused(life: Life, panel: Panel, kind: str, id_: str) -> None:
    noun = resource_class(kind).behaviour.noun
    assert refused(life, kind, id_) == [f"import_: names {noun} {id_}, which the panel does not have"]
    assert panel.writes() == []


@pytest.mark.parametrize(("kind", "id_"), [(kind, id_) for kind in (*NUMBERED, "User") for id_ in ("007", "", "٣")])
def test_a_look_up_by_it_is_an_error(life: Life, panel: Panel, kind: str, id_: str) -> None:
    with pytest.raises(HostError, match=r"cannot be the id of a "):
        life(kind).look_up(id_)
    assert panel.requests() == []
