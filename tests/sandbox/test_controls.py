"""What the controls do: log, drift, faults, tokens, seeds; and who may not reach them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import requests

from pulumi_virtfusion.sandbox import RunningPanel, running

from .conftest import Api


@pytest.fixture
def control() -> Iterator[requests.Session]:
    """A session without a token, as the controls need none."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


def test_requests_are_logged_in_order_with_what_they_asked(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server()
    api.ask("PUT", f"/servers/{id_}/modify/name", {"name": "web"})
    api.ask("GET", f"/servers/{id_}?remoteState=true")
    api.ask("GET", "/servers/99")
    log = panel.requests()
    assert [(entry["method"], entry["path"], entry["status"]) for entry in log] == [
        ("POST", "/servers", 201),
        ("PUT", "/servers/1/modify/name", 201),
        ("GET", "/servers/1", 200),
        ("GET", "/servers/99", 404),
    ]
    assert log[1]["body"] == {"name": "web"}
    assert (log[2]["body"], log[2]["query"]) == (None, {"remoteState": "true"})
    assert panel.requests(since=log[2]["id"]) == log[3:]
    panel.clear_requests()
    assert panel.requests() == []


def test_no_secret_reaches_the_log(api: Api, panel: RunningPanel) -> None:
    body = {"name": "n", "email": "n@example.com", "password": "hunter2", "nested": [{"apiToken": "hunter2"}]}
    made = api.data("POST", "/users?access_token=hunter2", body)
    api.data("POST", "/selfService/credit/byUserExtRelationId/1", {"tokens": 100})
    text = str(panel.requests())
    assert "hunter2" not in text
    assert panel.token not in text
    assert made["password"] not in text
    assert panel.requests()[-1]["body"] == {"tokens": 100}


def test_drift_shows_wherever_the_panel_shows_the_fact(api: Api, panel: RunningPanel) -> None:
    id_ = api.new_server()
    panel.mutate("servers", id_, {"settings.resources.memory": 4096, "cpu.cores": 3, "name": "x", "backupPlan.id": 2})
    server = api.server(id_)
    assert (server["settings"]["resources"]["memory"], server["cpu"]["cores"], server["name"]) == (4096, 3, "x")
    assert (server["backupPlan"]["name"], server["settings"]["backupPlan"]) == ("Weekly", 2)
    panel.mutate("servers", id_, {"network.interfaces[0].ipv4": ["198.51.100.9", "198.51.100.8"]})
    rows = api.server(id_)["network"]["interfaces"][0]["ipv4"]
    assert [row["address"] for row in rows] == ["198.51.100.9", "198.51.100.8"]
    panel.mutate("servers", id_, delete=True)
    assert api.ask("GET", f"/servers/{id_}").status_code == 404
    assert panel.state()["addresses"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "dragons", "id": 1, "set": {"name": "x"}}, 422),
        ({"kind": "users", "id": 1, "set": {"nome": "x"}}, 422),
        ({"kind": "users", "id": 99, "set": {"name": "x"}}, 404),
        ({"kind": "users"}, 422),
        ({"kind": "users", "id": 1, "sets": {}}, 422),
    ],
)
def test_drift_that_makes_no_sense_is_refused(
    panel: RunningPanel, control: requests.Session, body: dict[str, object], status: int
) -> None:
    assert control.post(f"{panel.origin}/_sandbox/mutate", json=body).status_code == status


def test_state_shows_what_no_answer_does(api: Api, panel: RunningPanel) -> None:
    user = api.new_user()
    api.new_server(packageId=2, userId=user["id"], firewallRulesets=[1], hypervisorAssetGroups=[3])
    api.data("POST", "/selfService/resourcePack/byUserExtRelationId/someone?relStr=true", {"packId": 1})
    state = panel.state()
    hidden = state["servers"][0]["hidden"]
    assert (hidden["packageId"], hidden["firewallRulesets"]["primary"], hidden["hypervisorAssetGroups"]) == (
        2,
        [1],
        [3],
    )
    assert state["users"][1]["hidden"]["relStr"] == "someone"
    assert state["resource_packs"][0]["hidden"] == {"userId": user["id"], "enabled": True}
    assert state["addresses"] == [{"address": "198.51.100.2", "serverId": 1, "interface": "primary", "position": 1}]


