"""Versions, plug-ins, and the Python that Pulumi runs programs with."""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..version import VERSION
from .finding import Finding, Verdict
from .plug_in import plug_in, project_here
from .printed import printed

LIBRARIES = ("pulumi", "pydantic", "requests")
PLUG_IN = "pulumi-resource-pulumi-python"
"""The plug-in that runs dynamic providers, a part of the CLI."""
_TELLS_ITS_VERSION = "import pulumi_virtfusion.version as it; print(it.VERSION)"
_INSTALL = "install Pulumi anew (https://www.pulumi.com/docs/install/)"


def installation(*, in_project: bool) -> Iterator[Finding]:
    """Yield findings on versions and plug-ins; in a project also on its Python, or the native plug-in."""
    libraries = ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
    yield _found("Python", "ok", f"{platform.python_version()}, pulumi_virtfusion {VERSION}, {libraries}")
    cli = shutil.which("pulumi")
    if cli is None:
        yield _found("Pulumi CLI", "BAD" if in_project else "note", f"is not on PATH: {_INSTALL}")
        return
    if not in_project:
        yield _found("Pulumi CLI", "ok", printed("pulumi", "version").strip().removeprefix("v"))
        return
    about = _about()
    if not about:
        yield _found("Pulumi CLI", "BAD", "`pulumi about --json` tells nothing: run `pulumi about`, which says why")
        return
    yield _found("Pulumi CLI", "ok", str(_inside(about, "cliAbout").get("version")))
    yield from _plug_ins(cli, about)


def _plug_ins(cli: str, about: Mapping[str, Any]) -> Iterator[Finding]:
    runtime = _inside(about, "runtime")
    if runtime.get("language") != "python":
        yield _found("language host", "note", "this project's programs are not Python")
        if (project := project_here()) is not None:
            yield plug_in(project)
        return
    plug_ins = about.get("plugins")
    hosts = [
        one
        for one in (plug_ins if isinstance(plug_ins, list) else [])
        if isinstance(one, dict) and (one.get("kind"), one.get("name")) == ("language", "python")
    ]
    answer = str(hosts[0].get("version") or "") if hosts else ""
    yield _found(
        "language host",
        "ok" if hosts else "BAD",
        f"Python, {answer}" if hosts else f"there is none for Python: {_INSTALL}",
    )
    beside = Path(cli).resolve().with_name(PLUG_IN)
    here = shutil.which(PLUG_IN) or beside.is_file()
    yield _found(
        "plug-in pulumi-python", "ok" if here else "BAD", "" if here else f"{PLUG_IN} is not there: {_INSTALL}"
    )
    yield _python_of_programs(str(runtime.get("executable") or "python3"), str(runtime.get("version")).strip())


def _python_of_programs(executable: str, its_version: str) -> Finding:
    """Check whether programs import this package, in the version of this command."""
    answer = printed(executable, "-c", _TELLS_ITS_VERSION).strip()
    if not answer:
        mend = (
            "activate the virtual environment that has it, or name that in Pulumi.yaml (`runtime: options: virtualenv`)"
        )
        return _found("Python of programs", "BAD", f"{executable} has no pulumi_virtfusion: {mend}")
    if answer != VERSION:
        says = f"{executable} has pulumi_virtfusion {answer}, and this command is of {VERSION}"
        return _found("Python of programs", "note", says)
    return _found("Python of programs", "ok", f"{its_version}, {executable}")


def _about() -> Mapping[str, Any]:
    with suppress(ValueError):
        answer = json.loads(printed("pulumi", "about", "--json"))
        return answer if isinstance(answer, dict) else {}
    return {}


def _inside(about: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = about.get(name)
    return part if isinstance(part, dict) else {}


def _found(name: str, verdict: Verdict, says: str) -> Finding:
    return Finding("installation", name, verdict, says)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "is not installed"
