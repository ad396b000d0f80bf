"""A resource pack's life, and what becomes of the servers in it."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.lifecycle.life import UNKNOWN, Life, LivingResource
from tests.lifecycle.panel_fixture import Panel, only
from tests.provider_host import HostError

pytestmark = pytest.mark.usefixtures("owner")
PACKS_OF_42 = "/selfService/resourcePack/byUserExtRelationId/42"


@pytest.fixture
def pack(life: Life, panel: Panel) -> LivingResource:
    """A pack of definition 1 for `owner`."""
    made = life("ResourcePack", relation=42, pack_id=1).create()
    panel.forget()
    return made


def fill(panel: Panel, pack: LivingResource, server: LivingResource) -> None:
    """The server is now one of the pack's."""
    panel.mutate("servers", server.id, resourcePackId=int(pack.id))


class TestCreate:
    def test_it_is_one_request_and_one_read(self, life: Life, panel: Panel) -> None:
        pack = life("ResourcePack", relation=42, pack_id=2).create()
        assert panel.requests() == [
            f"POST {PACKS_OF_42}",
            f"GET /selfService/resourcePack/{pack.id}?withServers=false",
        ]
        assert panel.body(f"POST {PACKS_OF_42}") == {"packId": 2, "enabled": True}
        assert pack["limits"]["total_servers"] == 10
        assert (pack["name"].startswith("Pack 2"), pack["used"]["servers"]) == (True, 0)
        assert pack.refresh() == []
        assert pack.change().changed == []

    def test_a_text_is_a_rel_str(self, life: Life, panel: Panel) -> None:
        life("User", name="Bob", email="bob@example.com", rel_str="bob").create()
        life("ResourcePack", relation="bob", pack_id=1).create()
        assert "POST /selfService/resourcePack/byUserExtRelationId/bob?relStr=true" in panel.writes()

    def test_a_disabled_one_is_made_so(self, life: Life, panel: Panel) -> None:
        life("ResourcePack", relation=42, pack_id=1, enabled=False).create()
        assert panel.writes() == [f"POST {PACKS_OF_42}"]
        assert only("resource_packs", panel)["hidden"]["enabled"] is False

    def test_a_number_as_text_is_another_user(self, life: Life, panel: Panel) -> None:
        with pytest.raises(HostError, match="answered 404"):
            life("ResourcePack", relation="4200", pack_id=1).create()
        assert "POST /selfService/resourcePack/byUserExtRelationId/4200?relStr=true" in panel.writes()

    def test_an_unknown_definition_is_an_error(self, life: Life) -> None:
        with pytest.raises(HostError, match="answered 422: Invalid resource pack"):
            life("ResourcePack", relation=42, pack_id=9).create()

    def test_a_lost_answer_says_where_to_look(self, life: Life, panel: Panel) -> None:
        panel.loses_the_answer("POST", "/resourcePack/byUser")
        with pytest.raises(HostError) as error:
            life("ResourcePack", relation=42, pack_id=1).create()
        assert "lost its answer" in error.value.message
        assert "look at user 42 in the panel" in error.value.message
        assert 'import_="<id of the pack>"' in error.value.message
        assert panel.writes() == [f"POST {PACKS_OF_42}"]

    def test_one_that_cannot_be_read_back_stays_in_the_state(self, life: Life, panel: Panel) -> None:
        panel.fault("GET", "^/selfService/resourcePack/", status=403, body={"message": "no"})
        pack = life("ResourcePack", relation=42, pack_id=1)
        with pytest.raises(HostError, match=r"^resource pack \d+ was made, but not read back: .*answered 403"):
            pack.create()
        assert pack.id == str(only("resource_packs", panel)["id"])
        panel.forget()
        pack.change()
        assert panel.writes() == []
        assert pack["limits"]["total_servers"] == 2


