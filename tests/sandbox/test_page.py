"""What stands behind the panel's page: its files and their headers, what it asks, and who may learn the token."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests

import pulumi_virtfusion.sandbox.wire.page as page_package
from pulumi_virtfusion.config import Settings, config_key
from pulumi_virtfusion.sandbox import RunningPanel
from pulumi_virtfusion.sandbox.faults import Fault
from pulumi_virtfusion.sandbox.introduction import Introduction
from pulumi_virtfusion.sandbox.prepared_drift import DRIFTS
from pulumi_virtfusion.sandbox.prepared_faults import prepared_faults
from pulumi_virtfusion.sandbox.recorder import Recorder

from .conftest import Api

FILES = Path(page_package.__file__).parent


def get(panel: RunningPanel, path: str, **headers: str) -> requests.Response:
    return requests.get(panel.origin + path, headers=headers, timeout=10)


def test_the_page_is_the_same_whatever_the_panel_holds(api: Api, panel: RunningPanel) -> None:
    before = get(panel, "/").text
    id_ = api.new_server()
    api.done("PUT", f"/servers/{id_}/modify/name", {"name": "<script>alert(1)</script>"})
    assert get(panel, "/").text == before
    assert panel.token not in before


def test_the_page_s_files_are_all_that_is_served(panel: RunningPanel) -> None:
    names = {file.name for file in FILES.iterdir() if file.suffix in (".html", ".css", ".js", ".svg")}
    page = get(panel, "/").text
    assert {"page.css", "main.js", "icon.svg"} <= set(re.findall(r"/_sandbox/page/([\w.]+)", page)) <= names
    for name in names:
        assert get(panel, f"/_sandbox/page/{name}").content == (FILES / name).read_bytes()
    for path in ("__init__.py", "", "none.js", "../page.py", "%2e%2e/sandbox.py", "../../../../etc/passwd"):
        assert get(panel, f"/_sandbox/page/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/_sandbox/page/main.js", "/_sandbox/page/page.css"])
def test_nothing_but_the_page_s_own_files_may_run(panel: RunningPanel, path: str) -> None:
    headers = get(panel, path).headers
    rules = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    assert (rules["default-src"], rules["script-src"], rules["style-src"]) == ("'none'", "'self'", "'self'")
    assert (rules["frame-ancestors"], rules["form-action"], rules["base-uri"]) == ("'none'",) * 3
    assert "unsafe" not in str(rules)
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")


def test_the_files_need_neither_inline_code_nor_another_site() -> None:
    page = (FILES / "page.html").read_text()
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page)
    for file in FILES.iterdir():
        if file.suffix in (".html", ".css", ".js"):
            text = file.read_text()
            assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text)
            assert not re.search(r"https?://|url\(", text), file.name


@pytest.mark.parametrize("path", ["state", "overview", "requests", "connection", "faults"])
def test_no_page_of_another_origin_can_take_an_answer_for_something_else(panel: RunningPanel, path: str) -> None:
    headers = get(panel, f"/_sandbox/{path}").headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "panel.evil.example"}]
)
def test_the_token_is_told_to_no_other_site(panel: RunningPanel, headers: dict[str, str]) -> None:
    answer = get(panel, "/_sandbox/connection", **headers)
    assert (answer.status_code, panel.token in answer.text) == (403, False)


def test_the_lines_to_paste_set_settings_that_there_are() -> None:
    lines = Introduction("http://127.0.0.1:1", "secret", ca_file=Path("/a b/ca.pem")).commands()
    assert lines == [
        "pulumi config set virtfusion:endpoint http://127.0.0.1:1",
        "pulumi config set --secret virtfusion:token secret",
        "pulumi config set virtfusion:caBundle '/a b/ca.pem'",
    ]
    settings = {config_key(name) for name in Settings.__dataclass_fields__}
    assert {found for line in lines for found in re.findall(r"virtfusion:\w+", line)} <= settings


@pytest.mark.parametrize(
    ("token", "written"),
    [("-begins-so", "-- -begins-so"), ("a$b", "'a$b'"), ("--help", "-- --help"), ("a'b", "'a'\"'\"'b'")],
)
def test_a_token_is_pasted_as_it_is(token: str, written: str) -> None:
    assert Introduction("http://127.0.0.1:1", token).commands()[1].endswith(f"virtfusion:token {written}")


def test_a_page_that_others_can_open_does_not_have_the_token() -> None:
    told = Introduction("http://0.0.0.0:1", "hunter2").without_token()
    assert "hunter2" not in str(told.as_json())
    assert told.commands()[1] == "pulumi config set --secret virtfusion:token TOKEN"
    assert told.as_json()["token_is_shown"] is False
    assert "hunter2" not in repr(Introduction("", "hunter2"))


def test_an_overview_says_in_names_what_the_api_says_in_numbers(api: Api, panel: RunningPanel) -> None:
    user = api.new_user("ada")
    id_ = api.new_server(packageId=2, userId=user["id"], ipv4=2)
    api.data("POST", f"/servers/{id_}/build", {"operatingSystemId": 1})
    panel.advance(4)
    shown = get(panel, "/_sandbox/overview").json()
    (row,) = shown["servers"]
    assert (row["package"], row["owner"]) == ({"id": 2, "name": "Medium"}, {"id": user["id"], "name": "ada"})
    assert (row["group"]["name"], row["system"], len(row["addresses"])) == ("Default", "Debian 12 (Bookworm)", 2)
    assert (row["state"], row["work"]) == ("building", {"action": "build_server", "share": 0.4, "seconds": 6.0})
    assert (shown["counts"]["servers"], shown["counts"]["addresses"], shown["ahead"]) == (1, 2, 4)
    panel.mutate("packages", 2, delete=True)
    panel.advance(10)
    (row,) = get(panel, "/_sandbox/overview").json()["servers"]
    assert (row["package"], row["work"]) == ({"id": 2, "name": None}, None)


@pytest.mark.parametrize(
    "path", ["packageId", "hidden.deleteAt", "settings.osTemplateInstallId", "name", "state", "running"]
)
@pytest.mark.parametrize("value", [None, "text", 7.5, {}, [1], True, 10**18, -1, 1e300])
def test_an_overview_stands_whatever_drift_put_in_a_server(
    api: Api, panel: RunningPanel, path: str, value: object
) -> None:
    id_ = api.new_server()
    if requests.post(
        f"{panel.origin}/_sandbox/mutate", json={"kind": "servers", "id": id_, "set": {path: value}}, timeout=10
    ).ok:
        assert get(panel, "/_sandbox/overview").json()["servers"][0]["id"] == id_


def test_an_overview_has_a_bound(panel: RunningPanel) -> None:
    panel.seed("large")
    api = Api(panel)
    first = api.new_server()
    for _ in range(204):
        api.new_server()
    api.close()
    shown = panel.overview()
    assert (shown["counts"]["servers"], len(shown["servers"])) == (205, 200)
    assert first not in [row["id"] for row in shown["servers"]]


def test_work_that_is_yet_to_begin_is_none_under_way(api: Api, panel: RunningPanel) -> None:
    id_ = api.built_server()
    api.ask("DELETE", f"/servers/{id_}?delay=5")
    (row,) = panel.overview()["servers"]
    assert row["work"] is None
    assert row["delete_at"].startswith("2026-01-25T12:05:1")


@pytest.mark.parametrize("name", DRIFTS)
def test_a_prepared_drift_is_a_mutation_that_can_be_made_again(api: Api, panel: RunningPanel, name: str) -> None:
    id_ = api.built_server()
    other = api.new_server()
    panel.snapshot()
    before = panel.state()
    body = {"name": name, "id": id_}
    answer = requests.post(f"{panel.origin}/_sandbox/drift", json=body, timeout=10)
    assert answer.status_code == 200
    made = answer.json()
    after = panel.state()
    if name != "give-away":  # which needs somebody to give to
        panel.restore()
        requests.post(f"{panel.origin}/_sandbox/mutate", json=made, timeout=10).raise_for_status()
        again = panel.state()
        assert [row | {"updated": ""} for row in again["servers"]] == [
            row | {"updated": ""} for row in after["servers"]
        ]
    assert [row for row in before["servers"] if row["id"] == id_] != [
        row for row in after["servers"] if row["id"] == id_
    ]
    assert [row for row in before["servers"] if row["id"] == other] == [
        row for row in after["servers"] if row["id"] == other
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [({"name": "explode", "id": 1}, 422), ({"name": "rename", "id": 99}, 404), ({"name": "rename"}, 422)],
)
def test_drift_that_is_not_prepared_is_refused(
    api: Api, panel: RunningPanel, body: dict[str, object], status: int
) -> None:
    api.new_server()
    assert requests.post(f"{panel.origin}/_sandbox/drift", json=body, timeout=10).status_code == status


def test_a_suspension_is_lifted_by_the_next(api: Api, panel: RunningPanel) -> None:
    id_ = api.built_server()
    for expected in (True, False):
        panel.drift("suspend", id_)
        (row,) = panel.overview()["servers"]
        assert (row["suspended"], row["running"]) == (expected, not expected)


def test_every_prepared_fault_is_one_and_bears_its_title(panel: RunningPanel) -> None:
    listed = get(panel, "/_sandbox/faults/prepared").json()
    assert [Fault.model_validate(one["fault"]).name for one in listed] == [one["title"] for one in prepared_faults()]
    assert len({one["title"] for one in listed}) == len(listed)


def test_a_log_entry_says_when_and_who(api: Api, panel: RunningPanel) -> None:
    api.ask(
        "GET", "/connect", headers={"User-Agent": "pulumi-virtfusion/0 (pulumi up; provider; run 1234abcd)" + "x" * 500}
    )
    requests.get(f"{panel.url}/connect", headers={"User-Agent": "nobody"}, timeout=10)
    known, unknown = panel.requests()
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", known["time"])
    assert known["agent"].startswith("pulumi-virtfusion/0 (pulumi up; provider; run 1234abcd)")
    assert len(known["agent"]) == 200
    assert unknown["agent"] == ""


def test_the_log_is_had_from_an_id_on_and_its_latest_first(api: Api, panel: RunningPanel) -> None:
    for _ in range(5):
        api.ask("GET", "/connect")
    ids = [entry["id"] for entry in panel.requests()]
    rows = get(panel, f"/_sandbox/requests?since={ids[0]}&limit=2").json()
    assert [row["id"] for row in rows] == ids[-2:]
    assert panel.sandbox.recorder.ids() == {"first": ids[0], "last": ids[-1]}
    panel.clear_requests()
    assert panel.sandbox.recorder.ids() == {"first": ids[-1] + 1, "last": ids[-1]}
    assert Recorder().ids() == {"first": 1, "last": 0}
