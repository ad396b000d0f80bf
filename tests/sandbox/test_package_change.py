"""The package change: flags, `info`, the disk that only grows."""

from __future__ import annotations

from pulumi_virtfusion.sandbox import RunningPanel

from .conftest import Api

FLAGS = [
    "backupPlan",
    "cpu",
    "memory",
    "primaryDiskReadIOPS",
    "primaryDiskReadThroughput",
    "primaryDiskSize",
    "primaryDiskWriteIOPS",
    "primaryDiskWriteThroughput",
    "primaryNetworkInboundSpeed",
    "primaryNetworkOutboundSpeed",
    "primaryNetworkTraffic",
]


def test_flags_left_out_count_as_true(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server()
    answer = api.done("PUT", f"/servers/{id_}/package/3", {})
    assert list(answer) == ["info"]
    server = api.server(id_)
    assert server["settings"]["resources"] == {"memory": 8192, "storage": 160, "traffic": 0, "cpuCores": 4}
    assert server["backupPlan"]["id"] == 2
    assert server["storage"][0]["iops"] == {"read": 5000, "write": 5000}
    assert panel.state()["servers"][0]["hidden"]["packageId"] == 3


def test_a_false_flag_leaves_the_value_and_says_nothing(api: Api) -> None:
    id_ = api.new_server()
    before = api.server(id_)["settings"]["resources"]
    assert api.done("PUT", f"/servers/{id_}/package/3", dict.fromkeys(FLAGS, False)) == {"info": []}
    assert api.server(id_)["settings"]["resources"] == before


def test_a_smaller_disk_stays_while_the_rest_shrinks(api: Api) -> None:
    id_ = api.new_server(packageId=3)
    info = api.done("PUT", f"/servers/{id_}/package/1", {})["info"]
    assert "primary disk not updated. It either matches or is lower than the current value" in info
    assert api.server(id_)["settings"]["resources"] == {"memory": 1024, "storage": 160, "traffic": 200, "cpuCores": 1}


def test_the_same_package_again_says_so_of_every_component_but_the_plan(api: Api) -> None:
    id_ = api.new_server(packageId=2)
    info = api.done("PUT", f"/servers/{id_}/package/2", {})["info"]
    assert len(info) == len(FLAGS) - 1
    assert "CPU cores not updated. It matches the current value" in info
    assert all("not updated" in line for line in info)


def test_a_grown_disk_is_allotted_at_once_and_made_at_the_next_power_event(api: Api, panel: RunningPanel) -> None:
    id_ = api.built_server()
    api.done("PUT", f"/servers/{id_}/package/2", {})
    waiting = api.server(id_)
    assert (waiting["settings"]["resources"]["storage"], waiting["storage"][0]["capacity"]) == (40, 10)
    api.data("POST", f"/servers/{id_}/power/restart")
    panel.advance(2)
    assert api.server(id_)["storage"][0]["capacity"] == 40


def test_what_cannot_be_changed_to_is_refused(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server()
    assert api.ask("PUT", f"/servers/{id_}/package/99", {}).json() == {"msg": "package not found"}
    assert api.ask("PUT", "/servers/99/package/1", {}).json() == {"msg": "server not found"}
    assert api.ask("PUT", f"/servers/{id_}/package/6", {}).status_code == 422
    assert api.ask("PUT", f"/servers/{id_}/package/2.0", {}).status_code == 404
    panel.mutate("hypervisors", 1, {"maxMemory": 2048})
    assert api.ask("PUT", f"/servers/{id_}/package/3", {}).status_code == 422
    assert api.server(id_)["settings"]["resources"]["memory"] == 1024