def test_a_reset_brings_back_the_seed(api: Api, panel: RunningPanel, control: requests.Session) -> None:
    before = panel.state()
    api.new_server()
    panel.fault(path="/connect", status=500)
    panel.add_token("other")
    assert control.post(f"{panel.origin}/_sandbox/reset").status_code == 204
    assert panel.state() == before
    assert panel.requests() == []
    assert api.ask("GET", "/connect").status_code == 200
    assert Api(panel, "other").ask("GET", "/connect").status_code == 401
    assert api.new_server() == 1


def test_seed_profiles_differ_in_what_they_hold(api: Api, panel: RunningPanel, control: requests.Session) -> None:
    assert control.post(f"{panel.origin}/_sandbox/seed", json={"profile": "empty"}).status_code == 204
    assert api.data("GET", "/packages") == []
    panel.seed("large")
    free = api.done("GET", "/compute/hypervisors/groups/1/resources")["data"][0]["resources"]["network"]
    assert free["total"]["ipv4"]["free"] > 10_000
    assert control.post(f"{panel.origin}/_sandbox/seed", json={"profile": "none"}).status_code == 422


def test_a_fault_before_leaves_the_request_undone_and_one_after_does_not(api: Api, panel: RunningPanel) -> None:
    body = {"packageId": 1, "userId": 1, "hypervisorId": 1}
    panel.fault(method="POST", path="^/servers$", status=503, headers={"Retry-After": "7"}, body={"message": "no"})
    answer = api.ask("POST", "/servers", body)
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()) == (503, "7", {"message": "no"})
    assert panel.state()["servers"] == []
    page = panel.fault(method="POST", path="^/servers$", when="after", status=500, body="<html>sorry</html>")
    answer = api.ask("POST", "/servers", body)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (500, "text/html")
    assert [len(panel.state()["servers"]), page.hits] == [1, 1]
    assert api.ask("POST", "/servers", body).status_code == 201


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
def test_a_dropped_connection_is_dropped_before_or_after_the_deed(
    api: Api, panel: RunningPanel, when: str, made: int
) -> None:
    panel.fault(method="POST", path="^/ssh_keys$", when=when, close=True)
    with pytest.raises(requests.ConnectionError):
        api.new_key()
    assert len(panel.state()["ssh_keys"]) == made
    assert panel.requests()[-1]["status"] is None
    assert api.new_key()


def test_a_truncated_answer_is_shorter_than_it_says(api: Api, panel: RunningPanel) -> None:
    panel.fault(path="^/packages$", truncate=True)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api.ask("GET", "/packages")
    assert len(api.data("GET", "/packages")) == 6


def test_a_slow_answer_outlasts_the_client_s_patience(panel: RunningPanel) -> None:
    panel.fault(path="^/users$", method="POST", when="after", delay=0.6)
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{panel.url}/users",
            json={"name": "n", "email": "n@example.com"},
            headers={"Authorization": f"Bearer {panel.token}"},
            timeout=0.3,
        )
    assert len(panel.state()["users"]) == 2
    while panel.metrics()["in_flight"]:
        time.sleep(0.02)


def test_a_fault_by_chance_is_the_same_chance_for_the_same_seed(api: Api, panel: RunningPanel) -> None:
    def run(seed: int) -> list[int]:
        panel.clear_faults()
        panel.fault(path="^/connect$", times=None, probability=0.3, seed=seed, status=502)
        return [api.ask("GET", "/connect").status_code for _ in range(40)]

    first, again, other = run(1), run(1), run(2)
    assert first == again != other
    assert {200, 502} == set(first)