class TestChange:
    @pytest.mark.parametrize("enabled", [False, True])
    def test_enabling_is_one_put(self, pack: LivingResource, panel: Panel, enabled: bool) -> None:
        line = f"PUT /selfService/resourcePack/{pack.id}"
        assert pack.change(enabled=enabled).changed == ["enabled"]
        assert panel.writes() == [line]
        assert panel.body(line) == {"enabled": enabled}
        panel.forget()
        assert pack.change().changed == []
        assert pack.change(enabled=None).changed == []
        assert panel.requests() == []
        assert pack.refresh() == []
        assert pack["enabled"] is enabled

    @pytest.mark.parametrize("note", ["disable_if_in_use", "delete_servers"])
    def test_what_the_deletion_does_is_only_noted(self, pack: LivingResource, panel: Panel, note: str) -> None:
        assert pack.change(**{note: True}).changed == [note]
        assert panel.writes() == []
        assert pack.change().changed == []

    @pytest.mark.parametrize(("argument", "value"), [("pack_id", 2), ("relation", "bob"), ("relation", UNKNOWN)])
    def test_another_definition_or_user_is_another_pack(self, pack: LivingResource, argument: str, value: Any) -> None:
        assert pack.plan(**{argument: value}).replaces == [argument]


class TestDelete:
    def test_an_empty_pack_is_looked_at_and_deleted(self, pack: LivingResource, panel: Panel) -> None:
        path = f"/selfService/resourcePack/{pack.id}"
        pack.delete()
        assert panel.requests() == [f"GET {path}?withServers=false", f"DELETE {path}?disable=false"]
        assert panel.all("resource_packs") == []

    def test_one_in_use_is_refused(self, pack: LivingResource, server: LivingResource, panel: Panel) -> None:
        fill(panel, pack, server)
        with pytest.raises(HostError, match=r"answered 409: The resource pack .* has servers"):
            pack.delete()
        assert panel.has("resource_packs", pack.id)

    def test_one_in_use_can_be_disabled_instead(
        self, pack: LivingResource, server: LivingResource, panel: Panel
    ) -> None:
        fill(panel, pack, server)
        pack.change(disable_if_in_use=True)
        panel.forget()
        id_ = pack.id
        pack.delete()
        assert panel.writes() == [f"DELETE /selfService/resourcePack/{id_}?disable=true"]
        assert only("resource_packs", panel)["hidden"]["enabled"] is False
        assert panel.has("servers", server.id)
        assert pack.warnings == [f"resource pack {id_} is in use: it was disabled, and is no longer in this stack."]

    def test_one_that_let_itself_be_deleted_is_no_warning(self, pack: LivingResource, panel: Panel) -> None:
        pack.change(disable_if_in_use=True)
        pack.delete()
        assert (pack.warnings, panel.all("resource_packs")) == ([], [])

    def test_its_servers_can_go_with_it(self, pack: LivingResource, server: LivingResource, panel: Panel) -> None:
        panel.build_takes(2)
        fill(panel, pack, server)
        pack.change(delete_servers=True)
        panel.forget()
        id_ = pack.id
        pack.delete()
        destroy, *deletes = panel.writes()
        assert destroy == f"DELETE /selfService/resourcePackServers/{id_}?delay=0"
        assert len(deletes) > 1
        assert set(deletes) == {f"DELETE /selfService/resourcePack/{id_}?disable=false"}
        assert (panel.all("servers"), panel.all("resource_packs")) == ([], [])

    def test_that_wait_is_bounded(self, pack: LivingResource, server: LivingResource, panel: Panel) -> None:
        panel.build_takes(600)
        fill(panel, pack, server)
        pack.change(delete_servers=True)
        with pytest.raises(HostError, match=rf"^Waited \d s for the servers of resource pack {pack.id} to be deleted"):
            pack.delete(timeout=3)

    def test_one_that_is_gone_is_deleted(self, pack: LivingResource, panel: Panel) -> None:
        panel.delete("resource_packs", pack.id)
        pack.delete()


