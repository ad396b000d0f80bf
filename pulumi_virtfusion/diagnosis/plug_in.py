"""The check that Pulumi, in its own order of search, finds the native plug-in of this version."""

from __future__ import annotations

import os
import re
import shutil
import sysconfig
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..config import NAMESPACE
from ..project_file import project_file
from ..version import VERSION
from .finding import Finding, Verdict
from .printed import printed

EXECUTABLE = f"pulumi-resource-{NAMESPACE}"
NAME = f"plug-in {NAMESPACE}"


@dataclass(frozen=True)
class Project:
    """A folder with a `Pulumi.yaml`, and the content of that file."""

    folder: Path
    says: Mapping[str, Any]

    @property
    def language(self) -> str:
        runtime = self.says.get("runtime")
        return str(runtime.get("name") if isinstance(runtime, dict) else runtime or "")

    @property
    def place(self) -> str | None:
        """The place of the plug-in as `Pulumi.yaml` writes it, relative to that file."""
        plugins, packages = self.says.get("plugins"), self.says.get("packages")
        providers = plugins.get("providers") if isinstance(plugins, dict) else None
        for one in providers if isinstance(providers, list) else []:
            if isinstance(one, dict) and one.get("name") == NAMESPACE:
                return str(one.get("path"))
        source = packages.get(NAMESPACE) if isinstance(packages, dict) else None
        source = source.get("source") if isinstance(source, dict) else source
        return None if source is None else str(source)


def project_here() -> Project | None:
    """Return the project in which this process stands."""
    import yaml  # which few commands have to wait for

    if (file := project_file()) is None:
        return None
    says: Any = None
    with suppress(OSError, UnicodeDecodeError, yaml.YAMLError):
        says = yaml.safe_load(file.read_text(encoding="utf-8"))  # JSON is YAML as well
    return Project(file.parent, says if isinstance(says, dict) else {})


def plug_in(project: Project) -> Finding:
    """Return a finding on the plug-in: its place and version, or the remedy."""
    if f"{NAMESPACE}:" in os.environ.get("PULUMI_DEBUG_PROVIDERS", ""):
        return _found("note", "PULUMI_DEBUG_PROVIDERS names one that is running already")
    mine = Path(sysconfig.get_path("scripts"))
    advice = f"name the folder that has it in Pulumi.yaml (plugins: providers: - {{name: {NAMESPACE}, path: {mine}}})"
    if project.place is not None:
        place = project.folder / Path(project.place).expanduser()
        executable = place if place.is_file() else place / EXECUTABLE
        if not _runs(executable):
            said = f"Pulumi.yaml says that it is in {project.place}, and no {EXECUTABLE} is there"
            return _found("BAD", f"{said}: `pip install pulumi-virtfusion` there, or {advice}")
        return _of_this_version(executable, "run `pip install --upgrade pulumi-virtfusion` there")
    if (on_path := shutil.which(EXECUTABLE)) is not None:
        return _of_this_version(Path(on_path), "another one is first on PATH: " + advice)
    beside = [Path(cli).resolve().with_name(EXECUTABLE)] if (cli := shutil.which("pulumi")) else []
    kept = sorted(_home().glob(f"plugins/resource-{NAMESPACE}-v*/{EXECUTABLE}"), key=_version_of, reverse=True)
    for executable in filter(_runs, [*beside, *kept]):
        install = f"pulumi plugin install resource {NAMESPACE} {VERSION} -f {mine / EXECUTABLE}"
        return _of_this_version(executable, f"run `{install}`")
    return _found("BAD", f"{EXECUTABLE} is nowhere where Pulumi looks: {advice}")


def _of_this_version(executable: Path, mend: str) -> Finding:
    version = printed(str(executable), "--version").strip()
    if version == VERSION:
        return _found("ok", f"{version}, {executable}")
    its = f"is of version {version}" if version else "does not tell its version"
    return _found("BAD", f"{executable} {its}, and this command is of {VERSION}: {mend}")


def _runs(executable: Path) -> bool:
    return executable.is_file() and os.access(executable, os.X_OK)


def _home() -> Path:
    """Return Pulumi's own folder."""
    return Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")


def _version_of(executable: Path) -> list[int]:
    """Return the version in the name of its folder, to be compared."""
    return list(map(int, re.findall(r"\d+", executable.parent.name)))


def _found(verdict: Verdict, says: str) -> Finding:
    return Finding("installation", NAME, verdict, says)
