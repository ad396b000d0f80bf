"""The VirtFusion objects of a Terraform or OpenTofu state, and the messages for a file that is no state."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PREFIX = "virtfusion_"
"""The prefix of the VirtFusion providers' types."""
OPENTOFU = "registry.opentofu.org/"
BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""The marks that shells such as PowerShell write before redirected text, with their encodings."""
PROVIDER = re.compile(r'(?:module\..*\.)?provider\["(?P<source>[^"]+)"\](?:\.(?P<alias>.+))?')
EXPECTED = "a terraform.tfstate (version 4) nor what `terraform show -json` prints"
ASK_FOR_STATE = "`terraform state pull` prints the state, with OpenTofu `tofu state pull`"


class NoTerraformState(Exception):
    """A file that is no Terraform state, or not all of one panel; the message names the expected input."""


@dataclass(frozen=True)
class Held:
    """One object of a state."""

    kind: str
    address: str
    """The address in Terraform: `module.eu["a"].virtfusion_server.node[0]`."""
    name: str
    """The name in Terraform, after the names of the modules: `node1`, or `nodes-a` of a `for_each`."""
    attributes: Mapping[str, Any]
    provider: str = ""
    """The address of the provider's configuration; "" where the file does not have it."""
    tainted: bool = False
    deposed: str = ""
    """The key of an object that was replaced and not deleted yet; "" for any other."""


@dataclass(frozen=True)
class TerraformState:
    """The objects of the VirtFusion providers in a state."""

    objects: list[Held]
    tells_providers: bool

    @property
    def tool(self) -> str:
        """The command that made the state: `tofu` or `terraform`."""
        return "tofu" if any(OPENTOFU in one.provider for one in self.objects) else "terraform"

    def of_provider(self, wanted: str | None) -> TerraformState:
        """Return the objects of one provider configuration; raise `NoTerraformState` where the choice is unclear."""
        counts = Counter(one.provider for one in self.objects)
        if wanted is None and len(counts) <= 1:
            return self
        if wanted is not None and not self.tells_providers:
            raise NoTerraformState(f"`terraform show -json` does not tell which provider has what: {ASK_FOR_STATE}.")
        found = [one for one in counts if wanted is not None and wanted in _names_of(one)]
        there = "; ".join(f"{one} ({count} objects)" for one, count in counts.items()) or "none"
        if wanted is not None and len(found) != 1:
            which = f"{len(found)} providers" if found else "no provider"
            raise NoTerraformState(f"The state has {which} that {wanted!r} names; there are: {there}.")
        if not found:
            raise NoTerraformState(
                f"The state has objects of {len(counts)} providers: {there}. Each may be another panel: name one with "
                "--provider, set the address and token of its panel, and write a program for each."
            )
        return TerraformState([one for one in self.objects if one.provider == found[0]], self.tells_providers)


def _names_of(provider: str) -> set[str]:
    """Return the names of a provider's configuration: its address, `virtfusion.eu`, and `eu`."""
    found = PROVIDER.fullmatch(provider)
    if found is None:
        return {provider}
    source, alias = found["source"], found["alias"]
    ends = source.split("/")
    sources = {"/".join(ends[at:]) for at in range(len(ends))}
    return {provider, *({alias, *(f"{one}.{alias}" for one in sources)} if alias else sources)}


def read_state(data: bytes) -> TerraformState:
    """Read the state in a file; raise `NoTerraformState`, which says what the file is instead."""
    if data.startswith(b"PK\x03\x04"):
        raise NoTerraformState(f"That is a saved plan, and no state. {ASK_FOR_STATE}.")
    text = _decoded(data)
    try:
        state = json.loads(text)
    except (ValueError, RecursionError):
        raise NoTerraformState(_no_json(text)) from None
    if isinstance(state, dict) and (what := _another_file(state)):
        raise NoTerraformState(f"{what} {ASK_FOR_STATE}.")
    try:
        tells_providers = "values" not in state and "format_version" not in state
        found = _of_state(state["resources"]) if tells_providers else _shown(state.get("values", {}))
        objects = [one for one in found if one.kind.startswith(PREFIX)]
        if not all(isinstance(one.attributes, dict) for one in objects):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NoTerraformState(f"That is neither {EXPECTED}.") from None
    return TerraformState(objects, tells_providers)


def _decoded(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return data.decode("utf-8", "replace")


def _no_json(text: str) -> str:
    """Return the message for a file that has no JSON value."""
    first = text.lstrip().partition("\n")[0]
    if first.startswith("{") and '"@level"' in first:
        return f"That is the log of a command with `-json`, and no state. {ASK_FOR_STATE}."
    if re.search(r"^\s*(resource|data|module|provider|terraform|variable)\b[^\n=]*\{\s*$", text, re.MULTILINE):
        what = "what `terraform show` prints for people" if first.startswith("#") else "a configuration"
        return f"That is {what}, and no state. {ASK_FOR_STATE}."
    return f"That is neither {EXPECTED}."


def _another_file(state: Mapping[str, Any]) -> str:
    """Return the message for a JSON file of Terraform or OpenTofu that gives no objects, or "" for a state."""
    if "encrypted_data" in state:
        return "That is an encrypted OpenTofu state, which only OpenTofu with its key can open."
    if "planned_values" in state or "resource_changes" in state:
        return "That is a plan, and no state: what it plans may never have been made."
    version = state.get("version")
    if isinstance(version, int) and version < 4:
        if "backend" in state and not any(one.get("resources") for one in _listed(state.get("modules"))):
            return "That says where the state is (`.terraform/terraform.tfstate`), and is not the state itself."
        return f"That is a state of version {version}, from before Terraform 0.12: let a newer Terraform rewrite it."
    if isinstance(version, int) and version > 4:
        return f"That is a state of version {version}, which this command does not know."
    return ""


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _of_state(resources: Any) -> Iterator[Held]:
    """Yield the objects of a `terraform.tfstate`."""
    for resource in resources:
        if resource.get("mode") == "managed":
            for instance in resource["instances"]:
                yield _held(resource, instance, resource.get("provider", ""))


def _held(resource: Mapping[str, Any], instance: Mapping[str, Any], provider: str) -> Held:
    module, index = resource.get("module", ""), instance.get("index_key")
    place = "" if index is None else f"[{json.dumps(index, ensure_ascii=False)}]"
    return Held(
        resource["type"],
        f"{module}{'.' if module else ''}{resource['type']}.{resource['name']}{place}",
        _name(module, resource["name"], index),
        instance["attributes"],
        provider,
        tainted=instance.get("status") == "tainted",
        deposed=instance.get("deposed", ""),
    )


def _shown(values: Mapping[str, Any]) -> Iterator[Held]:
    """Yield the objects in the output of `terraform show -json`."""
    modules = [values.get("root_module", {})]
    for module in modules:
        for resource in module.get("resources", ()):
            if resource.get("mode") == "managed":
                yield Held(
                    resource["type"],
                    resource["address"],
                    _name(module.get("address", ""), resource["name"], resource.get("index")),
                    resource["values"],
                    tainted=bool(resource.get("tainted")),
                    deposed=resource.get("deposed_key", ""),
                )
        modules.extend(module.get("child_modules", ()))


def _name(module: str, name: str, index: object) -> str:
    return "-".join(str(part) for part in (module.replace("module.", ""), name, index) if part not in ("", None))