def test_a_refresh_reads_limits_and_use(pack: LivingResource, server: LivingResource, panel: Panel) -> None:
    fill(panel, pack, server)
    assert pack.refresh() == []
    assert (pack["used"]["servers"], pack["used"]["memory"]) == (1, 1024)


def test_a_pack_that_is_gone_is_noticed(pack: LivingResource, panel: Panel) -> None:
    panel.delete("resource_packs", pack.id)
    pack.refresh()
    assert pack.id == ""


def test_an_import_takes_the_rest_from_the_program(life: Life, pack: LivingResource, panel: Panel) -> None:
    twin = life("ResourcePack", "twin", import_=pack.id, relation=42, pack_id=1, enabled=True).create()
    assert (twin.id, twin["enabled"], twin["relation"]) == (pack.id, True, 42)
    assert twin.change(import_id=None).changed == []
    assert panel.writes() == []


class TestOwnerIsGone:
    """A pack does not name its owner: one of the same number and definition may be another customer's."""

    @pytest.fixture
    def strangers(self, panel: Panel, pack: LivingResource) -> LivingResource:
        """The pack as the state has it, where the panel has a stranger's by now."""
        panel.delete("resource_packs", pack.id)
        panel.mutate("users", only("users", panel, lambda user: user["extRelationId"] == 42)["id"], extRelationId=43)
        return pack

    def test_it_is_taken_for_gone(self, strangers: LivingResource, panel: Panel) -> None:
        strangers.refresh()
        assert (strangers.id, panel.writes()) == ("", [])


class TestForcedReplacement:
    """The engine asks for one by an option, which no comparison plans."""

    @pytest.fixture
    def full(self, panel: Panel, pack: LivingResource, server: LivingResource) -> LivingResource:
        pack.change(delete_servers=True)
        fill(panel, pack, server)
        panel.forget()
        return pack

    def test_of_a_pack_with_servers_is_refused_before_anything_is_made(
        self, full: LivingResource, panel: Panel
    ) -> None:
        full.plan(enabled=False)
        with pytest.raises(HostError, match="cannot be replaced while servers are in it"):
            full.hosted.check(full.arguments, None)
        assert panel.writes() == []

    @pytest.mark.parametrize("count", ["servers", "total_servers"])
    def test_of_a_pack_whose_count_cannot_be_read_is_refused_as_well(
        self, pack: LivingResource, panel: Panel, count: str
    ) -> None:
        pack.change(delete_servers=True)
        asked = requests.get(
            f"{panel.url}/selfService/resourcePack/{pack.id}", headers={"Authorization": f"Bearer {panel.token}"}
        )
        record = asked.json()["data"] | {"servers": [], "used": {count: "some"}}
        panel.fault("GET", f"^/selfService/resourcePack/{pack.id}$", status=200, body={"data": record}, times=None)
        pack.plan(enabled=False)
        with pytest.raises(HostError, match="is not what this operation answers"):
            pack.hosted.check(pack.arguments, None)
        assert panel.writes()[1:] == []

    @pytest.mark.parametrize("delete_first", [False, True])
    def test_by_a_flag_leaves_the_old_pack_and_its_servers(
        self, full: LivingResource, new_process: Life, panel: Panel, delete_first: bool
    ) -> None:
        old, outputs = full.id, full.outputs
        later = new_process.next_run(full)
        later.hosted.check(full.arguments, None)  # the flag makes no comparison
        if not delete_first:
            later.hosted.create(full.inputs)
        with pytest.raises(HostError, match="cannot be replaced while servers are in it"):
            later.hosted.delete(old, outputs)
        assert panel.has("resource_packs", old)
        assert len(panel.all("servers")) == 1

    def test_that_was_left_half_done_does_not_destroy_them_later(
        self, full: LivingResource, new_process: Life, panel: Panel
    ) -> None:
        old, outputs = full.id, full.outputs
        full.create()
        later = new_process.next_run(full)
        later.plan()
        with pytest.raises(HostError, match="cannot be replaced while servers are in it"):
            later.hosted.delete(old, outputs)
        assert len(panel.all("servers")) == 1
