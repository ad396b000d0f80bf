"""The two providers through which a resource's life can go, and tests that go through both by parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.native_host import NativeHost
from tests.provider_host import ProviderHost

DOORS: Mapping[str, type[ProviderHost]] = {"dynamic": ProviderHost, "native": NativeHost}


def through(*doors: object) -> Callable[[pytest.Metafunc], None]:
    """The `pytest_generate_tests` of a folder whose tests go through these doors, unless marked with the only one."""

    def generate(metafunc: pytest.Metafunc) -> None:
        if "door" in metafunc.fixturenames:
            only = metafunc.definition.get_closest_marker("only_through")
            # Indirect: with another fixture of that name, hosts of one door would serve tests of the other one.
            metafunc.parametrize("door", only.args if only else doors, indirect=True, scope="session")

    return generate


_DYNAMIC_FIRST = ("dynamic", pytest.param("native", marks=pytest.mark.long))
through_both = through(*DOORS)
through_both_in_check = through(*_DYNAMIC_FIRST)
"""Sends the tests of a folder through both; `make check` alone takes the second way."""
both_doors = pytest.mark.parametrize("door", _DYNAMIC_FIRST, indirect=True)
"""Sends one test through both, in a folder whose tests go through one; `make check` alone takes the second way."""


def project_of(plugin_folder: Path, runtime: str = "python") -> str:
    """A `Pulumi.yaml` in which the CLI finds the plug-in."""
    plugins = f"plugins:\n  providers:\n  - {{name: virtfusion, path: {plugin_folder}}}\n"
    return f"name: program\nruntime: {runtime}\n{plugins}"
