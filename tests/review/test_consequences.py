"""What is told of a plan, where, and what makes `--fail-on` fail: recorded previews first, then rarer ones."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

from tests.review.conftest import (
    RECORDED,
    URN,
    briefly,
    new_build,
    preview,
    recorded,
    report_of,
    rows,
    step,
    through_the_native_door,
)

SERVER = f"{URN}pulumi-python:dynamic/virtfusion:Server::a"
EXPECTED: dict[str, dict[str, list[str]]] = {
    "create": {
        "created": [
            "Server 1: web", "Server 1: db", "ServerBuild 1: web", "User 1: ada", "ResourcePack 1: pack",
            "SshKey 1: key", "ServerIpv4Addresses 1: more",
        ]
    },
    "takeover": {"taken_over": ["Server 1: old"]},
    "takeover_and_build": {"wiped": ["ServerBuild 1: old"], "taken_over": ["Server 1: old"]},
    "build_on_existing": {"wiped": ["ServerBuild 1: old"]},
    "update": {
        "package_changes": ["Server 1: web"],
        "in_place": ["Server 1: web", "ServerIpv4Addresses 1: more", "Server 1: db"],
    },
    "replace": {"replaced": ["Server 1: web", "ServerBuild 1: web", "ServerIpv4Addresses 1: more"]},
    "replace_steps": {"replaced": ["Server 1: web", "ServerBuild 1: web", "ServerIpv4Addresses 1: more"]},
    "rebuild": {"wiped": ["ServerBuild 1: web"]},
    "delete": {
        "destroyed": [
            "Server 2: db, web", "ResourcePack 1: pack", "ServerIpv4Addresses 1: more", "ServerBuild 1: web",
            "SshKey 1: key", "User 1: ada",
        ]
    },
    "half_replaced": {"destroyed": ["Server 1: web"]},
    "failed_build": {"wiped": ["ServerBuild 1: web-1"]},
    "actions": {
        "created": ["Server 1: web", "ResourcePack 1: pack"],
        "in_place": ["ServerAction 1: off", "ResourcePackAction 1: all"],
    },
    "actions_again": {"destroyed": ["ResourcePackAction 1: all"], "in_place": ["ServerAction 1: off"]},
    "retained": {"other": ["Server 1: kept"]},
    "others": {"other": ["pulumi-python:dynamic:Resource 2: dns, mail", "Server 1: looked-at"]},
    "others_deleted": {"other": ["pulumi-python:dynamic:Resource 2: dns, mail", "Server 1: looked-at"]},
    "unchanged": {},
    "unchanged_all": {},
}  # fmt: skip
DESTROYING = {
    "takeover_and_build", "build_on_existing", "replace", "replace_steps", "rebuild", "fleet_rebuild", "delete",
    "half_replaced", "failed_build", "actions_again", "gone_and_dropped", "everything",
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_each_resource_stands_where_its_danger_is(name: str) -> None:
    assert briefly(report_of(name)) == EXPECTED[name]


@pytest.mark.parametrize("name", RECORDED)
def test_a_plan_destroys_where_a_machine_loses_something(name: str) -> None:
    report = report_of(name)
    assert report.complete
    assert report.destroys == (name in DESTROYING)


@pytest.mark.parametrize("name", RECORDED)
def test_both_doors_say_the_same(name: str) -> None:
    dynamic = report_of(name).model_dump_json().replace("pulumi-python:dynamic/virtfusion:", "virtfusion:index:")
    assert report_of(through_the_native_door(recorded(name))).model_dump_json() == dynamic


def test_who_is_lost_is_said_with_id_name_address_and_owner() -> None:
    (server, *_) = rows(report_of("replace"))["replaced"]
    (web,) = server.resources
    assert (web.name, web.server_id, web.label, web.address) == ("web", "2", "shop", "198.51.100.3")
    assert (web.owner, web.owner_name) == ("2", "ada")
    (change,) = server.changes
    assert (change.argument, change.old, change.new) == ("hypervisor_group_id", "1", "2")


def test_a_build_that_moves_names_the_server_that_it_wipes() -> None:
    moved = step("replace", "ServerBuild", old={"server_id": 1}, new={"server_id": 2}, id="1")
    (row,) = rows(report_of(preview(moved)))["wiped"]
    assert (row.resources[0].server_id, row.changes[0].old, row.changes[0].new) == ("2", "1", "2")
    (row,) = rows(report_of(preview(TAKEN, new_build(UNKNOWN, SERVER))))["wiped"]
    assert row.resources[0].server_id == "1"
    (row,) = rows(report_of(preview(NATIVE_TAKEN, new_build(UNKNOWN, SERVER))))["wiped"]
    assert row.resources[0].server_id == "1"


def test_equal_changes_are_one_row_in_the_order_of_their_names() -> None:
    report = report_of("fleet_rebuild")
    (row,) = rows(report)["wiped"]
    assert row.count == report.counts["wiped"] == 12
    assert [one.name for one in row.resources] == [f"web-{number}" for number in range(1, 13)]
    (row,) = rows(report_of("package_change"))["package_changes"]
    assert (row.count, len(row.resources)) == (12, 10)


def test_a_package_change_says_what_the_preview_says_of_it_and_that_is_no_warning_more() -> None:
    digest = recorded("package_change")
    line = "package 1 (Small) -> 3 (Large): memory 1024 -> 8192 MB, cpu_cores 1 -> 4"
    for message in digest["diagnostics"]:
        message["message"] = f"warning: {line}\n{message['message'].removeprefix('warning: ')}"
    report = report_of(digest)
    (row,) = rows(report)["package_changes"]
    assert (row.detail, row.count) == (line, 12)
    (warning,) = report.warnings
    assert warning.count == 12
    assert warning.text.startswith("A package change takes effect in the guest after a restart")


def test_a_line_of_another_package_change_is_only_a_warning() -> None:
    """A name that somebody chose may look like one."""
    digest = recorded("package_change")
    digest["diagnostics"][0]["message"] = "warning: a name:\npackage 1 (Small) -> 30 (Tiny): memory 1024 -> 1 MB\n"
    report = report_of(digest)
    assert [row.detail[:3] for row in rows(report)["package_changes"]] == ["has"]
    assert "a name: package 1 (Small) -> 30 (Tiny)" in report.warnings[0].text


def test_without_that_line_it_says_what_the_server_has() -> None:
    (row,) = rows(report_of("package_change"))["package_changes"]
    assert row.detail == "has memory 1024 MB, cpu_cores 1, storage 10 GB, traffic 200 GB"
    assert [(one.argument, one.old, one.new) for one in row.changes] == [("package_id", "1", "3")]


def test_a_takeover_says_what_the_preview_says_of_it() -> None:
    digest = recorded("takeover")
    urn = digest["steps"][1]["urn"]
    text = "takes over server 1 (made 2026-01-02); nothing is created"
    digest["diagnostics"] = [{"urn": urn, "severity": "info", "message": f"info: {text}\n"}]
    (row,) = rows(report_of(digest))["taken_over"]
    assert (row.detail, row.changes[0].new) == (text, "1")


def test_what_the_panel_no_longer_has_is_created_anew() -> None:
    report = report_of("gone")
    (row,) = rows(report)["created"]
    assert row.what == "created anew: the panel no longer has it"
    assert [one.name for one in row.resources] == ["db"]


def test_the_old_value_of_drift_is_the_panel_s() -> None:
    found = rows(report_of("drift"))["in_place"]
    values = {row.resources[0].name: (row.changes[0].old, row.changes[0].new) for row in found}
    assert values == {"web": ("renamed there", "shop"), "db": ("[secret]", "[secret]")}


MADE = step("create", "Server", new={"package_id": 1})
TAKEN = step("create", "Server", new={"package_id": 1, "import_id": "1"})
NATIVE_TAKEN = step("import", "Server", state={"id": "1"})
CHANGED = step("update", "Server", old={"name": "a"}, new={"name": "b"})


@pytest.mark.parametrize(
    ("steps", "section"),
    [
        ([MADE, new_build(UNKNOWN, SERVER)], "created"),
        ([step("replace", "Server"), new_build(UNKNOWN, SERVER)], "created"),
        ([TAKEN, new_build(UNKNOWN, SERVER)], "wiped"),
        ([NATIVE_TAKEN, new_build(UNKNOWN, SERVER)], "wiped"),
        ([CHANGED, new_build(UNKNOWN, SERVER)], "wiped"),
        ([MADE, new_build(69)], "wiped"),
        ([MADE, new_build(UNKNOWN)], "wiped"),
        ([MADE, new_build(UNKNOWN, SERVER, SERVER.replace("::a", "::b"))], "wiped"),
        ([new_build(69, import_id="69")], "taken_over"),
    ],
)  # fmt: skip
def test_a_new_build_wipes_unless_its_server_is_new_too(steps: list[Any], section: str) -> None:
    report = report_of(preview(*steps))
    assert "ServerBuild" in [row.kind for row in rows(report)[section]]
    assert report.counts["wiped"] == (section == "wiped")


def test_an_update_without_an_argument_belongs_to_its_import() -> None:
    assert briefly(report_of(preview(NATIVE_TAKEN, step("update", "Server")))) == {"taken_over": ["Server 1: a"]}
    renamed = step("update", "Server", old={"name": "a"}, new={"name": "b"})
    assert briefly(report_of(preview(NATIVE_TAKEN, renamed))).keys() == {"taken_over", "in_place"}


EMPTY = {"used": {"servers": 0}}


@pytest.mark.parametrize(
    ("one", "section", "destroys", "replaces"),
    [
        (step("delete", "Server"), "destroyed", True, True),
        (step("delete", "Server", state={"retainOnDelete": True}), "other", False, False),
        (step("delete", "ServerBuild"), "destroyed", True, True),
        (step("delete", "User"), "destroyed", False, True),
        (step("delete", "ServerFirewall"), "destroyed", False, True),
        (step("delete", "HourlyResourcePack"), "other", False, True),
        (step("delete", "ServerAction"), "other", False, True),
        (step("delete", "ResourcePack", outputs=EMPTY), "destroyed", False, True),
        (step("delete", "ResourcePack", outputs={"used": {"servers": 2}}), "destroyed", True, True),
        (step("delete", "ResourcePack", outputs={}), "destroyed", True, True),
        (step("delete", "ResourcePack", old={"delete_servers": True}, outputs=EMPTY), "destroyed", True, True),
        (step("replace", "ResourcePack", outputs={"used": {"servers": 2}}), "replaced", True, True),
        (step("replace", "SshKey"), "replaced", False, True),
        (step("create-replacement", "Server"), "replaced", True, True),
        (step("import-replacement", "Server"), "replaced", True, True),
        (step("create", "ResourcePackAction", new={"action": "delete_servers"}), "destroyed", True, False),
        (step("create", "ResourcePackAction", new={"action": UNKNOWN}), "destroyed", True, False),
        (step("replace", "ResourcePackAction", new={"action": "delete_servers"}), "destroyed", True, True),
        (step("update", "ResourcePackAction", new={"action": "delete_servers"}), "destroyed", True, False),
        (step("update", "ResourcePackAction", new={"action": "suspend_servers"}), "in_place", False, False),
        (step("update", "ServerBuild", new={"email": True}), "in_place", False, False),
        (step("update", "ServerBuild", outputs={"state": "failed"}), "wiped", True, False),
        (step("delete", "aws:s3/bucket:Bucket"), "other", False, True),
        (step("replace", "aws:s3/bucket:Bucket"), "other", False, True),
        (step("update", "aws:s3/bucket:Bucket"), "other", False, False),
        (step("delete", "virtfusion:components:Vps", state={"custom": False}), "other", False, False),
        (step("delete", "pulumi:providers:pulumi-python"), "other", False, False),
        (step("conjure", "Server"), "other", False, False),
    ],
)  # fmt: skip
def test_what_counts_as_destroyed_and_as_replaced(one: Any, section: str, destroys: bool, replaces: bool) -> None:
    report = report_of(preview(one))
    assert [found.name for found in report.sections] == [section]
    assert (report.destroys, report.replaces) == (destroys, replaces)


def test_a_server_that_is_deleted_later_says_when() -> None:
    at_once, later = step("delete", "Server", "a"), step("delete", "Server", "b", outputs={"delete_delay": 60})
    found = [row.what for row in rows(report_of(preview(at_once, later)))["destroyed"]]
    assert found == [
        "deleted, with its disk and its addresses", "deleted, with its disk and its addresses, 60 minutes later"
    ]  # fmt: skip


def test_a_replacement_does_not_hide_what_an_earlier_one_left_to_delete() -> None:
    replaced = [step(op, "Server", id="8") for op in ("create-replacement", "replace", "delete-replaced")]
    left = step("delete-replaced", "Server", id="7")
    found = rows(report_of(preview(*replaced, left)))
    assert [row.resources[0].id for row in found["replaced"]] == ["8"]
    assert [row.resources[0].id for row in found["destroyed"]] == ["7"]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"delete_delay": 5}, "noted for later: nothing is done now"),
        ({"delete_delay": 5, "name": "b"}, "changed"),
        ({}, "changed; the preview names no argument"),
    ],
)
def test_an_update_that_calls_nothing_is_told_from_one_that_does(changed: dict[str, Any], what: str) -> None:
    (row,) = rows(report_of(preview(step("update", "Server", new=changed))))["in_place"]
    assert row.what == what


def test_the_most_noticeable_changes_come_first() -> None:
    renamed = step("update", "Server", "renamed", old={"name": "a"}, new={"name": "b"})
    suspended = step("update", "Server", "suspended", old={}, new={"suspended": True})
    found = rows(report_of(preview(renamed, suspended)))["in_place"]
    assert [row.resources[0].name for row in found] == ["suspended", "renamed"]


def test_warnings_are_told_once_with_their_number() -> None:
    servers = [step("update", "Server", f"web-{number}") for number in range(7)]
    said = {f"web-{number}": "the same" for number in range(7)}
    report = report_of(preview(*servers, warnings={**said, "": "something else"}))
    assert [(one.text, one.count, len(one.resources)) for one in report.warnings] == [
        ("the same", 7, 5), ("something else", 1, 0)
    ]  # fmt: skip
