"""Look-ups by the names that people use."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi
import pytest

from pulumi_virtfusion import get_hypervisor_group, get_package, get_template
from pulumi_virtfusion.api import VirtFusion
from pulumi_virtfusion.functions.choice import NotOne
from pulumi_virtfusion.sandbox import RunningPanel, running


@pytest.fixture(scope="module")
def workers_panel() -> Iterator[RunningPanel]:
    with running() as panel:
        yield panel


@pytest.fixture
def panel(workers_panel: RunningPanel) -> RunningPanel:
    workers_panel.reset()
    return workers_panel


@pytest.fixture
def client(panel: RunningPanel) -> VirtFusion:
    return VirtFusion(panel.origin, panel.token)


def test_a_package_is_found_by_its_name(client: VirtFusion) -> None:
    assert get_package(name="Medium", client=client) == get_package(2, client=client)


def test_a_hypervisor_group_is_found_by_its_name(client: VirtFusion) -> None:
    assert get_hypervisor_group(name="Storage", client=client).hypervisor_group_id == 2


def test_the_error_for_a_name_that_nothing_has_lists_what_there_is(client: VirtFusion) -> None:
    with pytest.raises(NotOne) as caught:
        get_hypervisor_group(name="storage", client=client)
    assert str(caught.value) == (
        "There is no hypervisor group named 'storage'. What there is:\n"
        "  hypervisor_group_id 1: name 'Default'\n"
        "  hypervisor_group_id 2: name 'Storage'"
    )


def test_the_error_for_a_name_that_several_have_lists_those(panel: RunningPanel, client: VirtFusion) -> None:
    panel.mutate("packages", 3, {"name": "Small"})
    with pytest.raises(NotOne) as caught:
        get_package(name="Small", client=client)
    assert str(caught.value) == (
        "2 of them are a package named 'Small'; say which one:\n"
        "  package_id 1: name 'Small'\n"
        "  package_id 3: name 'Small'"
    )


def test_neither_or_both_of_id_and_name_are_refused_without_a_request(panel: RunningPanel, client: VirtFusion) -> None:
    with pytest.raises(pulumi.RunError, match="Give either package_id or name"):
        get_package(client=client)
    with pytest.raises(pulumi.RunError, match="Give either hypervisor_group_id or name"):
        get_hypervisor_group(1, name="Default", client=client)
    assert panel.requests() == []


@pytest.mark.parametrize(
    ("name", "version", "variant", "template_id"),
    [
        ("AlmaLinux", None, None, 3),
        ("Debian", "11", None, 5),
        ("Debian", "12 (Bookworm)", "Minimal", 1),
        ("Debian", "12", "", 6),
        ("Ubuntu Server", "24.04 LTS", None, 2),
    ],
)
def test_a_template_is_found_by_what_tells_it_apart(
    client: VirtFusion, name: str, version: str | None, variant: str | None, template_id: int
) -> None:
    found = get_template(1, name=name, version=version, variant=variant, client=client)
    assert found.template_id == template_id


def test_several_templates_are_listed_with_what_would_tell_them_apart(client: VirtFusion) -> None:
    with pytest.raises(NotOne) as caught:
        get_template(package_id=1, name="Debian", version="12", client=client)
    assert str(caught.value) == (
        "2 of them are a template of name 'Debian', version '12'; say which one:\n"
        "  template_id 1: name 'Debian', version '12 (Bookworm)', variant 'Minimal'\n"
        "  template_id 6: name 'Debian', version '12 (Bookworm)', variant ''"
    )


def test_a_version_is_no_beginning_of_a_number(client: VirtFusion) -> None:
    with pytest.raises(NotOne) as caught:
        get_template(1, name="Ubuntu Server", version="2", client=client)
    assert str(caught.value).splitlines() == [
        "There is no template of name 'Ubuntu Server', version '2'. What there is:",
        "  template_id 2: name 'Ubuntu Server', version '24.04 LTS (Noble Numbat)', variant 'Minimal'",
        "  template_id 7: name 'Ubuntu Server', version '22.04 LTS (Jammy Jellyfish)', variant 'Minimal'",
    ]


def test_a_package_without_templates_says_so(panel: RunningPanel, client: VirtFusion) -> None:
    for template in panel.state()["templates"]:
        panel.mutate("templates", template["id"], delete=True)
    with pytest.raises(NotOne, match=r"no template of name 'Debian'\. What there is: nothing"):
        get_template(1, name="Debian", client=client)
