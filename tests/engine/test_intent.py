"""On the real engine nothing is destroyed that the program did not ask for, and the preview says what will be."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.sandbox import RunningPanel
from tests.engine.begun import Begun, begun
from tests.stack import Result

LAPTOP = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp ada@laptop"
PHONE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUVDgwDyLGWOBBsYvPuTtJ1iVTfI4YQnJMIkZjGVGAn ada@phone"
PROGRAM = f"""
import pulumi
import pulumi_virtfusion as virtfusion

LAPTOP = "{LAPTOP}"
PHONE = "{PHONE}"
Options = pulumi.ResourceOptions

ada = virtfusion.User("ada", name="Ada", email="ada@example.com", ext_relation_id=1001, self_service=3)
key = virtfusion.SshKey("key", user_id=ada.user_id, name="laptop", public_key=LAPTOP)
pack = virtfusion.ResourcePack("pack", relation=ada.relation, pack_id=1, delete_servers=True)
web = virtfusion.Server("web", package_id=1, user_id=ada.user_id, hypervisor_group_id=1, name="web-1")
system = virtfusion.ServerBuild(
    "system", server_id=web.id, operating_system_id=1, hostname="web1.example.com", ssh_keys=[key.ssh_key_id]
)
"""
WIPES = (
    "wipes the disk of server 1 ('web-1', 198.51.100.2, of user 2), host name web1.example.com: operating system 1, "
    "which is installed there, and everything else on it."
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, pulumi_home: object) -> Iterator[tuple[Begun, RunningPanel]]:
    """The program's stack, made once."""
    with begun(PROGRAM, tmp_path_factory.mktemp("intent"), pulumi_home) as made:  # type: ignore[arg-type]
        yield made


@pytest.fixture
def stack(made: tuple[Begun, RunningPanel]) -> Begun:
    made[0].begin_again()
    return made[0]


@pytest.fixture
def panel(made: tuple[Begun, RunningPanel]) -> RunningPanel:
    return made[1]


def reinstall(panel: RunningPanel, operating_system_id: int) -> None:
    """The customer installs another system on server 1."""
    panel.advance(60)
    VirtFusion(panel.url, panel.token).servers.build(1, operating_system_id=operating_system_id)
    panel.advance(60)


def warnings(stack: Begun, name: str, result: Result) -> list[str]:
    return [line.removeprefix("warning: ") for line in stack.said_of(name, result) if line.startswith("warning: ")]


def test_another_key_builds_nothing(stack: Begun) -> None:
    stack.replace(("public_key=LAPTOP", "public_key=PHONE"))
    assert {(step.name, step.op) for step in stack.preview_steps() if not step.op.startswith(("create", "delete"))} == {
        ("key", "replace"), ("system", "update"),
    }  # fmt: skip
    result = stack.up()
    assert stack.changed == ["POST /ssh_keys", "DELETE /ssh_keys/1"]
    (said,) = stack.said_of("system", result)
    assert said.startswith("ssh_keys: counts from the next build on; nothing is built now, and the disk stays as it is")
    # What is for the next build, and one more key, are no reason for one either.
    stack.replace(("web1.example.com", "web2.example.com"), ("[key.ssh_key_id]", "[key.ssh_key_id, more.ssh_key_id]"))
    stack.replace(("\npack =", '\nmore = virtfusion.SshKey("m", user_id=2, name="m", public_key=LAPTOP)\npack ='))
    stack.up()
    assert stack.changed == ["POST /ssh_keys"]
    stack.preview("--expect-no-changes")


def test_what_a_replacement_destroys_is_said_under_each_resource(stack: Begun, panel: RunningPanel) -> None:
    stack.replace(("operating_system_id=1", "operating_system_id=2"))
    assert warnings(stack, "system", stack.preview()) == [f"operating_system_id: the replacement {WIPES}"]
    stack.replace(("hypervisor_group_id=1", "hypervisor_group_id=2"))
    result = stack.preview()
    assert warnings(stack, "web", result) == [
        "hypervisor_group_id: the replacement destroys server 1 ('web-1', 198.51.100.2, of user 2), its disk with "
        "everything on it, and gives its addresses back to the panel; the new server gets others."
    ]
    assert warnings(stack, "system", result) == [f"server_id, operating_system_id: the replacement {WIPES}"]
    stack.up()
    assert [server["id"] for server in panel.state()["servers"]] == [2]
    stack.preview("--expect-no-changes")


