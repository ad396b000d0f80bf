"""A key's life: no operation changes it, and only the list of its owner's keys tells whose it is."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.lifecycle.life import Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import PAGE, Panel, only
from tests.provider_host import HostError


def public_key(seed: str) -> str:
    """A key that looks real, without a comment."""
    blob = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00 " + seed.encode().ljust(32, b"-")
    return f"ssh-ed25519 {base64.b64encode(blob).decode()}"


KEY = public_key("one")


@pytest.fixture
def arguments(owner: LivingResource) -> dict[str, Any]:
    """All that a key has."""
    return {"user_id": int(owner["user_id"]), "name": "laptop", "public_key": f"{KEY} ada@laptop"}


@pytest.fixture
def key(life: Life, panel: Panel, arguments: dict[str, Any]) -> LivingResource:
    """A key of `owner`."""
    made = life("SshKey", **arguments).create()
    panel.forget()
    return made


def test_creating_is_one_request(life: Life, panel: Panel, arguments: dict[str, Any]) -> None:
    key = life("SshKey", **arguments).create()
    assert panel.requests() == ["POST /ssh_keys"]
    assert panel.body("POST /ssh_keys") == {
        "userId": arguments["user_id"],
        "name": "laptop",
        "publicKey": arguments["public_key"],
    }
    assert {name: key[name] for name in arguments} == arguments
    assert (key["key_type"], key["created"] != "") == ("OpenSSH", True)


def test_a_refresh_reads_its_owners_list(key: LivingResource, panel: Panel) -> None:
    made = dict(key.outputs)
    assert key.refresh() == []
    assert panel.requests() == [f"GET /ssh_keys/user/{int(key['user_id'])}"]
    assert key.outputs == made
    assert key.change().changed == []


@pytest.mark.parametrize(("argument", "value"), [("name", "desktop"), ("public_key", public_key("two"))])
def test_a_change_replaces(key: LivingResource, panel: Panel, argument: str, value: Any) -> None:
    old = key.id
    plan = key.change(**{argument: value})
    assert (plan.changed, plan.replaces, plan.delete_first) == ([argument], [argument], False)
    assert panel.writes() == ["POST /ssh_keys", f"DELETE /ssh_keys/{old}"]
    assert str(only("ssh_keys", panel)["id"]) == key.id


def test_another_owner_replaces(key: LivingResource) -> None:
    assert key.plan(user_id=1).replaces == ["user_id"]


class TestComment:
    """The panel may rewrite it, so it is no part of the key."""

    def test_another_one_is_no_change(self, key: LivingResource, panel: Panel) -> None:
        assert key.change(public_key=f"{KEY} ada@desktop").changed == []
        assert panel.requests() == []

    def test_one_that_the_panel_dropped_is_no_drift(self, key: LivingResource, panel: Panel) -> None:
        panel.mutate("ssh_keys", key.id, publicKey=KEY)
        assert key.refresh() == []
        assert key.change().changed == []


class TestDrift:
    @pytest.mark.parametrize("drift", [{"publicKey": public_key("two")}, {"userId": 1}])
    def test_another_text_or_owner_is_another_key(
        self, key: LivingResource, panel: Panel, drift: dict[str, Any]
    ) -> None:
        """A number that was given again: what is there is a stranger's."""
        id_ = key.id
        panel.mutate("ssh_keys", id_, **drift)
        with pytest.raises(
            HostError, match="was not deleted: the panel has another object there than this stack knows"
        ):
            key.hosted.delete(id_, key.outputs)
        key.refresh()
        assert (key.id, panel.writes()) == ("", [])
        assert panel.has("ssh_keys", id_)
        assert "is taken for gone" in key.warnings[0]

    def test_of_the_name_is_told_and_never_planned(self, key: LivingResource, panel: Panel) -> None:
        panel.mutate("ssh_keys", key.id, name="renamed")
        assert key.refresh() == []
        assert (key["name"], key.plan().replaces) == ("renamed", [])
        assert key.warnings[0].startswith("name is 'renamed' at the panel, and 'laptop' in the program.")

    def test_an_owner_who_is_gone_owns_nothing(self, key: LivingResource, panel: Panel) -> None:
        panel.refuses("GET", "^/ssh_keys/user/", status=404, times=None)
        key.refresh()
        assert key.id == ""

    def test_a_list_that_cannot_be_read_proves_nothing(self, key: LivingResource, panel: Panel) -> None:
        panel.fault("GET", "^/ssh_keys/user/", status=404, body=PAGE)
        with pytest.raises(HostError, match="not an answer of VirtFusion's API"):
            key.refresh()


