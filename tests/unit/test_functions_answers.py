"""A question is put to a panel once a run of the program."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier

import pulumi
import pytest

from pulumi_virtfusion import get_package, get_packages, get_server_firewall, get_servers, get_user
from pulumi_virtfusion.api import AuthenticationError, NotFound, VirtFusion
from pulumi_virtfusion.config import NotConfigured
from pulumi_virtfusion.sandbox import RunningPanel, running
from pulumi_virtfusion.schema.fields import Invalid


@pytest.fixture
def panel() -> Iterator[RunningPanel]:
    with running() as panel:
        yield panel


@pytest.fixture
def client(panel: RunningPanel) -> VirtFusion:
    return VirtFusion(panel.origin, panel.token)


def test_the_same_question_is_one_request_however_it_is_written(panel: RunningPanel, client: VirtFusion) -> None:
    assert get_package(1, client=client) == get_package("1", client=client) == get_package(package_id=1, client=client)
    assert len(panel.requests()) == 1


def test_look_ups_by_name_share_the_list(panel: RunningPanel, client: VirtFusion) -> None:
    names = [package.name for package in get_packages(client=client)]
    assert [get_package(name=name, client=client).name for name in names] == names
    assert len(panel.requests()) == 1


def test_other_arguments_are_another_question(panel: RunningPanel, client: VirtFusion) -> None:
    get_servers(client=client)
    get_servers(hypervisor_ids=[1], client=client)
    get_servers(hypervisor_ids=["1", 2], client=client)
    get_servers(hypervisor_ids=(1, 2), client=client)
    assert [asked["query"].get("hypervisorId[]") for asked in panel.requests()] == [None, "1", ["1", "2"]]


def test_a_number_and_a_text_are_two_kinds_of_relation(client: VirtFusion) -> None:
    client.users.create(name="Ada", email="ada@example.com", ext_relation_id=7)
    client.users.create(name="Bob", email="bob@example.com", rel_str="bob")
    client.users.create(name="Eve", email="eve@example.com", rel_str="7")
    assert [get_user(one, client=client).name for one in (7, 7.0, "bob", "7")] == ["Ada", "Ada", "Bob", "Eve"]  # type: ignore[arg-type]


def test_a_list_may_be_changed_by_who_got_it(client: VirtFusion) -> None:
    get_packages(client=client).clear()
    assert len(get_packages(client=client)) == 6


def test_an_error_is_not_kept(client: VirtFusion) -> None:
    with pytest.raises(NotFound) as caught:
        get_user(42, client=client)
    assert (caught.value.status, caught.value.path) == (404, "/users/42/byExtRelation")
    client.users.create(name="Ada", email="ada@example.com", ext_relation_id=42)
    assert get_user(42, client=client).name == "Ada"


def test_threads_that_ask_the_same_at_once_make_one_request() -> None:
    with running(latency=100) as slow:
        client = VirtFusion(slow.origin, slow.token)
        ready = Barrier(12)

        def ask(_: int) -> int:
            ready.wait()
            return get_package(3, client=client).package_id

        with ThreadPoolExecutor(12) as threads:
            assert list(threads.map(ask, range(12))) == [3] * 12
        assert len(slow.requests()) == 1


def test_two_panels_are_asked_apart(client: VirtFusion) -> None:
    with running(token="other") as other:
        other.mutate("packages", 1, {"name": "Tiny"})
        there = VirtFusion(other.origin, "other")
        assert [get_package(1, client=one).name for one in (client, there)] == ["Small", "Tiny"]


def test_another_run_of_a_program_in_the_same_process_asks_anew(panel: RunningPanel, client: VirtFusion) -> None:
    def run() -> str:
        pulumi.runtime.configure(pulumi.runtime.Settings(project="program", stack="dev"))
        return get_package(1, client=client).name + get_package(1, client=client).name

    assert copy_context().run(run) == "SmallSmall"
    panel.mutate("packages", 1, {"name": "Tiny"})
    assert copy_context().run(run) == "TinyTiny"
    assert len(panel.requests()) == 2


def test_without_a_client_the_environment_says_which_panel(
    panel: RunningPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTFUSION_ENDPOINT", panel.origin)
    monkeypatch.setenv("VIRTFUSION_TOKEN", panel.token)
    assert get_package(1).name == "Small"


def test_without_an_environment_the_error_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTFUSION_ENDPOINT", raising=False)
    with pytest.raises(NotConfigured, match="virtfusion:endpoint is not set") as caught:
        get_package(1)
    assert isinstance(caught.value, pulumi.RunError)


@pytest.mark.parametrize("endpoint", ["panel.example.com", "https://ada@panel.example.com"])
def test_an_address_that_is_none_is_one_readable_error(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTFUSION_ENDPOINT", endpoint)
    monkeypatch.setenv("VIRTFUSION_TOKEN", "t")
    with pytest.raises(NotConfigured, match="The panel's endpoint must"):
        get_package(1)


def test_errors_are_the_clients_and_end_a_program_without_a_traceback(panel: RunningPanel) -> None:
    with pytest.raises(AuthenticationError) as caught:
        get_packages(client=VirtFusion(panel.origin, "wrong"))
    assert isinstance(caught.value, pulumi.RunError)
    assert caught.value.__cause__ is None
    assert str(caught.value) == caught.value.text


@pytest.mark.parametrize("package_id", [0, -1, 1.5, "one", "", "1/../2", True, 2**53])
def test_what_is_no_id_is_refused_without_a_request(
    package_id: int | str, panel: RunningPanel, client: VirtFusion
) -> None:
    with pytest.raises(Invalid, match=r"^package_id: must be ") as caught:
        get_package(package_id, client=client)
    assert isinstance(caught.value, pulumi.RunError)
    assert panel.requests() == []


def test_an_interface_that_there_is_not_is_refused(client: VirtFusion) -> None:
    with pytest.raises(Invalid, match="interface: must be 'primary' or 'secondary'"):
        get_server_firewall(1, "tertiary", client=client)  # type: ignore[arg-type]