def test_what_drifted_is_told_and_never_put_back_by_a_destruction(stack: Begun, panel: RunningPanel) -> None:
    reinstall(panel, 2)
    panel.mutate("servers", 1, {"hypervisor.groupId": 2})
    panel.mutate("ssh_keys", 1, {"name": "renamed"})
    told = {
        "system": "operating_system_id is 2 at the panel, and 1 in the program. Only a replacement could put it back",
        "web": "hypervisor_group_id is 2 at the panel, and 1 in the program. Only a replacement could put it back",
        "key": "name is 'renamed' at the panel, and 'laptop' in the program. Only a replacement could put it back",
    }
    ways_out = {
        "system": f"Write 2 into the program to accept what is there; or ask for the replacement with `pulumi up "
        f"--target-replace '{stack.urn('ServerBuild', 'system')}'` or `triggers`.",
        "web": f"Write 2 into the program to accept what is there; or ask for the replacement with `pulumi up "
        f"--target-replace '{stack.urn('Server', 'web')}'`.",
    }
    for command in ("refresh --preview-only", "preview --refresh", "up --refresh --yes --skip-preview"):
        result = stack.run(*command.split())
        assert stack.changed == []
        for name, text in told.items():
            (said,) = warnings(stack, name, result)
            assert said.startswith(text)
            assert said.endswith(ways_out.get(name, ""))
    kept = stack.resources()["system"]
    assert (kept["inputs"]["operating_system_id"], kept["outputs"]["operating_system_id"]) == (1, 2)

    # Something else is changed later, and only that.
    stack.replace(('name="web-1"', 'name="web-2"'), ("web1.example.com", "web2.example.com"))
    stack.up()
    assert stack.changed == ["PUT /servers/1/modify/name"]
    # The panel's value is taken over without a request; a third one is asked for.
    stack.replace(("operating_system_id=1", "operating_system_id=2"), ("group_id=1", "group_id=2"))
    stack.up()
    assert stack.asked == []
    stack.refresh("--expect-no-changes")
    stack.replace(("operating_system_id=2", "operating_system_id=3"))
    assert ("system", "replace") in {(step.name, step.op) for step in stack.preview_steps()}


def test_a_change_that_goes_back_to_what_drifted_away_asks_for_nothing(stack: Begun, panel: RunningPanel) -> None:
    reinstall(panel, 2)
    stack.refresh()
    reinstall(panel, 1)
    assert warnings(stack, "system", stack.refresh()) == []
    # An argument that the program ignores is not its own words either.
    stack.replace(("ssh_keys=[key", 'opts=Options(ignore_changes=["operating_system_id"]), ssh_keys=[key'))
    stack.replace(("operating_system_id=1", "operating_system_id=3"))
    assert stack.preview_steps() == []
    reinstall(panel, 2)
    stack.up("--refresh")
    assert stack.changed == []


def test_another_relation_of_an_owner_is_refused_before_anything_is_deleted(stack: Begun) -> None:
    stack.replace(("ext_relation_id=1001", "ext_relation_id=2001"))
    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        (said,) = stack.said_of("ada", stack.run(*command, fails=True))
        assert "user 1001 (Ada, ada@example.com) owns 1 servers (such as 1)" in said
        assert "Give another e-mail in the same change" in said
        assert stack.changed == []
    # With another e-mail, what follows the relation is known in the preview.
    stack.replace(("ada@example.com", "lovelace@example.com"))
    shown = re.sub(r" +", " ", stack.preview("--diff").stdout)
    assert "~ relation: 1001 => 2001" in shown


def test_a_replacement_by_an_option_or_a_flag_is_warned_of_and_refused_too(stack: Begun, panel: RunningPanel) -> None:
    panel.mutate("servers", 1, {"resourcePackId": 1})
    stack.replace(
        ('name="Ada"', 'name="Ada L", opts=Options(replace_on_changes=["name"])'),
        ("delete_servers=True", 'delete_servers=True, enabled=False, opts=Options(replace_on_changes=["enabled"])'),
        ("web1.example.com", "web2.example.com"),
        ("ssh_keys=[key", 'opts=Options(replace_on_changes=["hostname"]), ssh_keys=[key'),
    )
    assert "owns 1 servers" in str(stack.said_of("ada", stack.up(fails=True)))
    assert stack.changed == []
    stack.replace(('name="Ada L"', 'name="Ada"'))
    result = stack.preview(fails=True)
    assert "resource pack 1 cannot be replaced while servers are in it (1 now)" in str(stack.said_of("pack", result))
    stack.replace((', enabled=False, opts=Options(replace_on_changes=["enabled"])', ""))
    assert warnings(stack, "system", stack.preview()) == [f"an option asks for the replacement, which {WIPES}"]

    # A flag leaves the old pack, and with it its servers, also in the next run.
    result = stack.up("--target-replace", stack.urn("ResourcePack", "pack"), fails=True)
    assert "cannot be replaced while servers are in it" in str(stack.said_of("pack", result))
    assert stack.changed == ["POST /selfService/resourcePack/byUserExtRelationId/1001"]
    stack.up("--target", stack.urn("ResourcePack", "pack"), fails=True)
    assert stack.changed == []
    assert len(panel.state()["servers"]) == 1


