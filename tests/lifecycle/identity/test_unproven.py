"""An object whose proof the panel does not tell any more is not touched."""

from __future__ import annotations

import pytest

from pulumi_virtfusion.lifecycle.identity import Another, refuse_another
from tests.lifecycle.identity.programs import KEY
from tests.lifecycle.life import Life
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError


@pytest.mark.parametrize(
    ("known", "seen"),
    [
        ({"server_uuid": "a"}, {"server_uuid": ""}),
        ({"server_uuid": "a"}, {}),
        ({"key": "a", "key_owner": "7"}, {"key": "", "key_owner": ""}),
        ({"server_uuid": "a"}, {"server_owner": "7"}),
        ({"key": "a", "key_owner": "7"}, {"key": "", "key_owner": "7"}),
        ({"server_uuid": "a", "block_added": "then"}, {"server_uuid": "", "block_added": "then"}),
    ],
)
def test_no_fact_is_no_proof(known: dict[str, str], seen: dict[str, str]) -> None:
    with pytest.raises(Another, match=r"does not tell .* any more, which alone proves"):
        refuse_another("server 7 was not changed", known, seen)


@pytest.mark.parametrize(
    ("known", "seen"),
    [
        ({}, {"server_uuid": "a"}),  # a state of an earlier version, which remembers nothing
        ({"user_id": "7", "user_created": "then"}, {"user_id": "7", "user_created": ""}),
    ],
)
def test_one_fact_that_is_told_is_enough(known: dict[str, str], seen: dict[str, str]) -> None:
    refuse_another("user 7 was not changed", known, seen)


def test_a_server_without_its_uuid_is_neither_changed_nor_deleted(life: Life, panel: Panel) -> None:
    server = life("Server", package_id=1, user_id=1, hypervisor_group_id=1, memory=1024).create()
    panel.mutate("servers", server.id, uuid="")
    panel.forget()
    for deed in (lambda: server.change(memory=2048), server.delete):
        with pytest.raises(HostError, match="does not tell the server's UUID any more"):
            deed()
    assert panel.writes() == []


def test_a_key_without_its_text_is_not_deleted(life: Life, panel: Panel) -> None:
    key = life("SshKey", user_id=1, name="laptop", public_key=KEY).create()
    panel.mutate("ssh_keys", key.id, publicKey="")
    panel.forget()
    with pytest.raises(HostError, match="does not tell the key's text any more"):
        key.delete()
    assert panel.writes() == []
