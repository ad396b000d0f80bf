"""What a creation that was cut short may have made at a panel, and how the state gets hold of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.config import Settings
from pulumi_virtfusion.lifecycle.lost_answers import before_input
from pulumi_virtfusion.recovery.adoption import Adoption, adopt
from pulumi_virtfusion.recovery.findings import Findings, Window, at_no_panel, found_at, panels_of, settings_of
from pulumi_virtfusion.recovery.pending_operations import hides, of_preview, of_state, with_secrets
from pulumi_virtfusion.recovery.pulumi_cli import NoState
from pulumi_virtfusion.recovery.remembered import completed, remembered
from pulumi_virtfusion.recovery.stack_state import StackState, is_sealed, sealed
from pulumi_virtfusion.resources.user_relation import relations_sought
from pulumi_virtfusion.sandbox import RunningPanel
from pulumi_virtfusion.schema.timestamps import now, uniform
from tests.commands.conftest import KEY, TOKEN

PROVIDER = "urn:pulumi:dev::program::pulumi:providers:pulumi-python::default"
Look = Callable[..., Findings]


def resource(kind: str, called: str = "a", /, **facts: Any) -> dict[str, Any]:
    type_ = f"pulumi-python:dynamic/virtfusion:{kind}"
    urn = f"urn:pulumi:dev::program::{type_}::{called}"
    return {"urn": urn, "type": type_, "custom": True, "provider": f"{PROVIDER}::some-uuid", **facts}


NEW = {"Server": 0, "SshKey": 0, "TrafficBlock": 0, "NetworkWhitelistEntry": [], "ServerIpv4Addresses": []}
"""What a check noted where the panel had nothing of the kind."""
ALLOCATED = {"state": "", "built": ""}


def creating(kind: str, called: str = "a", /, *, before: Any = None, **inputs: Any) -> dict[str, Any]:
    """What a run was making; `before` is what its check had seen there, and all is new where that is left out."""
    seen = NEW.get(kind) if before is None else before
    return {
        "type": "creating",
        "resource": resource(kind, called, inputs={"__provider": "blob", **before_input(seen), **inputs}),
    }


def server_named(name: str, **inputs: Any) -> dict[str, Any]:
    return creating("Server", name, **{"package_id": 2, "user_id": 1, "hypervisor_group_id": 1, "name": name, **inputs})


@pytest.fixture
def look(panel: RunningPanel) -> Look:
    """Looks for what these operations made, of which the state holds these resources."""

    def at(*operations: dict[str, Any], held: tuple[dict[str, Any], ...] = (), **more: Any) -> Findings:
        deployment = {"resources": list(held), "pending_operations": list(operations)}
        begun = of_state(deployment, deployment, None)
        wanted = [*begun, *of_preview(more.get("preview", ()), None, begun, {})]
        settings = Settings(endpoint=panel.origin, token=TOKEN)
        urns = {PROVIDER, *(one["urn"] for one in held)}
        window = Window(now() - timedelta(minutes=10), now() + timedelta(minutes=10))
        state = StackState.of_deployment(deployment)
        wanted = completed(remembered(settings, deployment, state, window.since), state, wanted)
        return found_at(settings, state, wanted, window, urns, doubtful_too=more.get("doubtful_too", False))

    return at


def is_all(found: Findings) -> bool:
    """Whether nothing is left for a person."""
    return not (found.ambiguities or found.unlisted or found.orphans)


def doubts(found: Findings) -> dict[str, str]:
    return {one.name: trace.doubt for one, trace in found.doubtful}


def taken(found: Findings) -> dict[str, str]:
    return {one.wanted.name: one.trace.id for one in found.adoptions}


class TestServers:
    def make(self, client: VirtFusion, *names: str, **facts: Any) -> list[int]:
        made = []
        for name in names:
            facts = {"package_id": 2, "user_id": 1, "hypervisor_group_id": 1, **facts}
            made.append(client.servers.create(**facts).server_id)
            if name:
                client.servers.rename(made[-1], name)
        return made

    def test_each_goes_to_the_creation_of_its_name(self, look: Look, client: VirtFusion) -> None:
        self.make(client, "b", "a", "")
        found = look(*map(server_named, "abc"))
        assert taken(found) == {"a": "2", "b": "1", "c": "3"}
        assert is_all(found)

    def test_one_without_a_name_goes_to_any_creation_of_its_shape(self, look: Look, client: VirtFusion) -> None:
        self.make(client, "")
        found = look(server_named("a", hypervisor_group_id=2), server_named("b", memory=512), server_named("c"))
        assert taken(found) == {"c": "1"}
        assert [str(one) for one in found.nothing] == ["Server 'a'", "Server 'b'"]

    def test_more_of_them_than_creations_are_nobodys(self, look: Look, client: VirtFusion) -> None:
        self.make(client, "a", "")
        found = look(server_named("a"))
        assert found.adoptions == []
        assert [str(one) for one in found.ambiguities[0].objects] == ["server 1", "server 2"]
        assert [orphan.remove for orphan in found.orphans] == [
            "DELETE /servers/1?delay=0",
            "DELETE /servers/2?delay=0",
        ]

    def test_one_that_is_older_or_in_use_is_not_it(self, look: Look, client: VirtFusion, panel: RunningPanel) -> None:
        old, used = self.make(client, "a", "a")
        panel.mutate("servers", old, {"created": "2024-01-01T00:00:00+00:00"})
        client.servers.build(used, operating_system_id=1)
        found = look(server_named("a"))
        assert (found.adoptions, len(found.orphans)) == ([], 2)

    def test_what_the_creating_call_took_is_done_and_the_rest_is_not(self, look: Look, client: VirtFusion) -> None:
        self.make(client, "")
        (adoption,) = look(server_named("a", vnc=True, package_change={"memory": False})).adoptions
        outputs = adoption.resource()["outputs"]
        assert outputs["package_id"] == 2
        assert outputs["package_change"] == {"memory": False}
        assert outputs["__provider"] == "blob"
        assert "vnc" not in outputs
        assert outputs["name"] == ""

    def test_where_creations_differ_nothing_that_cannot_be_read_is_believed(
        self, look: Look, client: VirtFusion
    ) -> None:
        self.make(client, "")
        (adoption,) = look(server_named("a", firewall_rulesets=[1]), server_named("b")).adoptions
        assert "package_id" not in adoption.outputs
        assert "firewall_rulesets" not in adoption.outputs


class TestWhatHangsOnAServer:
    @pytest.fixture
    def server(self, client: VirtFusion) -> dict[str, Any]:
        """As the state holds it, once it is at the panel."""
        made = client.servers.create(package_id=1, user_id=1, hypervisor_group_id=1)
        return resource("Server", id="1", outputs={"user_id": 1, "own_ipv4_addresses": made.ipv4_addresses})

    def test_a_whitelist_entry_and_a_traffic_block_are_found(
        self, look: Look, client: VirtFusion, server: dict[str, Any]
    ) -> None:
        client.servers.add_whitelist_entry(1, interface="primary", ip="192.0.2.1", cidr=32)
        client.servers.add_traffic_block(1, month=2, amount=5)
        entry = {"server_id": 1, "interface": "primary", "cidr": 32}
        found = look(
            creating("NetworkWhitelistEntry", "entry", ip="192.0.2.1", **entry),
            creating("NetworkWhitelistEntry", "other", ip="192.0.2.2", **entry),
            creating("TrafficBlock", "block", server_id=1, month=2, amount=5),
            creating("TrafficBlock", "later", server_id=1, month=3, amount=5),
            held=(server,),
        )
        assert taken(found) == {"entry": "1/primary/192.0.2.1", "block": "1/1"}
        assert [one.name for one in found.nothing] == ["other", "later"]
        assert is_all(found)

    def test_two_equal_blocks_of_which_one_is_wanted_are_nobodys(
        self, look: Look, client: VirtFusion, server: dict[str, Any]
    ) -> None:
        for _ in range(2):
            client.servers.add_traffic_block(1, month=2, amount=5)
        found = look(creating("TrafficBlock", server_id=1, month=2, amount=5), held=(server,))
        assert (found.adoptions, len(found.ambiguities), len(found.orphans)) == ([], 1, 2)

    def test_settings_that_had_begun_are_held_on_to(
        self, look: Look, client: VirtFusion, server: dict[str, Any]
    ) -> None:
        client.servers.enable_firewall(1, "primary")
        found = look(
            creating("ServerFirewall", "firewall", server_id=1, interface="primary", enabled=True, rulesets=[1]),
            creating("ServerCustomXml", "xml", server_id=1, domain="<a/>", domain_enabled=True),
            held=(server,),
        )
        assert taken(found) == {"firewall": "1/primary", "xml": "1"}
        firewall, xml = (one.outputs for one in found.adoptions)
        assert (firewall["enabled"], "rulesets" in firewall) == (True, False)
        assert xml["domain"] == ""

    @pytest.mark.parametrize(
        ("operating_system", "hostname", "is_it"),
        [(1, "a.example.com", True), (2, "a.example.com", False), (1, "b.example.com", False)],
    )
    def test_a_build_is_known_by_what_it_installs(
        self, look: Look, client: VirtFusion, server: dict[str, Any], operating_system: int, hostname: str, is_it: bool
    ) -> None:
        client.servers.build(1, operating_system_id=1, hostname="a.example.com")
        given = {"operating_system_id": operating_system, "hostname": hostname}
        build = creating("ServerBuild", server_id=1, **given, before=ALLOCATED)
        assert bool(look(build, held=(server,)).adoptions) is is_it

    def test_a_build_that_was_to_be_replaced_and_is_still_the_old_one_is_not_it(
        self, look: Look, client: VirtFusion, server: dict[str, Any], panel: RunningPanel
    ) -> None:
        client.servers.build(1, operating_system_id=1)
        panel.advance(5)
        arguments = {"server_id": 1, "operating_system_id": 1}
        there = client.servers.get(1)
        old = resource("ServerBuild", id="1", outputs={**arguments, "built": there.built})
        seen = {"state": there.state, "built": uniform(there.built)}
        again = creating("ServerBuild", **arguments, swap=512, before=seen)
        assert look(again, held=(server, old)).adoptions == []
        client.servers.build(1, operating_system_id=1, swap=512)
        assert taken(look(again, held=(server, old))) == {"a": "1"}

    def test_new_addresses_go_to_those_that_asked_for_them(
        self, look: Look, client: VirtFusion, server: dict[str, Any]
    ) -> None:
        server["outputs"]["ipv4_addresses"] = server["outputs"]["own_ipv4_addresses"]
        own, other = client.servers.add_ipv4_quantity(1, interface="primary", quantity=2)
        arguments = {"server_id": 1, "interface": "primary"}
        updating = {"type": "updating", "resource": resource("Server", inputs={"ipv4": 2})}
        new = creating("ServerIpv4Addresses", "more", **arguments, quantity=1)
        found = look(updating, new, held=(server,))
        assert {one.wanted.name: one.trace.addresses[-1] for one in found.adoptions} == {"a": own, "more": other}
        deployment = {"resources": [dict(server)]}
        assert adopt(deployment, found.adoptions[:1]) == []
        assert deployment["resources"][0]["outputs"]["ipv4"] == 2
        assert look(new, held=(server,)).ambiguities

    def test_an_address_of_one_is_no_candidate_of_another(
        self, look: Look, client: VirtFusion, server: dict[str, Any]
    ) -> None:
        (address,) = client.servers.add_ipv4_quantity(1, interface="primary", quantity=1)
        one_more = {"server_id": 1, "interface": "primary", "quantity": 1}
        seen = server["outputs"]["own_ipv4_addresses"]
        found = look(*(creating("ServerIpv4Addresses", name, **one_more, before=seen) for name in "ab"), held=(server,))
        assert taken(found) == {"a": f"1/primary/{address}"}
        assert (found.doubtful, [one.name for one in found.nothing], is_all(found)) == ([], ["b"], True)

    def test_an_address_that_an_update_added_is_no_candidate_of_another(
        self, look: Look, client: VirtFusion, server: dict[str, Any]
    ) -> None:
        server["outputs"]["ipv4_addresses"] = server["outputs"]["own_ipv4_addresses"]
        client.servers.add_ipv4_quantity(1, interface="primary", quantity=1)
        updating = {"type": "updating", "resource": resource("Server", inputs={"ipv4": 2})}
        new = creating("ServerIpv4Addresses", "more", server_id=1, interface="primary", quantity=1)
        found = look(updating, new, held=(server,))
        assert ([*taken(found)], found.doubtful, [one.name for one in found.nothing]) == (["a"], [], ["more"])

    def test_each_gets_addresses_that_it_may_have_added(
        self, look: Look, client: VirtFusion, server: dict[str, Any]
    ) -> None:
        """The check of the second saw the later address there already."""
        first, later = client.servers.add_ipv4_quantity(1, interface="primary", quantity=2)
        seen = server["outputs"]["own_ipv4_addresses"]
        one_more = {"server_id": 1, "interface": "primary", "quantity": 1}
        a = creating("ServerIpv4Addresses", "a", **one_more, before=seen)
        b = creating("ServerIpv4Addresses", "b", **one_more, before=[*seen, later])
        found = look(a, b, held=(server,))
        assert taken(found) == {"a": f"1/primary/{later}", "b": f"1/primary/{first}"}
        assert is_all(found)

    def test_more_addresses_than_those_that_may_have_added_them_want_are_nobodys(
        self, look: Look, client: VirtFusion, server: dict[str, Any]
    ) -> None:
        """The check of the second, which wants many, saw both there already."""
        added = client.servers.add_ipv4_quantity(1, interface="primary", quantity=2)
        seen = server["outputs"]["own_ipv4_addresses"]
        on = {"server_id": 1, "interface": "primary"}
        a = creating("ServerIpv4Addresses", "a", **on, quantity=1, before=seen)
        b = creating("ServerIpv4Addresses", "b", **on, quantity=5, before=[*seen, *added])
        found = look(a, b, held=(server,))
        (ambiguity,) = found.ambiguities
        assert (found.adoptions, [one.name for one in ambiguity.makers], len(ambiguity.objects)) == ([], ["a"], 2)

    def test_an_address_that_two_name_goes_to_one_of_them(
        self, look: Look, client: VirtFusion, server: dict[str, Any]
    ) -> None:
        client.servers.add_ipv4_addresses(1, interface="primary", addresses=["198.51.100.9"])
        named = {"server_id": 1, "interface": "primary", "addresses": ["198.51.100.9"]}
        found = look(*(creating("ServerIpv4Addresses", name, **named) for name in "ab"), held=(server,))
        assert (len(found.adoptions), len(found.nothing), found.doubtful) == (1, 1, [])

    def test_named_addresses_are_taken_as_far_as_they_are_there(
        self, look: Look, client: VirtFusion, server: dict[str, Any]
    ) -> None:
        client.servers.add_ipv4_addresses(1, interface="primary", addresses=["198.51.100.9"])
        named = ["198.51.100.8", "198.51.100.9"]
        arguments = {"server_id": 1, "interface": "primary", "addresses": named}
        (adoption,) = look(creating("ServerIpv4Addresses", **arguments), held=(server,)).adoptions
        assert adoption.outputs["addresses"] == ["198.51.100.9"]


class TestUsersAndTheirs:
    def test_a_user_is_known_by_relation_and_address_if_it_is_new(
        self, look: Look, client: VirtFusion, panel: RunningPanel
    ) -> None:
        client.users.create(name="Ada", email="ada@example.com", ext_relation_id=7)
        ada = {"name": "Ada", "email": "Ada@example.com", "ext_relation_id": 7}
        (adoption,) = look(creating("User", **ada)).adoptions
        assert (adoption.trace.id, adoption.outputs["user_id"]) == ("2", 2)
        found = look(creating("User", **{**ada, "email": "bob@example.com"}))
        assert (found.adoptions, found.nothing) == ([], []), "a user of that relation is there"
        assert doubts(found) == {"a": "email is 'ada@example.com' at the panel and 'bob@example.com' in the program"}
        panel.mutate("users", 2, {"created": "2024-01-01T00:00:00+00:00"})
        found = look(creating("User", **ada))
        assert found.adoptions == []
        assert doubts(found) == {"a": "by the panel's clock it was made 2024-01-01T00:00:00Z, before the run began"}

    def test_all_that_was_given_has_to_be_the_same(self, look: Look, client: VirtFusion) -> None:
        client.users.create(name="Eve", email="ada@example.com", ext_relation_id=7)
        found = look(creating("User", name="Ada", email="ada@example.com", ext_relation_id=7))
        assert (found.adoptions, found.nothing) == ([], [])
        assert doubts(found) == {"a": "name is 'Eve' at the panel and 'Ada' in the program"}

    def test_a_generated_relation_is_found_after_another_user_had_the_address(
        self, look: Look, client: VirtFusion
    ) -> None:
        first, second, *_ = relations_sought({"email": "ada@example.com"})
        client.users.create(name="Eve", email="eve@example.com", rel_str=str(first))
        client.users.create(name="Ada", email="ada@example.com", rel_str=str(second))
        assert taken(look(creating("User", name="Ada", email="ada@example.com"))) == {"a": "3"}

    def test_a_key_and_a_profile_are_found(self, look: Look, client: VirtFusion) -> None:
        client.users.create(name="Ada", email="ada@example.com", ext_relation_id=7)
        client.ssh_keys.create(user_id=2, name="laptop", public_key=KEY)
        client.self_service.add_hourly_group_profile(7, 1)
        found = look(
            creating("SshKey", "key", user_id=2, name="laptop", public_key=KEY.rpartition(" ")[0]),
            creating("SshKey", "other", user_id=2, name="desktop", public_key=KEY),
            creating("HourlyGroupProfile", "profile", relation=7, profile_id=1),
            creating("ResourceGroupProfile", "none", relation=7, profile_id=1),
        )
        assert taken(found) == {"key": "1", "profile": "7/1"}
        assert [one.name for one in found.nothing] == ["other", "none"]

    def test_what_cannot_be_listed_is_never_guessed(self, look: Look) -> None:
        pack = creating("ResourcePack", "pack", relation=7, pack_id=1)
        found = look(pack)
        assert ([one.name for one in found.unlisted], is_all(found)) == (["pack"], False)
        planned = {"op": "create", "newState": pack["resource"]}
        found = look(preview=[planned])
        assert ([one.name for one in found.unproven], is_all(found)) == (["pack"], True)

    def test_what_was_being_taken_over_was_not_made(self, look: Look, client: VirtFusion) -> None:
        client.users.create(name="Ada", email="ada@example.com", ext_relation_id=7)
        ada = {"name": "Ada", "email": "ada@example.com", "ext_relation_id": 7, "import_id": "7"}
        found = look(creating("User", **ada))
        assert (found.adoptions, found.nothing) == ([], [])


def test_of_a_preview_only_what_it_shows_is_looked_for(look: Look, client: VirtFusion) -> None:
    client.ssh_keys.create(user_id=1, name="laptop", public_key=KEY)
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    steps = [
        {"op": op, "newState": creating("SshKey", op, user_id=owner, name=name, public_key=KEY)["resource"]}
        for op, owner, name in [
            ("same", 1, "laptop"),
            ("create", unknown, "laptop"),
            ("create-replacement", 1, "[secret]"),
        ]
    ]
    assert look(preview=steps).adoptions == []
    steps[0]["op"] = "create"
    found = look(preview=steps)
    assert doubts(found) == {"same": "nothing tells whether it was there before"}
    assert [(one.name, why) for one, why in found.unread] == [
        ("create-replacement", "name: secret, and not shown here")
    ]
    assert taken(look(preview=steps, doubtful_too=True)) == {"same": "1"}


def test_what_a_preview_hides_is_looked_for_where_the_same_preview_shows_it(look: Look, client: VirtFusion) -> None:
    client.ssh_keys.create(user_id=1, name="marked-secret", public_key=KEY)
    hidden, shown = (
        [
            {
                "op": "create",
                "urn": "key",
                "newState": creating("SshKey", user_id=1, name=name, public_key=KEY)["resource"],
            }
        ]
        for name in ("[secret]", "marked-secret")
    )
    assert hides(hidden)
    steps, secrets = with_secrets(hidden, shown)
    assert secrets == ["marked-secret"]
    (adoption,) = look(preview=steps, doubtful_too=True).adoptions
    assert is_sealed(adoption.resource()["inputs"]["name"])


NOTED = [
    ("Server", {"package_id": 2, "user_id": 1, "hypervisor_group_id": 1}, 1),
    ("SshKey", {"user_id": 1, "name": "laptop", "public_key": KEY}, 1),
    ("TrafficBlock", {"server_id": 1, "month": 1, "amount": 5}, 1),
    ("NetworkWhitelistEntry", {"server_id": 1, "interface": "primary", "ip": "192.0.2.1", "cidr": 32}, [32]),
    ("ServerIpv4Addresses", {"server_id": 1, "interface": "primary", "quantity": 1}, ["198.51.100.3"]),
]


@pytest.mark.usefixtures("strangers")
class TestProof:
    """Something that is like what was being made, and no resource has it: who made it?"""

    @pytest.fixture
    def strangers(self, client: VirtFusion) -> None:
        """One object of each kind, which no state has."""
        client.users.create(name="Ada", email="ada@example.com", ext_relation_id=7)
        client.servers.create(package_id=2, user_id=1, hypervisor_group_id=1)
        client.servers.add_traffic_block(1, month=1, amount=5)
        client.servers.add_whitelist_entry(1, interface="primary", ip="192.0.2.1", cidr=32)
        client.servers.add_ipv4_addresses(1, interface="primary", addresses=["198.51.100.3"])
        client.ssh_keys.create(user_id=1, name="laptop", public_key=KEY)

    @pytest.mark.parametrize(("kind", "given", "seen"), NOTED)
    def test_what_was_there_before_was_not_made(self, look: Look, kind: str, given: dict[str, Any], seen: Any) -> None:
        assert taken(look(creating(kind, **given, before=seen))) == {}

    @pytest.mark.parametrize(("kind", "given"), [one[:2] for one in NOTED])
    def test_what_was_not_there_before_was(self, look: Look, kind: str, given: dict[str, Any]) -> None:
        assert len(taken(look(creating(kind, **given)))) == 1

    @pytest.mark.parametrize(("kind", "given"), [one[:2] for one in NOTED])
    def test_where_nothing_tells_it_is_a_candidate(self, look: Look, kind: str, given: dict[str, Any]) -> None:
        operation = creating(kind, **given)
        del operation["resource"]["inputs"]["__before"]
        found = look(operation)
        assert (found.adoptions, found.nothing) == ([], [])
        assert doubts(found) == {"a": "nothing tells whether it was there before"}
        assert len(taken(look(operation, doubtful_too=True))) == 1

    @pytest.mark.parametrize(("kind", "given", "seen"), NOTED)
    @pytest.mark.parametrize(("made", "is_proven"), [(timedelta(minutes=5), True), (timedelta(hours=5), False)])
    def test_with_what_the_run_itself_had_made_there_was_nothing(
        self,
        look: Look,
        client: VirtFusion,
        kind: str,
        given: dict[str, Any],
        seen: Any,
        made: timedelta,
        is_proven: bool,
    ) -> None:
        """The state says nothing of what was under way, but that it made the owner and the server in the same run."""
        created = {"created": f"{(now() - made).isoformat()[:19]}.123456789Z"}
        held: list[dict[str, Any]] = [resource("User", id="1", outputs={"user_id": 1}, **created)]
        if kind not in ("Server", "SshKey"):
            address = client.servers.get(1).primary_ipv4
            outputs = {"user_id": 1, "own_ipv4_addresses": [address], "ipv4_addresses": [address]}
            held.append(resource("Server", id="1", outputs={**outputs, "state": "allocated"}, **created))
        planned = {"op": "create", "newState": creating(kind, **given, before=seen)["resource"]}
        found = look(preview=[planned], held=tuple(held))
        # Which addresses a server had, the state tells also of an older one.
        assert bool(found.adoptions) is (is_proven or kind == "ServerIpv4Addresses")
        assert bool(found.adoptions) is not bool(found.doubtful)

    def test_what_the_program_wants_and_is_older_than_the_run_is_no_candidate(
        self, look: Look, client: VirtFusion, panel: RunningPanel
    ) -> None:
        """A destroy that was cut short has forgotten a build; the program, as ever, wants it."""
        client.servers.build(1, operating_system_id=1)
        panel.advance(5)
        panel.mutate("servers", 1, {"built": (now() - timedelta(hours=5)).isoformat()})
        server = resource("Server", id="1", outputs={"user_id": 1, "state": "complete"})
        build = creating("ServerBuild", server_id=1, operating_system_id=1)
        found = look(preview=[{"op": "create", "newState": build["resource"]}], held=(server,))
        assert (found.adoptions, found.doubtful, [one.name for one, _ in found.older]) == ([], [], ["a"])
        found = look(build, held=(server,))
        assert (found.adoptions, found.nothing, found.older) == ([], [], [])
        assert "before the run began" in doubts(found)["a"]

    def test_a_build_on_a_server_that_was_empty_when_it_was_last_read(self, look: Look, client: VirtFusion) -> None:
        client.servers.build(1, operating_system_id=1)
        server = resource("Server", id="1", outputs={"user_id": 1, "state": "allocated"})
        planned = {"op": "create", "newState": creating("ServerBuild", server_id=1, operating_system_id=1)["resource"]}
        assert taken(look(preview=[planned], held=(server,))) == {"a": "1"}
        server["outputs"]["state"] = "complete"
        assert doubts(look(preview=[planned], held=(server,))) == {"a": "nothing tells whether it was there before"}

    def test_a_time_rules_out_and_is_told(self, look: Look, panel: RunningPanel) -> None:
        """The panel's clock is two hours behind."""
        panel.mutate("servers", 1, {"created": (now() - timedelta(hours=2)).isoformat()})
        found = look(server_named("a"))
        assert (found.adoptions, found.nothing) == ([], [])
        assert "before the run began" in doubts(found)["a"]

    def test_what_was_made_after_the_run_was_not_made_by_it(self, look: Look, panel: RunningPanel) -> None:
        panel.mutate("servers", 1, {"created": (now() + timedelta(hours=2)).isoformat()})
        assert "after the run had ended" in doubts(look(server_named("a")))["a"]

    def test_a_build_that_ended_by_a_clock_that_is_behind_is_the_runs(
        self, look: Look, client: VirtFusion, panel: RunningPanel
    ) -> None:
        client.servers.build(1, operating_system_id=1)
        panel.advance(5)
        panel.mutate("servers", 1, {"built": (now() - timedelta(hours=2)).isoformat()})
        assert taken(look(creating("ServerBuild", server_id=1, operating_system_id=1, before=ALLOCATED))) == {"a": "1"}


