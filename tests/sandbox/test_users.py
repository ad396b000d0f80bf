"""Users, their keys and what self-service gives them."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_virtfusion.sandbox import RunningPanel

from .conftest import PUBLIC_KEY, Api


def test_a_user_is_found_by_number_or_by_text_but_not_by_the_other(api: Api) -> None:
    api.new_user("ada", extRelationId=77)
    assert api.data("GET", "/users/77/byExtRelation")["name"] == "ada"
    assert api.data("GET", "/users/ada/byExtRelation?relStr=true")["extRelationId"] == 77
    assert api.ask("GET", "/users/77/byExtRelation?relStr=true").status_code == 404
    assert api.ask("GET", "/users/ada/byExtRelation").json() == {"msg": "user not found"}


def test_a_text_of_digits_is_a_text(api: Api) -> None:
    made = api.data("POST", "/users", {"name": "n", "email": "n@example.com", "relStr": "12345"})
    assert api.ask("GET", "/users/12345/byExtRelation").status_code == 404
    assert api.data("GET", "/users/12345/byExtRelation?relStr=true")["id"] == made["id"]


@pytest.mark.parametrize("digits", ["77", "0077", "9223372036854775808", "99999999999999999999999"])
def test_digits_are_one_user_s_text_and_another_s_number(api: Api, digits: str) -> None:
    number = int(digits) if int(digits) < 2**63 else 77
    by_text = api.new_user("ada", relStr=digits)["id"]
    by_number = api.data("POST", "/users", {"name": "b", "email": "b@example.com", "extRelationId": number})["id"]
    text, relation = f"/users/{digits}/byExtRelation", f"/users/{number}/byExtRelation"
    assert api.data("GET", f"{text}?relStr=true")["id"] == by_text
    assert api.data("GET", relation)["id"] == by_number
    api.done("PUT", f"{text}?relStr=true", {"name": "by text"})
    api.done("PUT", relation, {"name": "by number"})
    names = [user["name"] for user in api.panel.state()["users"]]
    assert names == ["Administrator", "by text", "by number"]
    pack = api.data("POST", f"/selfService/resourcePack/byUserExtRelationId/{digits}?relStr=true", {"packId": 1})["id"]
    packs = {row["id"]: row["hidden"]["userId"] for row in api.panel.state()["resource_packs"]}
    assert packs[pack] == by_text
    assert api.ask("POST", "/users", {"name": "c", "email": "c@example.com", "relStr": digits}).status_code == 409
    assert api.ask("DELETE", f"{text}?relStr=true").status_code == 204
    assert api.data("GET", relation)["id"] == by_number


def test_the_password_of_a_new_user_is_answered_once(api: Api) -> None:
    made = api.new_user()
    assert made["password"]
    found = api.data("GET", "/users/someone/byExtRelation?relStr=true")
    assert "password" not in found
    assert "relStr" not in found
    assert made.keys() - {"password"} == found.keys()


@pytest.mark.parametrize("taken", [{"email": "SOMEONE@example.com"}, {"relStr": "someone"}, {"extRelationId": 1}])
def test_what_is_taken_is_a_conflict(api: Api, taken: dict[str, Any]) -> None:
    api.new_user()
    body = {"name": "other", "email": "other@example.com", **taken}
    assert api.ask("POST", "/users", body).status_code == 409


def test_a_change_touches_what_is_sent_and_answers_four_values(api: Api) -> None:
    api.new_user(selfService=3)
    path = "/users/someone/byExtRelation?relStr=true"
    answer = api.ask("PUT", path, {"email": "new@example.com", "enabled": False})
    expected = {"name": "someone", "email": "new@example.com", "selfService": 3, "enabled": False}
    assert (answer.status_code, answer.json()["data"]) == (201, expected)
    assert api.data("GET", path)["suspended"] is True
    assert api.ask("PUT", path, {"email": "admin@example.com"}).status_code == 409


def test_profiles_that_do_not_exist_are_dropped_without_a_word(api: Api) -> None:
    made = api.new_user(
        selfServiceHourlyGroupProfiles=[1, 2, 99],
        selfServiceResourceGroupProfiles=[4, 5, 6],
        selfServiceHourlyResourcePack=99,
    )
    assert made["selfServiceHourlyGroupProfiles"] == [1, 2]
    assert made["selfServiceResourceGroupProfiles"] == []
    assert made["selfServiceHourlyResourcePack"] is None


def test_a_user_with_servers_and_an_administrator_stay(api: Api, panel: RunningPanel) -> None:
    user = api.new_user()
    id_ = api.new_server(userId=user["id"])
    path = "/users/someone/byExtRelation?relStr=true"
    assert api.ask("DELETE", path).status_code == 409
    api.done("DELETE", f"/servers/{id_}?delay=0")
    assert api.ask("DELETE", path).status_code == 409
    panel.advance(2)
    assert api.ask("DELETE", path).status_code == 204
    assert api.ask("GET", path).status_code == 404
    assert api.ask("DELETE", "/users/1/byExtRelation").status_code == 409


def test_a_key_is_read_without_its_owner_and_listed_with_its_owner_s(api: Api) -> None:
    user = api.new_user()
    answer = api.data("POST", "/ssh_keys", {"userId": user["id"], "name": "laptop", "publicKey": PUBLIC_KEY})
    assert set(answer) == {"id", "name", "type", "createdAt"}
    key = api.data("GET", f"/ssh_keys/{answer['id']}")
    assert key["publicKey"] == PUBLIC_KEY
    assert "userId" not in key
    assert api.data("GET", f"/ssh_keys/user/{user['id']}") == [key]
    assert api.data("GET", "/ssh_keys/user/1") == []
    assert api.ask("DELETE", f"/ssh_keys/{key['id']}").status_code == 204
    assert api.ask("GET", f"/ssh_keys/{key['id']}").json() == {"msg": "ssh key not found"}


@pytest.mark.parametrize(
    "text",
    ["", "ssh-ed25519", "ssh-ed25519 !!!", "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9o=", "PEM x"],
)
def test_what_is_no_key_is_refused(api: Api, text: str) -> None:
    answer = api.ask("POST", "/ssh_keys", {"userId": 1, "name": "k", "publicKey": text})
    assert answer.status_code == 422
    assert "publicKey" in answer.json()["errors"][0]


def test_a_pack_counts_the_servers_that_are_built_from_it(api: Api, panel: RunningPanel) -> None:
    api.new_user()
    of_user = "byUserExtRelationId/someone?relStr=true"
    pack_id = api.data("POST", f"/selfService/resourcePack/{of_user}", {"packId": 1, "enabled": True})["id"]
    id_ = api.new_server(packageId=2)
    panel.mutate("servers", id_, {"resourcePackId": pack_id})
    pack = api.data("GET", f"/selfService/resourcePack/{pack_id}?withServers=true")
    assert (pack["pid"], pack["used"]["servers"], pack["used"]["memory"]) == (1, 1, 2048)
    assert pack["usage"]["memory"] == {"t": 4096, "u": 2048, "f": 2048, "p": 50, "l": True}
    assert [server["id"] for server in pack["servers"]] == [id_]
    assert "enabled" not in pack


def test_a_pack_in_use_is_disabled_rather_than_deleted_when_asked_so(api: Api, panel: RunningPanel) -> None:
    pack = "/selfService/resourcePack/1"
    api.done("POST", "/selfService/resourcePack/byUserExtRelationId/1", {"packId": 1})
    id_ = api.new_server()
    panel.mutate("servers", id_, {"resourcePackId": 1})
    assert api.ask("DELETE", pack).status_code == 409
    assert api.ask("DELETE", f"{pack}?disable=true").status_code == 204
    assert panel.state()["resource_packs"][0]["hidden"]["enabled"] is False
    servers = "/selfService/resourcePackServers/1"
    assert api.ask("POST", f"{servers}/suspend").status_code == 204
    assert api.server(id_)["suspended"] is True
    assert api.ask("DELETE", servers).status_code == 204
    panel.advance(29 * 60)
    assert api.ask("GET", f"/servers/{id_}").status_code == 200
    panel.advance(2 * 60)
    assert api.ask("GET", f"/servers/{id_}").status_code == 404
    assert api.ask("DELETE", pack).status_code == 204
    assert api.ask("GET", pack).json() == {"errors": ["resource pack not found"]}


def test_a_pack_lists_the_servers_that_are_in_it_now_and_no_others(api: Api, panel: RunningPanel) -> None:
    path = "/selfService/resourcePack"
    first, second = (api.data("POST", f"{path}/byUserExtRelationId/1", {"packId": 1})["id"] for _ in range(2))
    servers = [api.new_server() for _ in range(3)]
    for id_ in servers[:2]:
        panel.mutate("servers", id_, {"resourcePackId": first})

    def listed(pack: int) -> list[int]:
        return [row["id"] for row in api.data("GET", f"{path}/{pack}?withServers=true")["servers"]]

    assert (listed(first), listed(second)) == (servers[:2], [])
    assert "servers" not in api.data("GET", f"{path}/{first}")
    assert "servers" not in api.data("GET", f"{path}/{first}?withServers=false")
    rows = api.done("GET", "/servers")["data"]
    assert api.data("GET", f"{path}/{first}?withServers=true")["servers"] == rows[:2]
    api.done("DELETE", f"/servers/{servers[0]}?delay=0")
    refused = api.ask("DELETE", f"{path}/{first}")
    assert (refused.status_code, "has servers" in refused.text) == (409, True)
    panel.advance(2)
    assert listed(first) == [servers[1]]
    panel.mutate("servers", servers[1], {"resourcePackId": second})
    assert (listed(first), listed(second)) == ([], [servers[1]])
    assert api.ask("DELETE", f"{path}/{first}").status_code == 204
    assert api.ask("DELETE", f"{path}/{second}").status_code == 409


@pytest.mark.parametrize("delay", ["0", "30"])
def test_a_user_stays_until_the_last_server_has_gone(api: Api, panel: RunningPanel, delay: str) -> None:
    user = api.new_user("ada", extRelationId=77)
    id_ = api.new_server(userId=user["id"])
    api.done("DELETE", f"/servers/{id_}?delay={delay}")
    for path in ("/users/77/byExtRelation", "/users/ada/byExtRelation?relStr=true"):
        refused = api.ask("DELETE", path)
        assert (refused.status_code, refused.json()["errors"]) == (409, ["The user owns servers"])
    assert api.data("GET", "/users/77/byExtRelation")["id"] == user["id"]
    panel.advance(int(delay) * 60 + 3)
    assert api.ask("DELETE", "/users/77/byExtRelation").status_code == 204


def test_credit_shows_in_the_balance_only(api: Api) -> None:
    credit = "/selfService/credit"
    stats = "/selfService/hourlyStats/byUserExtRelationId/1"
    body = {"tokens": 100, "reference_1": 400, "reference_2": "invoice"}
    id_ = api.data("POST", f"{credit}/byUserExtRelationId/1", body)["id"]
    api.data("POST", f"{credit}/byUserExtRelationId/1", {"tokens": 2.5})
    assert api.data("GET", stats)["credit"]["value"] == 102.5
    assert api.ask("DELETE", f"{credit}/{id_}").status_code == 204
    assert api.ask("DELETE", f"{credit}/{id_}").status_code == 404
    assert api.data("GET", stats)["credit"]["value"] == 2.5


@pytest.mark.parametrize(("family", "level"), [("hourly", 1), ("resource", 2)])
def test_a_profile_is_attached_once_and_gives_access_when_synced(api: Api, family: str, level: int) -> None:
    user = "byUserExtRelationId/1"
    name = f"selfService{family.title()}GroupProfiles"
    for _ in range(2):
        assert api.ask("POST", f"/selfService/{family}GroupProfile/{user}", {"profileId": 2}).status_code == 204
    assert api.data("GET", "/users/1/byExtRelation")[name] == [2]
    api.done("PUT", f"/selfService/access/{user}", {"syncToProfiles": True})
    assert api.data("GET", "/users/1/byExtRelation")["selfService"] == level
    assert api.ask("DELETE", f"/selfService/{family}GroupProfile/2/{user}").status_code == 204
    assert api.ask("DELETE", f"/selfService/{family}GroupProfile/2/{user}").status_code == 404
    assert api.ask("POST", f"/selfService/{family}GroupProfile/{user}", {"profileId": 99}).status_code == 422


def test_login_tokens_for_a_server_are_for_its_owner(api: Api) -> None:
    api.new_user()
    id_ = api.new_server()
    ours = api.data("POST", f"/users/1/serverAuthenticationTokens/{id_}")["authentication"]
    assert ours["endpoint_complete"].endswith(ours["tokens"]["2"])
    foreign = api.ask("POST", f"/users/someone/serverAuthenticationTokens/{id_}?relStr=true")
    assert foreign.status_code == 404