@pytest.mark.long
def test_two_that_set_the_same_reach_a_fixed_point(stack: Begun, panel: RunningPanel) -> None:
    stack.replace(
        ("self_service=3", "self_service=3, self_service_hourly_group_profiles=[1]"),
        ('name="web-1"', 'name="web-1", vnc=True, firewall_rulesets=[1], power_state="stopped", ipv4=2'),
        ("ssh_keys=[key", 'name="other", vnc=False, ssh_keys=[key'),
    )
    stack.add(
        """
virtfusion.HourlyGroupProfile("two", relation=ada.relation, profile_id=2)
virtfusion.ServerFirewall("firewall", server_id=web.id, interface="primary", enabled=True, rulesets=[2])
virtfusion.ServerIpv4Addresses("more", server_id=web.id, interface="primary", quantity=2)
virtfusion.ServerAction("boot", server_id=web.id, action="boot", opts=Options(depends_on=[system]))
"""
    )
    stack.up()
    stack.up("--refresh")
    stack.up("--refresh")
    assert stack.changed == []
    assert stack.preview_steps() == []
    (ada,) = [user for user in panel.state()["users"] if user["email"] == "ada@example.com"]
    assert ada["selfServiceHourlyGroupProfiles"] == [1, 2]


def test_what_the_panel_spells_otherwise_is_no_difference(stack: Begun, panel: RunningPanel) -> None:
    panel.set(normalise=True)
    stack.add(
        """
bob = virtfusion.User("bob", name="Bob ", email="Bob@Example.com", rel_str="bob")
virtfusion.SshKey("spaced", user_id=bob.user_id, name="laptop ", public_key=PHONE + " ")
shop = virtfusion.Server("shop", package_id=1, user_id=bob.user_id, hypervisor_group_id=1, name=" shop ")
virtfusion.ServerBuild("shop", server_id=shop.id, operating_system_id=1, hostname="Shop.Example.com")
virtfusion.ServerCustomXml("shop", server_id=shop.id, features="<a/>\\r\\n<b/>", features_enabled=True)
"""
    )
    stack.up()
    stack.refresh("--expect-no-changes")
    stack.up("--refresh")
    assert stack.changed == []


def test_a_preview_says_what_a_takeover_is_and_what_stands_in_the_way(stack: Begun, panel: RunningPanel) -> None:
    client = VirtFusion(panel.url, panel.token)
    eve = client.users.create(name="Eve", email="eve@example.com", ext_relation_id=7)
    shop = client.servers.create(package_id=1, user_id=eve.user_id, hypervisor_group_id=1)
    client.servers.rename(shop.server_id, "shop")
    stack.add(
        f'virtfusion.Server("shop", package_id=1, user_id={eve.user_id}, hypervisor_group_id=1, name="shop", '
        f'opts=Options(import_="{shop.server_id}"))'
    )
    (said,) = stack.said_of("shop", stack.preview())
    assert re.fullmatch(rf"takes over server {shop.server_id} \(made 20\d\d-\d\d-\d\d\); nothing is created", said)
    stack.up()
    assert stack.changed == []

    stack.add('virtfusion.User("again", name="Eve", email="eve@example.com", ext_relation_id=8)')
    said = str(stack.said_of("again", stack.up(fails=True)))
    assert "The e-mail address eve@example.com belongs to another user" in said
    assert 'import_="<its ext_relation_id>"' in said


def test_what_is_gone_is_said_with_the_way_out(stack: Begun, panel: RunningPanel) -> None:
    panel.mutate("servers", 1, delete=True)
    stack.replace(('name="web-1"', 'name="web-2"'))
    (said,) = [line for line in stack.said_of("web", stack.up(fails=True)) if "was not changed" in line]
    assert "server 1 was not changed, since the panel does not have it any more" in said
    assert "`pulumi up --refresh` takes it out of the state and makes it anew." in said
    assert stack.changed == []
    stack.up("--refresh")
    assert stack.changed[0] == "POST /servers"


def test_a_new_name_beside_an_import_destroys_nothing(stack: Begun, panel: RunningPanel) -> None:
    """The engine takes the server over, and then deletes the resource of the old name."""
    stack.replace(('virtfusion.Server("web",', 'virtfusion.Server("www", opts=Options(import_="1"),'))
    result = stack.up()
    assert stack.changed == []
    assert "server 1 is left alone, since 'www' of the program is the same server." in str(result)
    assert [one["id"] for one in panel.state()["servers"]] == [1]
    assert (stack.resources()["www"]["id"], "web" in stack.resources()) == ("1", False)
    assert stack.preview_steps() == []