def test_a_secret_of_the_program_is_sealed_in_the_state(look: Look, client: VirtFusion) -> None:
    client.ssh_keys.create(user_id=1, name="marked-secret", public_key=KEY)
    given = {"user_id": 1, "public_key": KEY}
    in_plain = creating("SshKey", **given, name="marked-secret")["resource"]
    as_kept = creating("SshKey", **given, name=sealed("marked-secret"))["resource"]
    found = look(creating("SshKey", **given, name="marked-secret"))
    kept, plain = ({"pending_operations": [{"type": "creating", "resource": one}]} for one in (as_kept, in_plain))
    (wanted,) = of_state(kept, plain, None)
    adoption = Adoption(found.adoptions[0].context, wanted, found.adoptions[0].trace)
    made = adoption.resource()
    assert is_sealed(made["inputs"]["name"])
    assert is_sealed(made["outputs"]["name"])
    assert made["outputs"]["public_key"] == KEY


class TestPlacesInTheState:
    @pytest.fixture
    def key(self, look: Look, client: VirtFusion) -> Adoption:
        client.ssh_keys.create(user_id=1, name="laptop", public_key=KEY)
        operation = creating("SshKey", user_id=1, name="laptop", public_key=KEY)
        operation["resource"]["provider"] = ""
        (adoption,) = look(operation).adoptions
        return adoption

    def test_a_replacement_stands_before_what_it_replaces(self, key: Adoption) -> None:
        old, other = resource("SshKey", id="9"), resource("Server", id="1")
        deployment = {"resources": [old, other]}
        assert adopt(deployment, [key]) == []
        ids = [(one["id"], one.get("delete")) for one in deployment["resources"]]
        assert ids == [("1", None), ("1", None), ("9", True)]

    def test_what_was_deleted_first_is_gone(self, key: Adoption) -> None:
        deployment = {"resources": [resource("SshKey", id="9", pendingReplacement=True)]}
        adopt(deployment, [key])
        assert [one["id"] for one in deployment["resources"]] == ["1"]

    def test_without_what_it_depends_on_it_has_none(self, look: Look, key: Adoption) -> None:
        operation = creating("SshKey", user_id=1, name="laptop", public_key=KEY)
        operation["resource"]["dependencies"] = ["urn:gone"]
        found = look(operation)
        assert (found.adoptions, found.nothing) == ([], [])
        ((wanted, why),) = found.unread
        assert why == "the state does not hold what it needs, urn:gone"
        deployment: dict[str, Any] = {"resources": []}
        homeless = Adoption(key.context, wanted, key.trace)
        assert adopt(deployment, [homeless]) == [homeless]
        assert deployment == {"resources": []}


