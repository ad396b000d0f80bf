"""With `normalise` the panel keeps texts as Laravel respells them; without it, as they were sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pulumi_virtfusion.sandbox import RunningPanel, running
from pulumi_virtfusion.sandbox.panel.normalisation import normalised_body, normalised_query

from .conftest import PUBLIC_KEY, Api

BARE_KEY = PUBLIC_KEY.rpartition(" ")[0]


@pytest.fixture
def normalising(api: Api, panel: RunningPanel) -> Iterator[Api]:
    panel.set(normalise=True)
    yield api
    panel.set(normalise=False)


def test_texts_are_trimmed_and_names_of_machines_and_people_are_lower_case(normalising: Api) -> None:
    user = normalising.new_user(name=" Ada Lovelace\n", email="\tADA@Example.COM ", relStr=" Ada ")
    assert (user["name"], user["email"]) == ("Ada Lovelace", "ada@example.com")
    path = "/users/Ada/byExtRelation?relStr=true"
    assert normalising.data("GET", path)["email"] == "ada@example.com"
    assert normalising.data("GET", "/users/Ada/byExtRelation?relStr=%20true%20")["id"] == user["id"]
    changed = normalising.data("PUT", path, {"email": " B@EXAMPLE.com", "name": ""})
    assert (changed["email"], changed["name"]) == ("b@example.com", "Ada Lovelace")
    id_ = normalising.new_server()
    build = {"operatingSystemId": 1, "hostname": " Web.Example.COM", "name": " Web "}
    built = normalising.data("POST", f"/servers/{id_}/build", build)
    assert (built["hostname"], built["name"]) == ("web.example.com", "Web")


def test_a_text_of_white_space_is_none(normalising: Api) -> None:
    id_ = normalising.new_server()
    assert normalising.ask("PUT", f"/servers/{id_}/modify/name", {"name": " \u200b\n"}).status_code == 422
    assert normalising.ask("POST", "/users", {"name": "n", "email": " "}).status_code == 422
    user = normalising.data("POST", "/users", {"name": "n", "email": "n@example.com", "relStr": " "})
    assert normalising.panel.state()["users"][-1]["hidden"]["relStr"] is None
    assert user["id"]


def test_a_key_has_the_comment_that_the_panel_gives_it(normalising: Api) -> None:
    assert normalising.data("GET", f"/ssh_keys/{normalising.new_key()}")["publicKey"] == f"{BARE_KEY} virtfusion"
    body = {"userId": 1, "name": "k", "publicKey": f"  {BARE_KEY}   two  words \n"}
    id_ = normalising.data("POST", "/ssh_keys", body)["id"]
    assert normalising.data("GET", f"/ssh_keys/{id_}")["publicKey"] == f"{BARE_KEY} virtfusion"


def test_xml_has_line_feeds_and_what_is_emptied_is_null(normalising: Api) -> None:
    path = f"/servers/{normalising.new_server()}"
    normalising.done("POST", f"{path}/customXML", {"os": "<os>\r\n</os>\r\n", "clock": "<a/>\r<b/>"})
    xml = normalising.data("GET", path)["customXML"]
    assert (xml["os"]["xml"], xml["clock"]["xml"]) == ("<os>\n</os>", "<a/>\n<b/>")
    normalising.done("POST", f"{path}/customXML", {"os": ""})
    assert normalising.data("GET", path)["customXML"]["os"]["xml"] is None


def test_an_address_is_compressed(normalising: Api) -> None:
    path = f"/servers/{normalising.new_server()}"
    entry = {"interface": "primary", "ip": " 2001:0DB8:0000::0001 ", "cidr": 64}
    normalising.done("POST", f"{path}/networkWhitelist", entry)
    (row,) = normalising.data("GET", path)["network"]["interfaces"][0]["ipWhitelist"]
    assert row["ip"] == "2001:db8::1"
    normalising.done("DELETE", f"{path}/networkWhitelist", {"interface": "primary", "ip": "2001:DB8::1"})


def test_texts_stay_as_they_were_sent_unless_told_otherwise(api: Api) -> None:
    user = api.new_user(name=" Ada ", email="ADA@Example.COM", relStr=" Ada ")
    assert (user["name"], user["email"]) == (" Ada ", "ADA@Example.COM")
    assert api.ask("GET", "/users/Ada/byExtRelation?relStr=true").status_code == 404
    path = f"/servers/{api.new_server()}"
    api.done("POST", f"{path}/customXML", {"os": "<os>\r\n"})
    assert api.data("GET", path)["customXML"]["os"]["xml"] == "<os>\r\n"
    assert api.data("POST", f"{path}/build", {"operatingSystemId": 1, "hostname": "A.B "})["hostname"] == "A.B "
    assert api.data("GET", f"/ssh_keys/{api.new_key()}")["publicKey"] == PUBLIC_KEY


def test_a_control_turns_it_on_and_a_reset_puts_back_what_it_was_started_with(api: Api, panel: RunningPanel) -> None:
    settings = f"{panel.origin}/_sandbox/settings"
    assert requests.post(settings, json={"normalise": True}, timeout=20).status_code == 204
    assert requests.get(settings, timeout=20).json()["normalise"] is True
    assert api.new_user(email=" a@example.com ")["email"] == "a@example.com"
    panel.reset()
    assert requests.get(settings, timeout=20).json()["normalise"] is False
    assert requests.post(settings, json={"normalise": "yes"}, timeout=20).status_code == 422
    assert requests.post(settings, json={"normalize": True}, timeout=20).status_code == 422
    with running(normalise=True) as other:
        other.set(normalise=False)
        other.reset()
        client = Api(other)
        assert client.new_user(email=" a@example.com ")["email"] == "a@example.com"
        client.close()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("", None),
        ([" a", {"b": " "}], ["a", {"b": None}]),
        ({"ip": ["2001:DB8:0::1", "x"]}, {"ip": ["2001:db8::1", "x"]}),
        ({"email": True, "hostname": 5, "publicKey": None}, {"email": True, "hostname": 5, "publicKey": None}),
        ({"publicKey": "ssh-rsa"}, {"publicKey": "ssh-rsa"}),
        ({"name": "a\r\nb\u00a0"}, {"name": "a\r\nb"}),
    ],
)
def test_every_text_at_any_depth_is_respelt_and_all_else_left_alone(sent: Any, kept: Any) -> None:
    assert normalised_body(sent) == kept


def test_a_query_s_texts_are_trimmed_and_empty_ones_not_given() -> None:
    assert normalised_query({"a": [" true "], "b": [" "], "c": ["x", ""]}) == {"a": ["true"], "c": ["x"]}
