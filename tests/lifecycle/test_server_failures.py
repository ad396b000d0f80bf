"""What remains of a creation that failed half-way, or whose answer was lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import PAGE, Panel, only
from tests.provider_host import HostError


@pytest.fixture
def arguments(owner: LivingResource) -> dict[str, Any]:
    """The least that a server needs."""
    return {"package_id": 1, "user_id": int(owner["user_id"]), "hypervisor_group_id": 1}


class TestPartlyMade:
    @pytest.fixture
    def halved(self, life: Life, panel: Panel, arguments: dict[str, Any]) -> LivingResource:
        """A server whose name and VNC were refused, while its backup plan was set."""
        panel.refuses("PUT", "/modify/name", "name taken")
        panel.refuses("POST", "/vnc", "no console")
        server = life("Server", **arguments, name="web1", vnc=True, backup_plan_id=1)
        with pytest.raises(HostError) as error:
            server.create()
        assert error.value.partly_made is server.partly_made
        return server

    def test_it_stays_in_the_state_with_its_reasons(self, halved: LivingResource, panel: Panel) -> None:
        assert halved.partly_made is not None
        name, vnc = halved.partly_made.reasons
        assert name.startswith("name: ")
        assert "answered 422: name taken" in name
        assert vnc.startswith("vnc: ")
        assert halved.id == str(only("servers", panel)["id"])
        assert (halved["name"], halved["backup_plan_id"], "vnc" in halved.outputs) == ("", 1, False)

    def test_the_next_update_does_what_is_missing(self, halved: LivingResource, panel: Panel) -> None:
        panel.forget()
        halved.change()
        assert panel.writes() == [f"PUT /servers/{halved.id}/modify/name", f"POST /servers/{halved.id}/vnc"]
        assert halved.partly_made is None
        assert (halved["name"], halved["vnc"]) == ("web1", True)
        assert halved.change().changed == []

    def test_a_refresh_in_between_forgets_nothing(self, halved: LivingResource, panel: Panel) -> None:
        assert halved.refresh() == ["name", "vnc"]
        panel.forget()
        assert halved.change().changed == ["name", "vnc"]
        assert panel.writes() == [f"PUT /servers/{halved.id}/modify/name", f"POST /servers/{halved.id}/vnc"]

    def test_it_can_be_deleted(self, halved: LivingResource, panel: Panel) -> None:
        halved.delete()
        assert panel.all("servers") == []


def test_a_panel_that_cannot_be_reached_ends_the_steps(life: Life, panel: Panel, arguments: dict[str, Any]) -> None:
    panel.fault("PUT", "/modify/name", close=True, times=None)
    server = life("Server", **arguments, name="web1", vnc=True, backup_plan_id=1)
    with pytest.raises(HostError, match=r"^name: "):
        server.create(timeout=2)
    assert server.id != ""
    assert set(panel.writes()) == {"POST /servers", f"PUT /servers/{server.id}/modify/name"}
    panel.clear_faults()
    panel.forget()
    server.change()
    assert panel.writes() == [
        f"PUT /servers/{server.id}/modify/name",
        f"PUT /servers/{server.id}/backups/plan/1",
        f"POST /servers/{server.id}/vnc",
    ]


def test_an_update_keeps_what_it_did_although_the_read_after_it_fails(server: LivingResource, panel: Panel) -> None:
    panel.fault("GET", "^/servers/")
    panel.fault("GET", "^/servers/", status=403, body={"message": "no"})
    with pytest.raises(HostError, match="answered 403"):
        server.change(memory=2048)
    assert server["memory"] == 2048
    panel.forget()
    server.change()
    assert panel.writes() == []


class TestLostAnswer:
    @pytest.mark.parametrize(
        ("before", "doubt"),
        [
            ("its owner's list was read", ""),
            ("the list was refused", ", but nothing tells whether it was there before"),
        ],
    )
    def test_the_server_is_named_with_the_line_that_takes_it_over(
        self, another_run: Life, panel: Panel, arguments: dict[str, Any], before: str, doubt: str
    ) -> None:
        """However likely it is: somebody else may have made it at the same time."""
        if before == "the list was refused":
            panel.refuses("GET", "^/servers/user/", "no", status=403)
        panel.loses_the_answer("POST", "^/servers$")
        lost = another_run("Server", **arguments)
        with pytest.raises(HostError, match="lost its answer") as error:
            lost.create()
        made = only("servers", panel)
        line = f'opts=pulumi.ResourceOptions(import_="{made["id"]}")'
        assert f") may be it{doubt}: to take it over, add {line}" in error.value.message
        assert (lost.id, error.value.partly_made) == ("", None)
        taken = another_run("Server", import_=made["id"], **arguments).create()
        assert (taken.id, panel.writes()) == (str(made["id"]), ["POST /servers"])

    def test_of_two_that_are_new_a_person_chooses(
        self, life: Life, panel: Panel, client: VirtFusion, arguments: dict[str, Any]
    ) -> None:
        life("Server", "first", **arguments, memory=2048).create()  # its owner's list is read
        client.servers.create(package_id=1, user_id=int(arguments["user_id"]), hypervisor_group_id=1)
        panel.loses_the_answer("POST", "^/servers$")
        with pytest.raises(HostError) as error:
            life("Server", **arguments).create()
        assert error.value.message.count("import_=") == 2

    def test_one_that_was_there_before_is_not_taken_over(
        self, another_run: Life, panel: Panel, client: VirtFusion, arguments: dict[str, Any]
    ) -> None:
        """Billing made it a moment ago."""
        client.servers.create(package_id=1, user_id=int(arguments["user_id"]), hypervisor_group_id=1)
        panel.never_gets("POST", "^/servers$")
        with pytest.raises(HostError, match="has no server that could be it"):
            another_run("Server", **arguments).create()

    def test_an_error_page_counts_as_a_lost_answer(self, life: Life, panel: Panel, arguments: dict[str, Any]) -> None:
        panel.fault("POST", "^/servers$", when="after", status=500, body=PAGE)
        with pytest.raises(HostError, match=r'answered 500.*import_="\d+"'):
            life("Server", **arguments).create()
        assert panel.writes() == ["POST /servers"]

    def test_half_an_answer_is_a_lost_one(self, life: Life, panel: Panel, arguments: dict[str, Any]) -> None:
        panel.fault("POST", "^/servers$", when="after", truncate=True)
        with pytest.raises(HostError, match=r'import_="\d+"'):
            life("Server", **arguments).create()
        assert panel.writes() == ["POST /servers"]

    def test_where_nothing_was_made_a_rerun_is_safe(self, life: Life, panel: Panel, arguments: dict[str, Any]) -> None:
        panel.never_gets("POST", "^/servers$")
        server = life("Server", **arguments)
        with pytest.raises(
            HostError,
            match=r"no server that could be it: nothing .* now\. It may still be at it: look .*`virtfusion orphans`",
        ):
            server.create()
        server.create()
        assert len(panel.all("servers")) == 1

    def test_servers_that_are_accounted_for_are_no_candidates(
        self, life: Life, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        known = life("Server", "known", **arguments).create()
        panel.loses_the_answer("POST", "^/servers$")
        with pytest.raises(HostError) as error:
            life("Server", **arguments).create()
        assert f'import_="{known.id}"' not in error.value.message
        assert error.value.message.count("import_=") == 1

    @pytest.mark.parametrize(
        "different",
        [
            {"settings.resources.memory": 4096},
            {"hypervisorId": 3},
            {"ownerId": 1},
        ],
    )
    def test_a_server_that_is_different_is_no_candidate(
        self, life: Life, panel: Panel, arguments: dict[str, Any], different: dict[str, Any]
    ) -> None:
        panel.fault("POST", "^/servers$", when="after", close=True, delay=0.3)
        with ThreadPoolExecutor() as elsewhere:
            creating = elsewhere.submit(life("Server", **arguments, memory=1024).create)
            while not panel.all("servers"):
                pass
            panel.mutate("servers", panel.all("servers")[0]["id"], **different)
            with pytest.raises(HostError, match="has no server that could be it"):
                creating.result()

    @pytest.mark.parametrize(
        ("different", "doubt"),
        [
            ({"state": "complete"}, "it is in use"),
            ({"created": "2020-01-01T00:00:00+00:00"}, "was made 2020-01-01T00:00:00Z, before the run began"),
        ],
    )
    def test_one_that_is_new_and_yet_strange_is_a_candidate(
        self, life: Life, panel: Panel, arguments: dict[str, Any], different: dict[str, Any], doubt: str
    ) -> None:
        panel.fault("POST", "^/servers$", when="after", close=True, delay=0.3)
        with ThreadPoolExecutor() as elsewhere:
            creating = elsewhere.submit(life("Server", **arguments, memory=1024).create)
            while not panel.all("servers"):
                pass
            panel.mutate("servers", panel.all("servers")[0]["id"], **different)
            with pytest.raises(HostError, match=f"may be it, but .*{doubt}.*import_="):
                creating.result()

    def test_of_two_equal_creations_only_the_lost_one_is_a_candidate(
        self, life: Life, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        panel.fault("POST", "^/servers$", when="after", close=True, delay=0.5)
        one, two = life("Server", "one", **arguments), life("Server", "two", **arguments)
        with ThreadPoolExecutor() as program:
            outcomes = [program.submit(server.create) for server in (one, two)]
            errors = [outcome.exception() for outcome in outcomes]
        (error,) = [str(error) for error in errors if error is not None]
        (made,) = [server.id for server in (one, two) if server.id]
        (lost,) = [str(server["id"]) for server in panel.all("servers") if str(server["id"]) != made]
        assert (f'import_="{lost}"' in error, f'import_="{made}"' in error) == (True, False)

    def test_a_lost_one_is_not_what_an_equal_creation_is_just_making(
        self, life: Life, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        panel.never_gets("POST", "^/servers$")
        panel.fault("POST", "^/servers$", when="after", delay=1)  # made, and not answered yet
        with ThreadPoolExecutor() as program:
            outcomes = [program.submit(life("Server", name, **arguments).create) for name in ("one", "two")]
            errors = [str(error) for error in (outcome.exception() for outcome in outcomes) if error is not None]
        assert len(errors) == len(panel.all("servers")) == 1
        assert "has no server that could be it" in errors[0]

    def test_a_search_that_fails_says_where_to_look(self, life: Life, panel: Panel, arguments: dict[str, Any]) -> None:
        panel.loses_the_answer("POST", "^/servers$")
        panel.refuses("GET", "^/servers/user/", "no", status=403)
        with pytest.raises(HostError, match=f"Looking for the server failed too .*user {arguments['user_id']} in the"):
            life("Server", **arguments).create()


@pytest.mark.parametrize(
    ("package_id", "status", "said"),
    [(6, None, "422: Invalid or disabled package"), (1, 403, "answered 403"), (1, 401, "answered 401")],
)
def test_a_refused_creation_leaves_nothing(
    life: Life, panel: Panel, arguments: dict[str, Any], package_id: int, status: int | None, said: str
) -> None:
    if status:
        panel.fault("POST", "^/servers$", status=status)
    server = life("Server", **{**arguments, "package_id": package_id})
    with pytest.raises(HostError, match=said) as error:
        server.create()
    assert (error.value.partly_made, server.id) == (None, "")
    assert panel.writes() == ["POST /servers"]
    assert panel.all("servers") == []