LACKING = {
    "its parent": {"parent": "urn:gone"},
    "its dependency": {"dependencies": ["urn:gone"]},
    "its provider": {"provider": "urn:pulumi:dev::program::pulumi:providers:pulumi-python::default_9::uuid"},
    "what it is deleted with": {"deletedWith": "urn:gone"},
}
MADE: list[tuple[str, dict[str, Any]]] = [
    ("Server", {"package_id": 2, "user_id": 1, "hypervisor_group_id": 1}),
    ("SshKey", {"user_id": 1, "name": "laptop", "public_key": KEY}),
    ("User", {"name": "Ada", "email": "ada@example.com", "ext_relation_id": 7}),
    ("HourlyGroupProfile", {"relation": 7, "profile_id": 1}),
    ("ServerIpv4Addresses", {"server_id": 1, "interface": "primary", "quantity": 1}),
]


class TestWhatWasNotLookedFor:
    """Nothing is said of it but that."""

    @pytest.mark.parametrize("lacking", LACKING.values(), ids=LACKING.keys())
    @pytest.mark.parametrize(("kind", "given"), MADE)
    def test_what_the_state_lacks_something_for(
        self, look: Look, kind: str, given: dict[str, Any], lacking: dict[str, Any]
    ) -> None:
        operation = creating(kind, **given)
        operation["resource"].update(lacking)
        found = look(operation)
        assert (found.adoptions, found.nothing, found.doubtful) == ([], [], [])
        assert [one.kind for one, _ in found.unread] == [kind]

    @pytest.mark.parametrize(("kind", "given"), MADE)
    def test_what_the_state_does_not_describe(self, look: Look, kind: str, given: dict[str, Any]) -> None:
        missing = next(iter(given))
        operation = creating(kind, **{name: value for name, value in given.items() if name != missing})
        found = look(operation)
        assert (found.adoptions, found.nothing) == ([], [])
        assert [why for _, why in found.unread] == [f"the state does not tell its {missing}"]

    def test_what_the_api_cannot_list_and_the_state_does_not_describe(self, look: Look) -> None:
        found = look(creating("UserCredit", "credit", relation=7))
        assert [one.name for one in found.unlisted] == ["credit"]

    def test_an_argument_that_cannot_be(self, look: Look) -> None:
        found = look(creating("HourlyGroupProfile", relation="7/8", profile_id=1))
        assert (found.nothing, len(found.unread)) == ([], 1)


