"""A change of a server's package: what it will mean, said in the preview, and what the panel says of it afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..api.errors import NotFound, VirtFusionError
from ..api.sections.servers import Servers
from ..lifecycle.contract import Context, Refused, Values
from ..lifecycle.package_cache import package_of
from ..schema.fields import Change, Field, calls
from ..schema.plain_values import is_known
from ..schema.types import PackageChange

if TYPE_CHECKING:
    from ..api.records import Package

RESTART = "It takes effect in the guest after a restart, which this update does not do."
UNTOLD: Final = object()
"""A value that neither the state nor the old package tells; None is a value, the limit that is none."""


@dataclass(frozen=True)
class Quantity:
    """How a component of a package is measured."""

    unit: str = ""
    free: object = UNTOLD
    """The value that stands for no limit, or for nothing at all."""
    free_word: str = "unlimited"
    in_the_guest: bool = True
    """Whether only a restart brings it into the guest."""

    def of(self, value: object) -> str:
        """The value with its unit."""
        if not is_known(value):
            return "a value not known yet"
        return self.free_word if value == self.free else f"{value} {self.unit}".rstrip()

    def step(self, old: object, new: object) -> str:
        """`2048 -> 8192 MB`."""
        if old is UNTOLD:
            return f"-> {self.of(new)}"
        same_unit = is_known(new) and self.free not in (old, new)
        return f"{old if same_unit else self.of(old)} -> {self.of(new)}"


QUANTITIES: dict[str, Quantity] = {
    "memory": Quantity("MB"),
    "cpu_cores": Quantity(),
    "storage": Quantity("GB"),
    "traffic": Quantity("GB", free=0, in_the_guest=False),
    "network_speed_inbound": Quantity("kB/s", free=0, in_the_guest=False),
    "network_speed_outbound": Quantity("kB/s", free=0, in_the_guest=False),
    "disk_read_iops": Quantity("IOPS", free=None),
    "disk_write_iops": Quantity("IOPS", free=None),
    "disk_read_throughput": Quantity("B/s", free=None),
    "disk_write_throughput": Quantity("B/s", free=None),
    "backup_plan_id": Quantity(free=0, free_word="none", in_the_guest=False),
}
"""The eleven components by the package's names, the ones that people ask about first."""
CAPACITY = ("memory", "cpu_cores")
"""What the panel lowers as silently as it raises it."""


def component_of(name: str, fields: Mapping[str, Field]) -> str:
    """The flag of a component; limits of the disk are no arguments of a server, and have none declared."""
    declared = fields[name].package_component if name in fields else None
    return declared or f"primary_{name}"


def is_overwritten(f: Field, news: Values) -> bool:
    """Whether a package change overwrites what the program says of this argument."""
    return f.package_component is not None and f.name in news and bool(_flags(news).get(f.package_component, True))


def _flags(values: Values) -> Mapping[str, Any]:
    """The flags of `package_change`; the whole of it may be unknown."""
    flags = values.get("package_change")
    return flags if isinstance(flags, Mapping) else {}


# -- afterwards ---------------------------------------------------------------------------------------------------


@calls(Servers.change_package)
def change_package(
    servers: Servers,
    server_id: int,
    package_id: int,
    package_change: PackageChange,
    storage: int | None,
    context: Context,
) -> dict[str, object]:
    """Change the package; what the panel says of it is an output, and a warning where something is not as asked."""
    components = {name: bool(taken) for name, taken in package_change.items()}
    info = servers.change_package(server_id, package_id, components=components)
    lines = [line for line in info if _is_news(context, line, package_id, storage)]
    if lines:  # one message, whatever its lines: each is a call of the engine, and servers are many
        context.warn("\n".join(f"package {package_id}: {line}" for line in lines))
    return {"package_change_info": info}


def _is_news(context: Context, line: str, package_id: int, storage: int | None) -> bool:
    """Whether a line of the panel says more than that the server has the value already; texts differ by version."""
    if not re.search(r"\bnot updated\b.*\bmatches\b", line, re.IGNORECASE | re.DOTALL):
        return True
    return "lower" in line.lower() and _would_shrink(context, package_id, storage)


def _would_shrink(context: Context, package_id: int, storage: int | None) -> bool:
    """Whether the package's disk is smaller than the server's: the panel says the same of one that is as large."""
    try:
        return storage is None or package_of(context, package_id).storage < storage
    except VirtFusionError:
        return True


# -- beforehand ---------------------------------------------------------------------------------------------------


def foretell(context: Context, fields: Mapping[str, Field], olds: Values, news: Values) -> None:
    """Say what the planned change of the package means; `Refused` when the panel has no such package."""
    wanted = news["package_id"]
    try:
        package = package_of(context, wanted)
    except NotFound:
        raise Refused(f"package_id: the panel has no package {wanted}; get_packages() lists them.") from None
    except VirtFusionError as error:
        context.warn(
            f"package_id: this preview cannot tell what package {wanted} changes, since reading it failed: {error}"
        )
        return
    before, old_title = _old_package(context, olds.get("package_id"))
    parts = list(_parts(fields, olds, news, before, package))
    for warning in _warnings(parts, package):
        context.warn(warning)
    context.inform(_summary(parts, f"package {old_title} -> {_title(package)}", olds, news))


