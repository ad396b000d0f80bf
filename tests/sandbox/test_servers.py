"""A server's life on the sandbox, as the life-cycle table of the panel's behaviour has it."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_virtfusion.sandbox import RunningPanel

from .conftest import PUBLIC_KEY, Api


def test_a_new_server_is_allocated_with_its_addresses_and_nothing_installed(api: Api) -> None:
    made = api.data("POST", "/servers", {"packageId": 1, "userId": 1, "hypervisorId": 2, "ipv4": 2})
    assert (made["state"], made["commissionStatus"], made["built"]) == ("allocated", 0, None)
    assert (made["name"], made["hostname"], made["settings"]["osTemplateInstallId"]) == ("", None, 0)
    assert made["hypervisor"]["groupId"] == 2
    assert [row["order"] for row in made["network"]["interfaces"][0]["ipv4"]] == [1, 2]
    assert made["tasks"] == {"active": False, "lastOn": None, "actions": {"pending": []}}
    assert "remoteState" not in made


def test_what_a_create_leaves_out_follows_the_package_and_what_it_says_wins(api: Api) -> None:
    server = api.server(api.new_server(packageId=2, memory=512, networkSpeedInbound=200, networkProfile=1))
    assert server["settings"]["resources"] == {"memory": 512, "storage": 40, "traffic": 1000, "cpuCores": 2}
    nic = server["network"]["interfaces"][0]
    assert (nic["inAverage"], nic["outAverage"], nic["networkProfile"]) == (200, 12_500, 0)
    assert server["backupPlan"] == {"id": 1, "name": "Daily"}


def test_an_additional_disk_waits_for_the_next_power_event(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server(additionalStorage1Enable=True, additionalStorage1Capacity=10, additionalStorage1Profile=1)
    before = api.server(id_)
    assert [(disk["enabled"], disk["status"], disk["profile"]) for disk in before["storage"]] == [
        (True, 3, 1),
        (False, 1, 0),
    ]
    assert [action["action"] for action in before["tasks"]["actions"]["pending"]] == ["Create HDD (sdb)"]
    assert before["settings"]["resources"]["storage"] == 10
    queue_id = api.data("POST", f"/servers/{id_}/power/boot")["queueId"]
    assert api.data("GET", f"/queue/{queue_id}")["finished"] is None
    panel.advance(2)
    after = api.server(id_)
    assert [disk["enabled"] for disk in after["storage"]] == [True, True]
    assert after["tasks"]["actions"]["pending"] == []
    assert api.data("GET", f"/queue/{queue_id}")["failed"] is False


def test_a_dry_run_makes_nothing(api: Api, panel: RunningPanel) -> None:
    body = {"packageId": 1, "userId": 1, "hypervisorId": 1}
    assert api.ask("POST", "/servers?dryRun=true", body).status_code in (200, 201)
    assert api.ask("POST", "/servers?dryRun=true", body | {"packageId": 99}).status_code == 422
    assert panel.state()["servers"] == []
    assert panel.state()["addresses"] == []


def test_a_build_goes_from_queued_over_building_to_complete(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server()
    key = api.new_key()
    wanted = {"operatingSystemId": 2, "name": "web", "hostname": "web.example.com", "sshKeys": [key], "ipv6": True}
    queued = api.data("POST", f"/servers/{id_}/build", wanted)
    assert (queued["state"], queued["commissionStatus"], queued["configLevel"]) == ("queued", 1, 1)
    assert (queued["name"], queued["hostname"], queued["tasks"]["active"]) == ("web", "web.example.com", True)
    assert (queued["sshKeys"], queued["built"]) == ([], None)
    assert queued["settings"]["decryptedPassword"]
    panel.advance(5)
    building = api.server(id_)
    assert (building["state"], building["tasks"]["active"]) == ("building", True)
    assert len(building["network"]["interfaces"][0]["ipv6"]) == 1
    panel.advance(5)
    ready = api.server(id_)
    assert (ready["state"], ready["commissionStatus"], ready["tasks"]["active"]) == ("complete", 3, False)
    assert ready["built"] == "2026-01-25T12:00:10+00:00"
    assert ready["tasks"]["lastOn"] == "2026-01-25 12:00:10"
    assert [(row["id"], row["public"]) for row in ready["sshKeys"]] == [(key, PUBLIC_KEY)]
    assert "decryptedPassword" not in ready["settings"]


def test_a_failed_build_says_failed_and_not_build_failed(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server()
    api.data("POST", f"/servers/{id_}/build", {"operatingSystemId": 9})
    panel.advance(10)
    server = api.server(id_)
    assert (server["state"], server["commissionStatus"], server["buildFailed"]) == ("failed", 2, False)
    assert (server["built"], server["tasks"]["active"]) == (None, False)
    (item,) = panel.state()["queue"]
    answered = api.data("GET", f"/queue/{item['id']}")
    assert answered["failed"] is True
    assert "image" in answered["errors"]["exception"]["message"]


def test_while_a_build_runs_the_server_is_locked(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server()
    api.data("POST", f"/servers/{id_}/build", {"operatingSystemId": 1})
    for state in ("queued", "building"):
        assert api.server(id_)["state"] == state
        for method, path, body in (
            ("POST", "build", {"operatingSystemId": 1}),
            ("PUT", "package/2", {}),
            ("POST", "suspend", None),
            ("POST", "power/boot", None),
        ):
            answer = api.ask(method, f"/servers/{id_}/{path}", body)
            assert (answer.status_code, list(answer.json())) == (423, ["msg"]), path
        panel.advance(5)
    assert api.ask("POST", f"/servers/{id_}/build", {"operatingSystemId": 1}).status_code == 200


def test_a_build_wants_a_template_that_exists_and_keys_of_the_owner(api: Api) -> None:
    id_ = api.new_server()
    foreign = api.new_key(api.new_user()["id"])
    assert api.ask("POST", f"/servers/{id_}/build", {"operatingSystemId": 77}).status_code == 422
    wanted = {"operatingSystemId": 1, "sshKeys": [foreign]}
    assert api.ask("POST", f"/servers/{id_}/build", wanted).status_code == 422
    assert api.server(id_)["state"] == "allocated"


@pytest.mark.parametrize(
    ("path", "body", "read", "value"),
    [
        ("modify/name", {"name": "db"}, ["name"], "db"),
        ("modify/memory", {"memory": 4096}, ["settings", "resources", "memory"], 4096),
        ("modify/cpuCores", {"cores": 3}, ["cpu", "cores"], 3),
        ("modify/traffic", {"traffic": 0}, ["traffic", "public", "currentPeriod", "limit"], 0),
        ("modify/cpuThrottle?sync=true", {"percent": 50}, ["cpu", "throttle"], 50),
        ("backups/plan/2", None, ["backupPlan"], {"id": 2, "name": "Weekly"}),
    ],
)
def test_a_modified_value_is_answered_by_an_empty_201_and_read_back(
    api: Api, path: str, body: Any, read: list[str], value: Any
) -> None:
    id_ = api.new_server()
    answer = api.ask("PUT", f"/servers/{id_}/{path}", body)
    assert (answer.status_code, answer.content) == (201, b"")
    found: Any = api.server(id_)
    for name in read:
        found = found[name]
    assert found == value


def test_an_owner_changes_once_and_the_same_owner_is_refused(api: Api) -> None:
    id_ = api.new_server()
    user = api.new_user()
    assert api.ask("PUT", f"/servers/{id_}/owner/{user['id']}").status_code == 201
    assert api.server(id_)["owner"]["email"] == user["email"]
    again = api.ask("PUT", f"/servers/{id_}/owner/{user['id']}")
    assert again.status_code == 422
    assert "same as the existing owner" in again.json()["errors"][0]


def test_power_shows_in_the_remote_state_only(api: Api, panel: RunningPanel) -> None:
    id_ = api.built_server()
    assert api.server(id_)["remoteState"] is False
    assert api.data("GET", f"/servers/{id_}?remoteState=true")["remoteState"]["running"] is True
    api.data("POST", f"/servers/{id_}/power/shutdown")
    assert api.server(id_)["tasks"]["active"] is True
    panel.advance(2)
    assert api.data("GET", f"/servers/{id_}?remoteState=true")["remoteState"]["running"] is False


def test_suspension_flips_one_flag_however_often_it_is_asked_for(api: Api) -> None:
    id_ = api.built_server()
    for _ in range(2):
        assert api.ask("POST", f"/servers/{id_}/suspend").status_code == 204
    server = api.server(id_)
    assert (server["suspended"], server["state"]) == (True, "complete")
    assert api.ask("POST", f"/servers/{id_}/unsuspend").status_code == 204
    assert api.server(id_)["suspended"] is False


def test_vnc_never_follows_its_toggle(api: Api) -> None:
    id_ = api.new_server()
    first = api.data("POST", f"/servers/{id_}/vnc", {"action": "enable"})["vnc"]
    second = api.data("POST", f"/servers/{id_}/vnc", {"action": "enable"})["vnc"]
    assert first["enabled"] is second["enabled"] is api.server(id_)["vnc"]["enabled"] is False
    assert first["wss"]["token"] != second["wss"]["token"]


def test_a_deleted_server_is_readable_for_a_moment_then_gone_with_its_addresses(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server(ipv4=3)
    assert api.data("GET", "/connectivity/ipblocks/1")["ipv4"]["usedTotal"] == 3
    assert api.ask("DELETE", f"/servers/{id_}?delay=0").status_code == 204
    assert api.server(id_)["tasks"]["active"] is True
    panel.advance(2)
    gone = api.ask("GET", f"/servers/{id_}")
    assert (gone.status_code, gone.json()) == (404, {"msg": "server not found"})
    assert api.ask("DELETE", f"/servers/{id_}?delay=0").status_code == 404
    assert api.data("GET", "/connectivity/ipblocks/1")["ipv4"]["usedTotal"] == 0


def test_a_delayed_deletion_leaves_the_server_until_its_time(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server()
    api.done("DELETE", f"/servers/{id_}?delay=30")
    panel.advance(29 * 60)
    assert api.server(id_)["tasks"]["active"] is False
    panel.advance(2 * 60)
    assert api.ask("GET", f"/servers/{id_}").status_code == 404


@pytest.mark.parametrize("fact", ["doNotDisturb", "protected", "locked"])
def test_a_guarded_server_refuses_its_deletion(api: Api, panel: RunningPanel, fact: str) -> None:
    id_ = api.new_server()
    panel.mutate("servers", id_, {fact: True})
    assert api.ask("DELETE", f"/servers/{id_}?delay=0").status_code == 423
    panel.mutate("servers", id_, {fact: False})
    assert api.ask("DELETE", f"/servers/{id_}?delay=0").status_code == 204


def test_a_server_deleted_while_it_builds_goes_when_the_build_is_over(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server()
    api.data("POST", f"/servers/{id_}/build", {"operatingSystemId": 1})
    api.done("DELETE", f"/servers/{id_}?delay=0")
    panel.advance(9)
    assert api.server(id_)["state"] == "building"
    panel.advance(4)
    assert api.ask("GET", f"/servers/{id_}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"packageId": 99}, "package"),
        ({"packageId": 6}, "disabled package"),
        ({"userId": 99}, "user"),
        ({"hypervisorId": 99}, "hypervisor group"),
        ({"firewallRulesets": [1, 4]}, "Invalid or disabled firewall ruleset"),
        ({"hypervisorAssetGroups": [44]}, "asset group"),
        ({"storageProfile": 8}, "storage profile"),
        ({"additionalStorage1Enable": True}, "additionalStorage1Capacity"),
        ({"memory": "512"}, "memory"),
        ({"ipv4": 250, "memory": 10_000_000}, "memory"),
    ],
)
def test_a_create_that_cannot_be_is_refused_and_leaves_nothing(
    api: Api, panel: RunningPanel, wrong: dict[str, Any], error: str
) -> None:
    body = {"packageId": 1, "userId": 1, "hypervisorId": 1, **wrong}
    answer = api.ask("POST", "/servers", body)
    assert answer.status_code == 422
    assert error in " ".join(answer.json()["errors"])
    assert panel.state()["servers"] == []


def test_a_group_fills_its_hypervisors_and_then_refuses(api: Api, panel: RunningPanel) -> None:
    for host in (1, 2):
        panel.mutate("hypervisors", host, {"maxServers": 2})
    hosts = [api.server(api.new_server())["hypervisorId"] for _ in range(4)]
    assert sorted(hosts) == [1, 1, 2, 2]
    answer = api.ask("POST", "/servers", {"packageId": 1, "userId": 1, "hypervisorId": 1})
    assert (answer.status_code, answer.json()) == (422, {"errors": ["No hypervisor in the group has enough servers"]})


def test_a_group_without_an_open_hypervisor_refuses(api: Api, panel: RunningPanel) -> None:
    panel.mutate("hypervisors", 3, {"enabled": False})
    answer = api.ask("POST", "/servers", {"packageId": 1, "userId": 1, "hypervisorId": 2})
    assert answer.status_code == 422


def test_more_memory_than_the_host_has_is_refused_and_less_is_not(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server()
    panel.mutate("hypervisors", api.server(id_)["hypervisorId"], {"maxMemory": 2048})
    assert api.ask("PUT", f"/servers/{id_}/modify/memory", {"memory": 4096}).status_code == 422
    assert api.ask("PUT", f"/servers/{id_}/modify/memory", {"memory": 2048}).status_code == 201
    assert api.ask("PUT", f"/servers/{id_}/modify/memory", {"memory": 512}).status_code == 201


def test_custom_xml_keeps_the_sections_that_are_not_sent(api: Api) -> None:
    id_ = api.new_server()
    assert api.ask("POST", f"/servers/{id_}/customXML", {"os": "<os/>", "osEnabled": True}).text == '""'
    api.done("POST", f"/servers/{id_}/customXML", {"clock": "<clock/>"})
    xml = api.server(id_)["customXML"]
    assert xml["os"] == {"xml": "<os/>", "enabled": True}
    assert xml["clock"] == {"xml": "<clock/>", "enabled": False}


def test_lists_are_paged_with_urls_of_a_host_that_nobody_asked(api: Api) -> None:
    for _ in range(3):
        api.new_server()
    first = api.done("GET", "/servers?results=2")
    assert (first["total"], first["last_page"], first["per_page"], len(first["data"])) == (3, 2, 2, 2)
    assert first["next_page_url"].startswith("https://")
    assert api.panel.url not in first["next_page_url"]
    assert "results" not in first["next_page_url"]
    second = api.done("GET", "/servers?results=2&page=2")
    assert ([row["id"] for row in second["data"]], second["next_page_url"]) == ([3], None)
    assert api.done("GET", "/servers?page=9")["data"] == []
    chosen = api.done("GET", "/servers?hypervisorId[]=1&hypervisorId[]=3")["data"]
    assert {row["hypervisorId"] for row in chosen} == {1}
    assert api.ask("GET", "/servers?results=201").status_code == 422


def test_the_three_shapes_of_a_server_name_the_same_facts_differently(api: Api) -> None:
    id_ = api.built_server()
    (simple,) = api.done("GET", "/servers")["data"]
    (of_user,) = api.data("GET", "/servers/user/1")
    assert (simple["owner"], simple["commissioned"]) == (1, 3)
    assert (of_user["ownerId"], of_user["commissionStatus"], of_user["vnc"]["enabled"]) == (1, 3, 0)
    assert api.done("GET", "/servers?type=full")["data"][0]["uuid"] == api.server(id_)["uuid"] == simple["uuid"]