@pytest.mark.parametrize("name", ["eu", "default-eu", "default_1"])
def test_each_provider_is_asked_with_its_own_settings(name: str) -> None:
    """What the engine makes has neither a parent nor settings, whatever the program calls its own."""
    theirs = {
        "urn": f"urn:pulumi:dev::program::pulumi:providers:pulumi-python::{name}",
        "type": "pulumi:providers:pulumi-python",
        "parent": "urn:pulumi:dev::program::pulumi:pulumi:Stack::program-dev",
        "inputs": {"virtfusion:endpoint": "https://eu.example.com", "virtfusion:token": "theirs"},
    }
    key = resource("SshKey", id="1", provider=f"{theirs['urn']}::uuid")
    own = {"virtfusion:endpoint": "https://own.example.com", "virtfusion:token": "own"}
    panels = panels_of({"resources": [theirs, key]}, own.get)
    assert {urn: (panel.endpoint, panel.token) for urn, panel in panels.items()} == {
        None: ("https://own.example.com", "own"),
        theirs["urn"]: ("https://eu.example.com", "theirs"),
    }
    del own["virtfusion:token"]
    assert panels_of({"resources": [theirs, key]}, own.get).keys() == {theirs["urn"]}


def test_a_provider_that_the_state_does_not_hold_has_no_panel() -> None:
    """Its settings are nowhere: those of the environment are another panel's."""
    urn = "urn:pulumi:dev::program::pulumi:providers:pulumi-python::eu"
    operation = creating("SshKey", "key", user_id=1, name="laptop", public_key=KEY)
    operation["resource"]["provider"] = f"{urn}::uuid"
    deployment = {"pending_operations": [operation]}
    assert panels_of(deployment, lambda _: None) == {}
    ((one, why),) = at_no_panel(deployment, deployment)
    assert (one.name, why) == ("key", f"the state does not hold its provider {urn}, which alone tells the panel")
    with pytest.raises(NoState, match="does not hold the provider"):
        settings_of({}, urn)


