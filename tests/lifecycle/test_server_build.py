"""A build's life: what it sends, when it is done, and what becomes of one that is not."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

DEBIAN, UBUNTU, BROKEN = 1, 2, 9
SECRET = frozenset({"password"})


@pytest.fixture
def wanted(life: Life, server: LivingResource) -> LivingResource:
    """Debian on `server`, not begun."""
    return life("ServerBuild", "build", server_id=int(server.id), operating_system_id=DEBIAN)


@pytest.fixture
def build(wanted: LivingResource, panel: Panel) -> LivingResource:
    """Debian on `server`, done."""
    wanted.create()
    panel.forget()
    return wanted


def order(build: LivingResource) -> str:
    return f"POST /servers/{int(build.arguments['server_id'])}/build"


class TestOrder:
    def test_it_is_one_request_after_a_read_and_waits_on_the_server(self, wanted: LivingResource, panel: Panel) -> None:
        panel.build_takes(1)
        wanted.create()
        read, post, *waiting = panel.requests()
        assert post == order(wanted)
        assert panel.body(post) == {"operatingSystemId": DEBIAN}
        assert {read, *waiting} == {f"GET /servers/{wanted.id}?remoteState=false"}
        assert (wanted["state"], wanted["built"] != "") == ("complete", True)
        said = [log.message for log in wanted.hosted.logs if log.ephemeral]
        assert any(f"waiting for the build of server {wanted.id}: building" in message for message in said)

    def test_it_holds_everything_that_is_declared(
        self, life: Life, owner: LivingResource, wanted: LivingResource, panel: Panel
    ) -> None:
        blob = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00 " + b"-" * 32
        text = f"ssh-ed25519 {base64.b64encode(blob).decode()}"
        key = life("SshKey", user_id=owner["user_id"], name="laptop", public_key=text).create()
        wanted.arguments |= {
            "name": "web1",
            "hostname": "web1.example.com",
            "ssh_keys": [key.id],
            "vnc": True,
            "ipv6": True,
            "swap": 1.5,
            "email": True,
        }
        panel.forget()
        wanted.create()
        assert panel.body(order(wanted)) == {
            "operatingSystemId": DEBIAN,
            "name": "web1",
            "hostname": "web1.example.com",
            "sshKeys": [int(key.id)],
            "vnc": True,
            "ipv6": True,
            "swap": 1.5,
            "email": True,
        }
        assert wanted.refresh() == []
        assert wanted.change().changed == []
        assert (wanted["ssh_keys"], wanted["hostname"], wanted["swap"]) == ([int(key.id)], "web1.example.com", 1.5)

    def test_it_can_be_left_alone(self, wanted: LivingResource, panel: Panel) -> None:
        panel.build_takes(600)
        wanted.arguments["wait"] = False
        wanted.create()
        assert len(panel.requests()) == 2
        assert (wanted["state"], wanted["password"] != "") == ("queued", True)

    @pytest.mark.parametrize(
        ("argument", "value", "problem"),
        [
            ("hostname", "web_1", "hostname: must be a host name such as web1.example.com"),
            ("swap", 7, "swap: must be 256, 512 or 768"),
            ("ssh_keys", [1, 1], "ssh_keys: must not name anything twice"),
        ],
    )
    def test_what_the_panel_would_refuse_is_refused_before(
        self, wanted: LivingResource, panel: Panel, argument: str, value: Any, problem: str
    ) -> None:
        with pytest.raises(Refused, match=problem):
            wanted.check(**{argument: value})
        assert panel.requests() == []

    def test_a_refused_order_leaves_nothing(self, wanted: LivingResource) -> None:
        wanted.arguments["operating_system_id"] = 99
        with pytest.raises(HostError, match="answered 422: Invalid operating system template"):
            wanted.create()
        assert (wanted.id, wanted.partly_made) == ("", None)

    def test_a_server_that_is_busy_is_asked_again(self, wanted: LivingResource, panel: Panel) -> None:
        panel.refuses("POST", "/build$", "busy", status=423)
        wanted.create()
        assert panel.writes() == [order(wanted)] * 2


class TestPassword:
    def test_it_is_a_secret_and_outlives_refreshes(self, build: LivingResource) -> None:
        password = build["password"]
        assert password
        assert build.secrets == SECRET
        build.refresh()
        assert (build["password"], build.secrets) == (password, SECRET)
        build.change(email=True)
        assert (build["password"], build.secrets) == (password, SECRET)


class TestWaitRule:
    """Done is `complete`, commissioned, without a task, and built anew; `failed` ends it too."""

    def test_an_earlier_build_does_not_count(self, build: LivingResource, panel: Panel) -> None:
        """A panel may answer before it has begun: the server then still shows the end of the last build."""
        panel.advance(60)
        before = panel.object("servers", build.id)
        shown = {name: before[name] for name in ("id", "ownerId", "state", "commissionStatus", "built", "settings")}
        panel.fault("POST", "/build$", when="after", status=200, body={"data": shown})
        panel.fault("GET", "^/servers/", status=200, body={"data": shown}, times=3)
        again = build.hosted.create(build.inputs)
        assert again.outputs["built"] > build["built"]
        assert len(panel.requests()) > 4

    def test_two_builds_may_end_in_the_same_second(self, build: LivingResource) -> None:
        for _ in range(3):
            assert build.hosted.create(build.inputs).outputs["state"] == "complete"

    @pytest.mark.parametrize("half", [{"state": "building"}, {"commissionStatus": 2}])
    def test_half_of_it_is_not_enough(self, wanted: LivingResource, panel: Panel, half: dict[str, Any]) -> None:
        """Nothing works on it any more, so a build that did not end is done again."""
        wanted.arguments["operating_system_id"] = BROKEN
        with pytest.raises(HostError):
            wanted.create()
        panel.mutate("servers", wanted.id, **{"state": "complete", "commissionStatus": 3, **half})
        panel.refuses("POST", "/build$", "seen")
        with pytest.raises(HostError, match="seen"):
            wanted.change()
        assert "builds once more" in wanted.warnings[-1]

    def test_a_running_task_is_not_the_end(self, wanted: LivingResource, panel: Panel) -> None:
        wanted.arguments["wait"] = False
        panel.build_takes(600)
        wanted.create()
        done = {"state": "complete", "commissionStatus": 3, "built": "2030-01-01T00:00:00+00:00"}
        panel.mutate("servers", wanted.id, **done)
        wanted.arguments["wait"] = True
        with pytest.raises(HostError, match=r"Waited \d s for the build of server \d+: complete"):
            wanted.change(timeout=2)

    def test_a_build_that_says_it_failed_has_failed(self, wanted: LivingResource, panel: Panel) -> None:
        panel.build_takes(600)
        wanted.arguments["wait"] = False
        wanted.create()
        panel.mutate("servers", wanted.id, buildFailed=True)
        wanted.arguments["wait"] = True
        panel.forget()
        with pytest.raises(HostError):
            wanted.change(timeout=2)
        # Only a panel that is still at it refuses the order to do it again.
        assert order(wanted) in panel.writes()


class TestFailedBuild:
    @pytest.fixture
    def failed(self, wanted: LivingResource) -> LivingResource:
        """A build of an image that cannot be installed; `buildFailed` is false all the same."""
        wanted.arguments["operating_system_id"] = BROKEN
        with pytest.raises(HostError) as error:
            wanted.create()
        assert error.value.partly_made is not None
        return wanted

    def test_it_says_so_and_stays_in_the_state_with_its_password(self, failed: LivingResource, panel: Panel) -> None:
        assert failed.partly_made is not None
        assert failed.partly_made.reasons == [
            f"The build of server {failed.id} failed, with operating system 9. "
            "The queue in the panel tells why; the next update builds it again."
        ]
        assert panel.object("servers", failed.id)["buildFailed"] is False
        assert failed["password"]
        assert failed.secrets == SECRET

    def test_the_next_update_builds_it_again(self, failed: LivingResource, panel: Panel) -> None:
        with pytest.raises(HostError, match="failed, with operating system 9"):
            failed.change()
        assert panel.writes() == [order(failed)] * 2

    def test_a_refresh_does_not_forget_that_it_has_to(self, failed: LivingResource, panel: Panel) -> None:
        assert failed.partly_made is not None
        before = failed.partly_made.reasons
        assert failed.refresh() == []
        assert failed.partly_made.reasons == before
        assert (failed["password"] != "", failed.secrets) == (True, SECRET)
        panel.mutate("templates", BROKEN, failing=False)
        failed.change()
        assert panel.writes() == [order(failed)] * 2
        failed.refresh()
        assert failed.partly_made is None

    def test_nor_does_it_where_something_was_installed_before(
        self, build: LivingResource, life: Life, panel: Panel
    ) -> None:
        """The panel keeps the time of the last build that was done."""
        failed = life("ServerBuild", "next", server_id=int(build.id), operating_system_id=BROKEN)
        with pytest.raises(HostError):
            failed.create()
        for _ in range(2):
            failed.refresh()
        panel.mutate("templates", BROKEN, failing=False)
        failed.change()
        assert panel.writes() == [order(failed)] * 2
        assert failed["state"] == "complete"

    def test_one_that_is_not_waited_for_is_nobodys_to_repair(self, failed: LivingResource) -> None:
        failed.inputs["wait"] = False
        failed.refresh()
        assert failed.partly_made is None

    def test_a_look_up_of_it_is_no_refresh(self, failed: LivingResource) -> None:
        assert failed.look_up(failed.id).reasons == []

    def test_another_system_is_a_new_build(self, failed: LivingResource, panel: Panel) -> None:
        panel.forget()
        plan = failed.change(operating_system_id=UBUNTU)
        assert plan.replaces == ["operating_system_id"]
        assert panel.writes() == [order(failed)]
        assert failed["state"] == "complete"


class TestUnfinishedBuild:
    @pytest.fixture
    def unfinished(self, wanted: LivingResource, panel: Panel) -> LivingResource:
        """A build that takes longer than its time limit."""
        panel.build_takes(600)
        with pytest.raises(HostError, match=r"^Waited \d s for the build of server \d+: \w+\. Raise"):
            wanted.create(timeout=2)
        panel.forget()
        return wanted

    def test_it_stays_in_the_state_with_its_password(self, unfinished: LivingResource) -> None:
        assert unfinished.id == unfinished.hosted.read(unfinished.id, {}).id
        assert unfinished["password"]

    def test_the_next_update_waits_for_it(self, unfinished: LivingResource, panel: Panel) -> None:
        password = unfinished["password"]
        panel.advance(600)
        unfinished.change()
        assert panel.writes() == []
        assert (unfinished["state"], unfinished["password"]) == ("complete", password)
        assert unfinished.partly_made is None

    def test_a_still_longer_one_keeps_its_password(self, unfinished: LivingResource) -> None:
        password = unfinished["password"]
        with pytest.raises(HostError, match="Waited"):
            unfinished.change(timeout=2)
        assert unfinished["password"] == password

    def test_one_that_failed_meanwhile_is_done_again(self, unfinished: LivingResource, panel: Panel) -> None:
        old_password = unfinished["password"]
        panel.advance(600)
        panel.mutate("servers", unfinished.id, state="failed", commissionStatus=2)
        panel.build_takes(0.2)
        unfinished.change()
        assert panel.writes() == [order(unfinished)]
        assert unfinished["state"] == "complete"
        assert unfinished["password"] not in ("", old_password)


class TestLostAnswer:
    def test_a_build_that_began_is_waited_for_without_its_password(self, wanted: LivingResource, panel: Panel) -> None:
        panel.loses_the_answer("POST", "/build$")
        wanted.create()
        assert panel.writes() == [order(wanted)]
        assert (wanted["state"], wanted["password"]) == ("complete", "")
        assert wanted.warnings == [
            f"server {wanted.id} is being built; the answer that told the root password was lost."
        ]

    def test_a_look_that_fails_too_does_not_hide_that_it_may_have_begun(
        self, wanted: LivingResource, panel: Panel
    ) -> None:
        panel.loses_the_answer("POST", "/build$")
        panel.fails_from_the_second_on("GET", "^/servers/")
        with pytest.raises(HostError, match=r"/build .*lost its answer.* Looking for what it made failed too: .*403"):
            wanted.create()

    def test_one_that_did_not_begin_is_an_error_and_built_by_the_next_update(
        self, wanted: LivingResource, panel: Panel
    ) -> None:
        panel.never_gets("POST", "/build$")
        with pytest.raises(HostError, match="lost its answer"):
            wanted.create()
        assert (wanted.id, panel.writes()) == ("", [order(wanted)])
        wanted.create()
        assert wanted["state"] == "complete"

    def test_an_earlier_build_of_the_same_system_is_no_proof(self, build: LivingResource, panel: Panel) -> None:
        panel.never_gets("POST", "/build$")
        with pytest.raises(HostError, match="lost its answer"):
            build.hosted.create(build.inputs)


class TestChange:
    @pytest.mark.parametrize(
        ("argument", "value"),
        [
            ("operating_system_id", UBUNTU),
            ("operating_system_id", UNKNOWN),
            ("triggers", ["again"]),
            ("triggers", UNKNOWN),
            ("server_id", 4711),
            ("server_id", UNKNOWN),
        ],
    )
    def test_what_plainly_means_to_install_anew_replaces(
        self, build: LivingResource, argument: str, value: Any
    ) -> None:
        assert build.plan(**{argument: value}).replaces == [argument]
        (lost,) = build.warnings
        assert lost.startswith(f"{argument}: the replacement wipes the disk of server {build.id} (198.51.100.")
        assert "operating system 1, which is installed there" in lost

    @pytest.mark.parametrize(
        ("argument", "value"),
        [
            ("name", "web2"),
            ("hostname", "web2.example.com"),
            ("ssh_keys", [7]),
            ("vnc", True),
            ("ipv6", True),
            ("swap", 512),
            ("email", True),
        ],
    )
    def test_the_rest_counts_from_the_next_build_on(
        self, build: LivingResource, panel: Panel, argument: str, value: Any
    ) -> None:
        plan = build.change(**{argument: value})
        assert (plan.changed, plan.replaces, panel.requests()) == ([argument], [], [])
        (said,) = build.infos
        assert said.startswith(f"{argument}: counts from the next build on; nothing is built now")
        assert "`triggers`" in said
        assert build.plan().changed == []
        assert build["state"] == "complete"

    def test_what_a_preview_does_not_know_of_it_builds_nothing_either(self, build: LivingResource) -> None:
        """A replaced key has an unknown id: it is for the next build."""
        assert build.plan(hostname=UNKNOWN, ssh_keys=[UNKNOWN, 7]).replaces == []

    def test_it_is_given_to_the_next_build(self, build: LivingResource, panel: Panel) -> None:
        build.change(hostname="web2.example.com")
        build.change(triggers=["again"])
        assert panel.body(order(build))["hostname"] == "web2.example.com"
        assert build["hostname"] == "web2.example.com"

    def test_waiting_is_only_noted(self, build: LivingResource, panel: Panel) -> None:
        assert build.change(wait=False).changed == ["wait"]
        assert panel.requests() == []

    def test_another_system_builds_anew(self, build: LivingResource, panel: Panel) -> None:
        old_password = build["password"]
        build.change(operating_system_id=UBUNTU)
        assert panel.writes() == [order(build)]
        assert panel.object("servers", build.id)["settings"]["osTemplateInstallId"] == UBUNTU
        assert build["password"] not in ("", old_password)


class TestRead:
    def test_another_system_is_told_and_never_planned(self, build: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", build.id, **{"settings.osTemplateInstallId": UBUNTU})
        for _ in range(2):
            assert build.refresh() == []
            assert (build["operating_system_id"], build.plan().replaces) == (UBUNTU, [])
        assert build.warnings[0].startswith("operating_system_id is 2 at the panel, and 1 in the program.")
        assert "or `triggers`" in build.warnings[0]

    def test_writing_it_into_the_program_is_no_request(self, build: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", build.id, **{"settings.osTemplateInstallId": UBUNTU})
        build.refresh()
        panel.forget()
        assert build.change(operating_system_id=UBUNTU).replaces == []
        assert panel.requests() == []
        assert build.refresh() == []
        assert build.plan(operating_system_id=3).replaces == ["operating_system_id"]

    def test_a_customers_own_build_that_failed_is_left_alone(self, build: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", build.id, state="failed", commissionStatus=2)
        assert build.refresh() == []
        assert build.partly_made is None
        build.change(email=True)
        assert panel.writes() == []

    def test_another_label_is_none_for_the_server_has_one_too(self, build: LivingResource, panel: Panel) -> None:
        build.change(name="web1")
        panel.mutate("servers", build.id, name="renamed")
        assert build.refresh() == []

    def test_a_server_that_is_gone_takes_it_along(self, build: LivingResource, panel: Panel) -> None:
        panel.delete("servers", build.id)
        build.refresh()
        assert build.id == ""

    def test_an_import_neither_builds_nor_knows_the_password(
        self, life: Life, build: LivingResource, panel: Panel
    ) -> None:
        twin = life("ServerBuild", "twin", import_=build.id, **build.arguments).create()
        assert (twin.id, twin["password"], twin["state"]) == (build.id, "", "complete")
        assert twin.change(import_id=None).changed == []
        assert panel.writes() == []


class TestTakenOver:
    """A build that this stack never made is not its own to repeat."""

    @pytest.fixture(
        params=[{"built": None, "commissionStatus": 0}, {"built": None}, {"built": None, "state": "failed"}],
        ids=["a panel that tells little", "no time of its end", "failed"],
    )
    def taken_over(
        self, request: pytest.FixtureRequest, life: Life, build: LivingResource, panel: Panel
    ) -> LivingResource:
        """Debian on `server` as somebody else built it, without a proof that it ended well."""
        panel.mutate("servers", build.id, **request.param)
        panel.forget()
        return life("ServerBuild", "taken over", import_=build.id, **build.arguments).create()

    @staticmethod
    def _is_never_built(taken_over: LivingResource, panel: Panel) -> None:
        before = len(taken_over.infos)
        assert taken_over.change(hostname="web9.example.com").changed == ["hostname"]
        assert [said for said in taken_over.infos[before:] if "nothing is built now" in said]
        taken_over.change(wait=False)
        taken_over.change(wait=True, email=True)
        taken_over.refresh()
        taken_over.change(hostname="web8.example.com", import_id=None)
        assert taken_over.change().changed == []
        assert (taken_over.warnings, panel.writes()) == ([], [])

    def test_it_is_never_built_by_an_update_of_other_arguments(self, taken_over: LivingResource, panel: Panel) -> None:
        self._is_never_built(taken_over, panel)

    def test_nor_is_one_whose_state_was_written_before_it_had_the_mark(
        self, taken_over: LivingResource, panel: Panel
    ) -> None:
        del taken_over.outputs["__adopted"]
        self._is_never_built(taken_over, panel)

    def test_what_the_program_then_builds_is_its_own(self, taken_over: LivingResource, panel: Panel) -> None:
        panel.mutate("servers", taken_over.id, state="complete", commissionStatus=3)
        taken_over.change(import_id=None, triggers=["anew"])
        panel.mutate("servers", taken_over.id, built=None, state="failed")
        taken_over.refresh()
        panel.forget()
        taken_over.change()
        assert panel.writes() == []  # it ended well, and what became of it later is nobody's wish


class TestPreviewOfAnUpdateThatBuilds:
    """A preview says one thing, and the update does that."""

    def test_it_does_not_say_as_well_that_nothing_is_built(self, wanted: LivingResource, panel: Panel) -> None:
        wanted.arguments["operating_system_id"] = BROKEN
        with pytest.raises(HostError):
            wanted.create()
        panel.forget()
        plan = wanted.plan(hostname="web9.example.com")
        assert plan.changed == ["hostname"]
        assert [said for said in wanted.warnings if "builds once more" in said]
        assert [said for said in wanted.infos if "nothing is built now" in said] == []

    def test_one_that_is_not_waited_for_is_built_by_nobody_and_says_so(
        self, wanted: LivingResource, panel: Panel
    ) -> None:
        wanted.arguments["wait"] = False
        wanted.create()
        panel.forget()
        wanted.change(hostname="web9.example.com")
        assert [said for said in wanted.infos if "nothing is built now" in said]
        assert (wanted.warnings, panel.writes()) == ([], [])

    def test_to_wait_for_it_from_now_on_says_what_that_may_come_to(self, wanted: LivingResource, panel: Panel) -> None:
        wanted.arguments |= {"wait": False, "operating_system_id": BROKEN}
        wanted.create()
        panel.advance(60)
        wanted.plan(wait=True)
        assert [said for said in wanted.warnings if "builds once more" in said]


def system(panel: Panel, build: LivingResource) -> Any:
    return panel.object("servers", build.id)["settings"]["osTemplateInstallId"]


@pytest.fixture
def rebuilt(build: LivingResource, panel: Panel) -> LivingResource:
    """A build in whose place a person has installed Ubuntu."""
    rebuilt_at_the_panel(panel, build, UBUNTU)
    return build


def rebuilt_at_the_panel(panel: Panel, build: LivingResource, operating_system: int) -> None:
    panel.advance(3600)
    built = panel.object("servers", build.id)["built"].replace("T", " ")[:19]
    later = (datetime.fromisoformat(built) + timedelta(hours=1)).isoformat() + "+00:00"
    panel.mutate("servers", build.id, **{"settings.osTemplateInstallId": operating_system, "built": later})
    panel.forget()


class TestDelete:
    def test_it_is_one_look_and_no_write(self, build: LivingResource, panel: Panel) -> None:
        server_id = build.id
        build.delete()
        assert panel.requests() == [f"GET /servers/{server_id}?remoteState=false"]

    def test_it_goes_with_a_server_that_is_gone(self, build: LivingResource, panel: Panel) -> None:
        panel.delete("servers", build.id)
        build.delete()

    def test_another_system_is_shown_before_anything_is_deleted(self, rebuilt: LivingResource) -> None:
        said = (
            rf"^The build of server {rebuilt.id} was not deleted, .* its operating system \(operating_system_id\) is 2 "
            r"now, and 1 in the state; its time of completion \(built\) is 20\S+Z now, and 20\S+Z in the state\. "
            r"`pulumi refresh` shows and accepts what it is now; after that, it can be deleted\.$"
        )
        with pytest.raises(HostError, match=said):
            rebuilt.delete()
        assert rebuilt.refresh() == []
        rebuilt.delete()

    def test_so_is_the_same_system_that_was_installed_anew(self, build: LivingResource, panel: Panel) -> None:
        rebuilt_at_the_panel(panel, build, DEBIAN)
        with pytest.raises(HostError, match=r"because .* knows: its time of completion \(built\) is \S+ now, and"):
            build.delete()
        assert build.refresh() == []
        build.delete()

    def test_a_build_that_was_not_waited_for_may_have_ended_meanwhile(
        self, build: LivingResource, panel: Panel
    ) -> None:
        """What the answer to the order says of `built` is the build before."""
        build.arguments["wait"] = False
        panel.advance(60)
        before = panel.object("servers", build.id)
        shown = {name: before[name] for name in ("id", "ownerId", "state", "commissionStatus", "built", "settings")}
        panel.fault("POST", "/build$", when="after", status=200, body={"data": shown})
        build.create()
        assert (build["state"], build["built"]) == ("complete", "")
        panel.advance(60)
        build.delete()

    def test_one_that_was_still_at_it_when_it_was_read_may_have_ended_too(
        self, build: LivingResource, panel: Panel
    ) -> None:
        panel.build_takes(600)
        build.change(wait=False, triggers=["again"])
        build.refresh()
        assert (build["state"], build["built"] != "") == ("queued", True)
        panel.advance(1200)
        build.delete()

    def test_a_failed_build_that_a_person_put_right_is_no_other(self, wanted: LivingResource, panel: Panel) -> None:
        wanted.arguments["operating_system_id"] = BROKEN
        with pytest.raises(HostError):
            wanted.create()
        done = {"state": "complete", "commissionStatus": 3, "built": "2030-01-01T00:00:00+00:00"}
        panel.mutate("servers", wanted.id, **done)
        wanted.delete()


class TestReplacementOfARebuild:
    def test_it_is_refused_before_the_disk_is_wiped(self, rebuilt: LivingResource, panel: Panel) -> None:
        with pytest.raises(HostError, match=r"was not replaced, .* is 2 now, and 1 in the state.* can be replaced\.$"):
            rebuilt.plan(triggers=["again"])
        assert panel.writes() == []

    def test_a_refresh_accepts_it(self, rebuilt: LivingResource, panel: Panel) -> None:
        rebuilt.refresh()
        rebuilt.change(triggers=["again"])
        assert panel.writes() == [order(rebuilt)]

    def test_a_server_that_is_gone_needs_no_look(self, build: LivingResource, panel: Panel) -> None:
        panel.delete("servers", build.id)
        assert build.plan(server_id=UNKNOWN).replaces == ["server_id"]


class TestSuccessor:
    """The engine deletes what was replaced after its successor was made, on the same server."""

    def test_the_new_system_is_not_taken_for_a_rebuild(self, build: LivingResource, panel: Panel) -> None:
        build.change(operating_system_id=UBUNTU, wait=False)
        assert system(panel, build) == UBUNTU

    def test_nor_is_the_same_one_after_a_forced_replacement(self, build: LivingResource, panel: Panel) -> None:
        panel.advance(60)
        old = dict(build.outputs)
        build.create()
        assert build["built"] > old["built"]
        build.hosted.delete(build.id, old)

    def test_nor_is_one_that_failed(self, build: LivingResource) -> None:
        old = dict(build.outputs)
        build.arguments["operating_system_id"] = BROKEN
        with pytest.raises(HostError, match="failed, with operating system 9"):
            build.create()
        build.hosted.delete(build.id, old)

    def test_a_later_run_learns_of_it_when_it_compares_the_program(
        self, build: LivingResource, another_run: Life
    ) -> None:
        """An `up` that failed left the old build to be deleted by the next one."""
        old = dict(build.outputs)
        build.arguments["operating_system_id"] = UBUNTU
        build.create()
        next_run = another_run("ServerBuild", "build", **build.arguments)
        next_run.id, next_run.inputs, next_run.outputs = build.id, build.inputs, build.outputs
        assert next_run.plan().changed == []
        next_run.hosted.delete(build.id, old)

    def test_a_rebuild_of_the_successor_is_seen(self, build: LivingResource, panel: Panel) -> None:
        build.change(operating_system_id=UBUNTU)
        rebuilt_at_the_panel(panel, build, DEBIAN)
        with pytest.raises(HostError, match="was not deleted"):
            build.delete()


class TestANewBuildOfABuiltServer:
    """A second resource, a resource under a new name, one that a state has lost: no replacement tells of the loss."""

    def test_what_it_wipes_is_said(self, life: Life, panel: Panel, server: LivingResource, another_run: Life) -> None:
        life("ServerBuild", "first", server_id=server.id, operating_system_id=1, hostname="a.example.com").create()
        panel.forget()
        another_run.next_run(server).change()
        second = another_run("ServerBuild", "second", server_id=server.id, operating_system_id=2)
        second.check()
        (said,) = second.warnings
        assert said.startswith(f"this new build wipes the disk of server {server.id} (")
        assert "host name a.example.com: operating system 1, which is installed there, and everything else" in said
        assert len(panel.requests()) == 1, "the read that notes what was there before tells it"

    def test_an_empty_server_and_a_takeover_lose_nothing(self, life: Life, server: LivingResource) -> None:
        first = life("ServerBuild", "first", server_id=server.id, operating_system_id=1)
        first.create()
        taken = life("ServerBuild", "taken", import_=server.id, server_id=server.id, operating_system_id=1)
        taken.create()
        assert first.warnings + taken.warnings == []

    def test_a_replacement_says_it_once(self, life: Life, server: LivingResource) -> None:
        build = life("ServerBuild", server_id=server.id, operating_system_id=1).create()
        build.plan(operating_system_id=2)
        assert len([one for one in build.warnings if "wipes the disk" in one]) == 1