def test_a_key_that_is_gone_is_noticed_and_deleting_it_is_done(key: LivingResource, panel: Panel) -> None:
    panel.delete("ssh_keys", key.id)
    key.hosted.delete(key.id, key.outputs)
    key.refresh()
    assert key.id == ""


def test_deleting_looks_whose_it_is(key: LivingResource, owner: LivingResource, panel: Panel) -> None:
    id_ = key.id
    key.delete()
    assert panel.requests() == [f"GET /ssh_keys/user/{int(owner['user_id'])}", f"DELETE /ssh_keys/{id_}"]
    assert panel.all("ssh_keys") == []


@pytest.mark.parametrize(
    "text", ["ssh-ed25519", "ssh-ed25519 AAAA", "not a key", KEY.replace("ssh-ed25519 ", "ssh-rsa "), f"{KEY}\n{KEY}"]
)
def test_a_text_that_is_no_key_is_refused_without_being_repeated(
    life: Life, panel: Panel, arguments: dict[str, Any], text: str
) -> None:
    with pytest.raises(Refused) as refused:
        life("SshKey", **{**arguments, "public_key": text}).check()
    assert refused.value.problems == [
        "public_key: must be one line of an OpenSSH public key: type, base64 text and an optional comment"
    ]
    assert panel.requests() == []