def test_two_providers_of_one_name_are_two_panels() -> None:
    providers = [
        {
            "urn": f"urn:pulumi:dev::program::my:{region}$pulumi:providers:pulumi-python::there",
            "type": "pulumi:providers:pulumi-python",
            "parent": f"urn:pulumi:dev::program::my:{region}::a",
            "inputs": {"virtfusion:endpoint": f"https://{region}.example.com", "virtfusion:token": "theirs"},
        }
        for region in ("eu", "us")
    ]
    keys = [resource("SshKey", id="1", provider=f"{one['urn']}::uuid") for one in providers]
    panels = panels_of({"resources": [*providers, *keys]}, lambda _: None)
    assert {panel.endpoint for panel in panels.values()} == {"https://eu.example.com", "https://us.example.com"}


class TestNotesOfAnEarlierOperation:
    """What a check noted before the creation still stands in the inputs of an update: it tells nothing of that."""

    def test_what_a_server_has_grown_by_is_found(self, look: Look, client: VirtFusion) -> None:
        own = client.servers.create(package_id=1, user_id=1, hypervisor_group_id=1).ipv4_addresses
        outputs = {"user_id": 1, "own_ipv4_addresses": own, "ipv4_addresses": own}
        noted = before_input(0)
        held = resource("Server", id="1", inputs=dict(noted), outputs=outputs)
        client.servers.add_ipv4_quantity(1, interface="primary", quantity=1)
        inputs = {"package_id": 1, "user_id": 1, "hypervisor_group_id": 1, "ipv4": 2, **noted}
        found = look({"type": "updating", "resource": resource("Server", inputs=inputs)}, held=(held,))
        assert len(taken(found)) == 1

    def test_an_address_that_somebody_added_meanwhile_is_not_taken_over(self, look: Look, client: VirtFusion) -> None:
        own = client.servers.create(package_id=1, user_id=1, hypervisor_group_id=1).ipv4_addresses
        (first,) = client.servers.add_ipv4_quantity(1, interface="primary", quantity=1)
        (stranger,) = client.servers.add_ipv4_quantity(1, interface="primary", quantity=1)
        outputs = {"user_id": 1, "own_ipv4_addresses": own, "ipv4_addresses": [*own, first, stranger]}
        server = resource("Server", id="1", outputs=outputs)
        on, noted, id_ = {"server_id": 1, "interface": "primary"}, before_input(own), f"1/primary/{first}"
        had = {**on, "addresses": [first], "quantity": 1}
        more = resource("ServerIpv4Addresses", "more", id=id_, inputs=dict(noted), outputs=had)
        new = resource("ServerIpv4Addresses", "more", id=id_, inputs={**on, "quantity": 2, **noted})
        assert taken(look({"type": "updating", "resource": new}, held=(server, more))) == {}