def _old_package(context: Context, package_id: Any) -> tuple[Package | None, str]:
    """The package that the server has by the state, and what to call it."""
    if package_id is None:
        return None, "(unknown)"
    try:
        package = package_of(context, package_id)
    except NotFound:
        return None, f"{package_id} (no longer there)"
    except VirtFusionError:
        return None, str(package_id)
    return package, _title(package)


def _title(package: Package) -> str:
    name = " ".join(package.name.split())
    return f"{package.package_id} ({name})" if name else str(package.package_id)


@dataclass(frozen=True)
class Part:
    """A component that the change takes over: what the server has, what the package gives, what the program says."""

    name: str
    component: str
    has: Any
    given: Any
    declared: Any
    """None where the program says nothing."""
    put_back: bool
    """Whether an operation of the panel can set what the program says."""

    @property
    def quantity(self) -> Quantity:
        return QUANTITIES[self.name]

    @property
    def is_the_programs(self) -> bool:
        """Whether the program's value is put back over the package's."""
        return self.put_back and self.declared is not None and self.declared != self.given

    @property
    def would_shrink(self) -> bool:
        """Whether it is a disk that would have to become smaller."""
        return self.name == "storage" and self.has is not UNTOLD and bool(self.given < self.has)

    @property
    def becomes(self) -> Any:
        if self.would_shrink:
            return self.has
        return self.declared if self.is_the_programs else self.given

    @property
    def changes(self) -> bool:
        return bool(self.has != self.becomes)

    @property
    def step(self) -> str:
        return f"{self.name} {self.quantity.step(self.has, self.becomes)}"


def _parts(
    fields: Mapping[str, Field], olds: Values, news: Values, before: Package | None, package: Package
) -> Iterator[Part]:
    for name in QUANTITIES:
        component = component_of(name, fields)
        given = _told(package, name)
        if given is UNTOLD or not _flags(news).get(component, True):
            continue
        has = olds.get(name)
        if has is None:
            # What the last change did not take over was never this package's.
            has = _told(before, name) if _flags(olds).get(component, True) else UNTOLD
        f = fields.get(name)
        put_back = f is not None and f.change is Change.IN_PLACE
        yield Part(name, component, has, given, news.get(name) if f is not None else None, put_back)


def _told(package: Package | None, name: str) -> Any:
    """What a package gives; a panel that tells nothing of a component, or a size of 0, gives nothing."""
    if package is None or name not in package.model_fields_set:
        return UNTOLD
    value = getattr(package, name)
    return UNTOLD if value == 0 and QUANTITIES[name].free is UNTOLD else value


def _warnings(parts: Iterable[Part], package: Package) -> Iterator[str]:
    """What a reviewer must know beside the sizes."""
    title = f"package {_title(package)}"
    if not package.enabled:
        yield f"{title} is disabled; the panel may refuse it."
    for part in parts:
        given, quantity = part.quantity.of(part.given), part.quantity
        if part.would_shrink:
            yield (
                f"{title} has a disk of {given}; the server keeps its {quantity.of(part.has)}, "
                "since a disk never shrinks."
            )
        elif _is_lost(part):
            yield (
                f"{title} sets {part.name} to {given}, and nothing can put the program's {quantity.of(part.declared)} "
                f'back: keep it with package_change={{"{part.component}": False}}.'
            )
    if less := [part.step for part in parts if _is_less(part)]:
        yield f"{title} has less than the server: {', '.join(less)}. The panel takes that away and does not say so."


def _is_lost(part: Part) -> bool:
    declared = part.declared
    return part.changes and not part.put_back and declared is not None and bool(declared != part.given)


def _is_less(part: Part) -> bool:
    asked_for = part.is_the_programs or part.has is UNTOLD
    return part.name in CAPACITY and not asked_for and bool(part.given < part.has)


def _summary(parts: list[Part], title: str, olds: Values, news: Values) -> str:
    """`package 2 (Medium) -> 3 (Large): memory 2048 -> 8192 MB; traffic stays 77 GB, as the program says`."""
    taken = [part.step for part in parts if part.changes and not part.is_the_programs]
    ours = [
        part.step if part.changes else f"{part.name} stays {part.quantity.of(part.becomes)}"
        for part in parts
        if part.is_the_programs
    ]
    said = [", ".join(taken)] if taken else []
    said += [f"{', '.join(ours)}, as the program says"] if ours else []
    if not is_known(news.get("package_change")):
        said.append("package_change is not known yet and may keep some of it")
    line = f"{title}: {'; '.join(said) or 'nothing that the server has changes'}"
    return f"{line}. {RESTART}" if _waits_for_a_restart(parts, olds, news) else line


def _waits_for_a_restart(parts: Iterable[Part], olds: Values, news: Values) -> bool:
    """Whether a guest that runs before and after will not see all of the change until a restart.

    `state` does not tell whether there is one: until a refresh it is what the creation answered.
    """
    concerned = any(part.has is not UNTOLD and part.changes and part.quantity.in_the_guest for part in parts)
    return concerned and _runs_on(olds, news)


def _runs_on(olds: Values, news: Values) -> bool:
    before, after = olds.get("power_state"), news.get("power_state")
    if before == "stopped" or olds.get("suspended") or news.get("suspended"):
        return False
    # One that the program only now wants running may have to be booted.
    return after in (None, before)
