"""A change of a server's package: its effects in the preview, and the panel's report after the update."""

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
NOT_REPORTED: Final = object()
"""A value that neither the state nor the old package gives; None is a value, which means no limit."""


@dataclass(frozen=True)
class Quantity:
    """The unit of a package component, and its value for no limit."""

    unit: str = ""
    free: object = NOT_REPORTED
    """The value that means no limit, or none of the component."""
    free_word: str = "unlimited"
    in_the_guest: bool = True
    """Whether the guest gets a new value only at a restart."""

    def of(self, value: object) -> str:
        """Return the value with its unit."""
        if not is_known(value):
            return "a value not known yet"
        return self.free_word if value == self.free else f"{value} {self.unit}".rstrip()

    def step(self, old: object, new: object) -> str:
        """Return the old and the new value as `2048 -> 8192 MB`."""
        if old is NOT_REPORTED:
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
"""The eleven components by the package's names, the most asked-for ones first."""
CAPACITY = ("memory", "cpu_cores")
"""The components that a package change lowers without a word in the panel's report."""


def component_of(name: str, fields: Mapping[str, Field]) -> str:
    """Return the flag of a component; limits of the disk, which are no arguments of a server, have a derived name."""
    declared = fields[name].package_component if name in fields else None
    return declared or f"primary_{name}"


def is_overwritten(f: Field, news: Values) -> bool:
    """Whether a package change overwrites the program's value of this argument."""
    return f.package_component is not None and f.name in news and bool(_flags(news).get(f.package_component, True))


def _flags(values: Values) -> Mapping[str, Any]:
    """Return the flags of `package_change`; none while the argument is unknown."""
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
    """Change the package; return the panel's report, and warn of each component that is not changed as asked."""
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
    """Whether the package's disk is smaller than the server's: panels say the same of a disk that is as large."""
    try:
        return storage is None or package_of(context, package_id).storage < storage
    except VirtFusionError:
        return True


# -- beforehand ---------------------------------------------------------------------------------------------------


def foretell(context: Context, fields: Mapping[str, Field], olds: Values, news: Values) -> None:
    """Warn of the effects of a planned package change and sum them up; raise `Refused` for an unknown package."""
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
    """Return the server's package by the state, None if it cannot be read, and its title."""
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
    """A component that a package change applies: the server's value, the package's, and the program's."""

    name: str
    component: str
    has: Any
    given: Any
    declared: Any
    """The program's value; None without one."""
    put_back: bool
    """Whether an operation of the panel can set the program's value again."""

    @property
    def quantity(self) -> Quantity:
        return QUANTITIES[self.name]

    @property
    def is_the_programs(self) -> bool:
        """Whether the program's value is set again after the package change."""
        return self.put_back and self.declared is not None and self.declared != self.given

    @property
    def would_shrink(self) -> bool:
        """Whether the disk would have to become smaller."""
        return self.name == "storage" and self.has is not NOT_REPORTED and bool(self.given < self.has)

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
        given = _reported(package, name)
        if given is NOT_REPORTED or not _flags(news).get(component, True):
            continue
        has = olds.get(name)
        if has is None:
            # What the last change did not take over was never this package's.
            has = _reported(before, name) if _flags(olds).get(component, True) else NOT_REPORTED
        f = fields.get(name)
        put_back = f is not None and f.change is Change.IN_PLACE
        yield Part(name, component, has, given, news.get(name) if f is not None else None, put_back)


def _reported(package: Package | None, name: str) -> Any:
    """Return a package's value; `NOT_REPORTED` for one that the panel does not report, and a size of 0."""
    if package is None or name not in package.model_fields_set:
        return NOT_REPORTED
    value = getattr(package, name)
    return NOT_REPORTED if value == 0 and QUANTITIES[name].free is NOT_REPORTED else value


def _warnings(parts: Iterable[Part], package: Package) -> Iterator[str]:
    """Yield the warnings: a disabled package, less than the server has, and values that cannot be set again."""
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
    asked_for = part.is_the_programs or part.has is NOT_REPORTED
    return part.name in CAPACITY and not asked_for and bool(part.given < part.has)


def _summary(parts: list[Part], title: str, olds: Values, news: Values) -> str:
    """Return `package 2 (Medium) -> 3 (Large): memory 2048 -> 8192 MB; traffic stays 77 GB, as the program says`."""
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
    """Whether a running guest gets a part of the change only at a restart.

    `state` does not show whether a guest runs: until a refresh, the value is that of the create.
    """
    concerned = any(part.has is not NOT_REPORTED and part.changes and part.quantity.in_the_guest for part in parts)
    return concerned and _runs_on(olds, news)


def _runs_on(olds: Values, news: Values) -> bool:
    before, after = olds.get("power_state"), news.get("power_state")
    if before == "stopped" or olds.get("suspended") or news.get("suspended"):
        return False
    # One that the program only now wants running may have to be booted.
    return after in (None, before)
