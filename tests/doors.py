"""The two providers through which a resource's life can go, and tests that go through both by parameter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.native_host import NativeHost
from tests.provider_host import ProviderHost

DOORS: Mapping[str, type[ProviderHost]] = {"dynamic": ProviderHost, "native": NativeHost}


def through_both(metafunc: pytest.Metafunc) -> None:
    """The `pytest_generate_tests` of a folder whose tests go through both doors, unless marked with the only one."""
    if "door" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("only_through")
        # Indirect: a test of one door alone then gets hosts of its own after tests of the other one.
        metafunc.parametrize("door", only.args if only else list(DOORS), indirect=True, scope="session")


def project_of(plugin_folder: Path, runtime: str = "python") -> str:
    """A `Pulumi.yaml` in which the CLI finds the plug-in."""
    plugins = f"plugins:\n  providers:\n  - {{name: virtfusion, path: {plugin_folder}}}\n"
    return f"name: program\nruntime: {runtime}\n{plugins}"
