"""Previews to review: real ones from `data`, and ones made up for what no run shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pulumi.runtime.rpc import UNKNOWN

from pulumi_virtfusion.api.names import camel_case
from pulumi_virtfusion.review.report import Report, Row, report_on
from pulumi_virtfusion.schema.type_tokens import DYNAMIC as KIND_PREFIX

DATA = Path(__file__).parent / "data"
FAILING = ("event_stream", "failed_check", "failed_program")
RECORDED = sorted(path.stem for path in DATA.glob("*.json") if path.stem not in FAILING)
URN = "urn:pulumi:dev::program::"

Digest = dict[str, Any]


def recorded(name: str) -> Digest:
    digest: Digest = json.loads((DATA / f"{name}.json").read_text())
    return digest


def report_of(digest: Digest | str) -> Report:
    return report_on(json.dumps(recorded(digest) if isinstance(digest, str) else digest).encode())


def preview(*steps: Digest, warnings: dict[str, str] | None = None, **more: Any) -> Digest:
    """A preview of these steps; warnings by the name of the resource, "" for the stack's own."""
    urns = {step["urn"].rpartition("::")[2]: step["urn"] for step in steps}
    diagnostics = [
        {"urn": urns.get(name, ""), "severity": "warning", "message": f"warning: {text}\n"}
        for name, text in (warnings or {}).items()
    ]
    return {"steps": list(steps), "diagnostics": diagnostics, "changeSummary": {}, **more}


def step(op: str, kind: str, name: str = "a", **facts: Any) -> Digest:
    """A step as a preview has it: `old` and `new` are arguments, `outputs` the state's, `state` and `step` the rest."""
    type_ = kind if ":" in kind else f"{KIND_PREFIX}{kind}"
    urn = f"{URN}{type_}::{name}"
    shared = {"type": type_, "urn": urn, "custom": True, **facts.get("state", {})}
    found: Digest = {"op": op, "urn": urn, **facts.get("step", {})}
    if op not in ("create", "read", "import"):
        old = facts.get("old", {})
        found["oldState"] = {**shared, "id": facts.get("id", "7"), "inputs": old, "outputs": facts.get("outputs", old)}
    if op not in ("delete", "discard", "delete-replaced"):
        found["newState"] = {**shared, "inputs": facts.get("new", {})}
    if op in ("update", "replace") and "new" in facts and "diffReasons" not in found:
        found["diffReasons"] = [n for n, v in facts["new"].items() if facts.get("old", {}).get(n) != v]
    return found


def new_build(server_id: Any = UNKNOWN, *sources: str, **more: Any) -> Digest:
    """A build that is created, of a server whose id comes from these resources."""
    given = {"server_id": server_id, "operating_system_id": 1, **more}
    return step("create", "ServerBuild", new=given, state={"propertyDependencies": {"server_id": list(sources)}})


def rows(report: Report) -> dict[str, list[Row]]:
    return {section.name: list(section.rows) for section in report.sections}


def briefly(report: Report) -> dict[str, list[str]]:
    """The rows as `Server 2: web-1, web-2`."""
    return {
        name: [f"{row.kind} {row.count}: {', '.join(one.name for one in row.resources)}" for row in found]
        for name, found in rows(report).items()
    }


def through_the_native_door(digest: Digest) -> Digest:
    """The same preview as the plug-in's types and names would have it."""
    text = json.dumps(digest).replace(KIND_PREFIX, "virtfusion:index:")
    native: Digest = json.loads(text)
    for one in native["steps"]:
        for state in filter(None, (one.get("oldState"), one.get("newState"))):
            if state["type"].startswith("virtfusion:index:"):
                for part in ("inputs", "outputs", "propertyDependencies"):
                    state[part] = {_camel(name): value for name, value in state.get(part, {}).items()}
        if "virtfusion:index:" in one["urn"]:
            one["detailedDiff"] = {_camel(name): kind for name, kind in (one["detailedDiff"] or {}).items()}
            for reasons in ("diffReasons", "replaceReasons"):
                one[reasons] = [_camel(name) for name in one.get(reasons) or ()]
    return native


def _camel(name: str) -> str:
    return name if name.startswith("__") else camel_case(name)