def test_faults_are_listed_with_their_hits_and_cleared(
    api: Api, panel: RunningPanel, control: requests.Session
) -> None:
    faults = f"{panel.origin}/_sandbox/faults"
    assert control.post(faults, json={"path": "^/connect$", "times": 2, "status": 429}).status_code in (200, 204)
    assert control.post(faults, json={"path": "(", "status": 429}).status_code == 422
    assert api.ask("GET", "/connect").status_code == 429
    (listed,) = control.get(faults).json()
    assert (listed["hits"], listed["times"]) == (1, 2)
    assert control.delete(faults).status_code == 204
    assert api.ask("GET", "/connect").status_code == 200


def test_tokens_have_a_scope_and_a_rate(panel: RunningPanel) -> None:
    panel.add_token("narrow", scope=["/servers"])
    panel.add_token("slow", rate=2)
    panel.add_token("silent", rate=1, retry_after=False)
    narrow, slow, silent = (Api(panel, token) for token in ("narrow", "slow", "silent"))
    statuses = [narrow.ask("GET", path).status_code for path in ("/connect", "/servers", "/packages")]
    assert statuses == [200, 200, 403]
    answers = [slow.ask("GET", "/connect") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "60"
    panel.advance(60)
    assert slow.ask("GET", "/connect").status_code == 200
    silent.ask("GET", "/connect")
    limited = silent.ask("GET", "/connect")
    assert limited.status_code == 429
    assert "Retry-After" not in limited.headers


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic c2FuZGJveA=="}])
def test_every_wrong_token_gets_the_same_text(panel: RunningPanel, headers: dict[str, str]) -> None:
    answer = requests.get(f"{panel.url}/servers", headers=headers, timeout=10)
    assert (answer.status_code, answer.text) == (401, "401 Unauthorized")
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_who_does_not_ask_for_json_gets_laravel_s_pages(api: Api, panel: RunningPanel) -> None:
    asked = api.ask("GET", "/nowhere")
    assert asked.json() == {"message": "The route api/v1/nowhere could not be found."}
    page = requests.get(f"{panel.url}/nowhere", headers={"Authorization": f"Bearer {panel.token}"}, timeout=10)
    assert (page.status_code, page.headers["Content-Type"].split(";")[0]) == (404, "text/html")
    wrong = api.ask("PATCH", "/servers/1/modify/name", {"name": "x"})
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "PUT")


def test_names_that_are_not_loopback_are_refused(panel: RunningPanel) -> None:
    for path in ("/", "/_sandbox/state", "/api/v1/connect"):
        headers = {"Host": "panel.example.com", "Authorization": f"Bearer {panel.token}"}
        assert requests.get(panel.origin + path, headers=headers, timeout=10).status_code == 403
    port = panel.origin.rpartition(":")[2]
    assert requests.get(panel.origin, headers={"Host": f"localhost:{port}"}, timeout=10).status_code == 200


def test_metrics_count_requests_and_how_many_were_under_way_at_once(api: Api, panel: RunningPanel) -> None:
    for _ in range(3):
        api.ask("GET", "/connect")
    metrics = panel.metrics()
    assert (metrics["requests"], metrics["in_flight"], metrics["in_flight_peak"]) == (3, 0, 1)
    assert metrics["by_status"] == {"200": 3}


def test_two_panels_share_nothing(api: Api, panel: RunningPanel) -> None:
    with running(token="another") as second:
        other = Api(second)
        other.new_user("ada")
        assert [row["name"] for row in panel.state()["users"]] == ["Administrator"]
        assert api.ask("GET", "/users/ada/byExtRelation?relStr=true").status_code == 404
        other.close()
        assert (
            requests.get(
                f"{second.url}/connect", headers={"Authorization": f"Bearer {panel.token}"}, timeout=10
            ).status_code
            == 401
        )