class TestLostAnswer:
    def test_the_only_such_key_made_just_now_is_taken_over(
        self, life: Life, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        panel.loses_the_answer("POST", "^/ssh_keys$")
        key = life("SshKey", **arguments).create()
        assert panel.requests() == ["POST /ssh_keys", f"GET /ssh_keys/user/{arguments['user_id']}"]
        assert key.id == str(only("ssh_keys", panel)["id"])
        assert key.refresh() == []

    def test_where_nothing_was_made_a_rerun_is_right(self, life: Life, panel: Panel, arguments: dict[str, Any]) -> None:
        panel.never_gets("POST", "^/ssh_keys$")
        key = life("SshKey", **arguments)
        with pytest.raises(HostError, match="The user has no such key: nothing was made as far as the panel shows now"):
            key.create()
        key.create()
        assert len(panel.all("ssh_keys")) == 1

    def test_a_look_that_fails_too_does_not_hide_that_it_may_be_there(
        self, life: Life, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        panel.loses_the_answer("POST", "^/ssh_keys$")
        panel.fault("GET", "^/ssh_keys/user/", status=403)
        with pytest.raises(
            HostError, match=r"/ssh_keys .*lost its answer.* Looking for what it made failed too: .*403"
        ):
            life("SshKey", **arguments).create()

    def test_an_equal_key_of_this_run_is_not_taken_over(
        self, life: Life, panel: Panel, key: LivingResource, arguments: dict[str, Any]
    ) -> None:
        panel.loses_the_answer("POST", "^/ssh_keys$")
        other = life("SshKey", "other", **arguments).create()
        assert other.id != key.id
        assert len(panel.all("ssh_keys")) == 2

    def test_a_key_that_was_there_before_is_not_taken_over(
        self, another_run: Life, life: Life, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        key = another_run("SshKey", "other", **arguments).create()
        panel.mutate("ssh_keys", key.id, created="2020-01-01T00:00:00+00:00")
        panel.loses_the_answer("POST", "^/ssh_keys$")
        assert life("SshKey", **arguments).create().id != key.id

    def test_of_two_keys_that_could_be_it_a_person_chooses(
        self, another_run: Life, life: Life, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        another_run("SshKey", "other", **arguments).create()
        panel.loses_the_answer("POST", "^/ssh_keys$")
        with pytest.raises(HostError) as error:
            life("SshKey", **arguments).create()
        one, two = panel.all("ssh_keys")
        assert f'import_="{one["id"]}"' in error.value.message
        assert f'import_="{two["id"]}"' in error.value.message

    @pytest.mark.parametrize("difference", [{"name": "desktop"}, {"public_key": public_key("two")}])
    def test_another_key_is_none_of_it(
        self, life: Life, panel: Panel, arguments: dict[str, Any], difference: dict[str, str]
    ) -> None:
        panel.fault("POST", "^/ssh_keys$", when="after", close=True)
        names = {"public_key": "publicKey"}
        with ThreadPoolExecutor() as elsewhere:
            panel.fault("GET", "^/ssh_keys/user/", delay=0.3)
            creating = elsewhere.submit(life("SshKey", **arguments).create)
            while not panel.all("ssh_keys"):
                pass
            values = {names.get(name, name): value for name, value in difference.items()}
            panel.mutate("ssh_keys", only("ssh_keys", panel)["id"], **values)
            with pytest.raises(HostError, match="The user has no such key"):
                creating.result()

    def test_equal_keys_made_at_once_are_each_their_own(
        self, life: Life, panel: Panel, arguments: dict[str, Any]
    ) -> None:
        panel.fault("POST", "^/ssh_keys$", when="after", close=True, times=2, delay=0.3)
        with ThreadPoolExecutor() as program:
            keys = list(program.map(lambda name: life("SshKey", name, **arguments).create(), ("one", "two", "three")))
        assert len({key.id for key in keys}) == 3
        assert len(panel.all("ssh_keys")) == 3


class TestImport:
    def test_changes_nothing(self, life: Life, panel: Panel, key: LivingResource, arguments: dict[str, Any]) -> None:
        twin = life("SshKey", "twin", import_=key.id, **arguments).create()
        assert (twin.id, panel.writes()) == (key.id, [])
        assert twin.change(import_id=None).changed == []

    def test_of_somebody_elses_key_is_refused(self, life: Life, key: LivingResource, arguments: dict[str, Any]) -> None:
        twin = life("SshKey", "twin", import_=key.id, **{**arguments, "user_id": 1})
        with pytest.raises(Refused, match="user_id is 0 at the panel and 1 in the program"):
            twin.check()

    def test_a_look_up_knows_no_owner(self, life: Life, panel: Panel, key: LivingResource) -> None:
        found = life("SshKey", "other").look_up(key.id)
        assert (found.outputs["name"], found.outputs.get("user_id", 0)) == ("laptop", 0)
        assert panel.requests() == [f"GET /ssh_keys/{key.id}"]


def test_a_user_whose_number_is_another_customers_by_now_gets_no_key(
    life: Life, another_run: Life, panel: Panel
) -> None:
    panel.snapshot()
    ada = life("User", "ada", name="Ada", email="ada@example.com", ext_relation_id=42).create()
    panel.restore()
    stranger = life("User", "eve", name="Eve", email="eve@example.com", ext_relation_id=43).create()
    assert stranger["user_id"] == ada["user_id"]
    panel.forget()
    another_run.next_run(ada).plan()
    with pytest.raises(HostError, match=r"this SshKey was not carried out for user 42 \(Ada, ada@example.com\)"):
        another_run("SshKey", user_id=ada["user_id"], name="laptop", public_key=KEY).create()
    assert panel.writes() == []
