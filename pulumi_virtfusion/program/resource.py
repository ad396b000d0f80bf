"""The base of every resource class: its declared fields become a constructor, attributes and a lifecycle."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider
from typing_extensions import Self, dataclass_transform

from ..lifecycle.behaviour import Behaviour
from ..lifecycle.identity import HINTS, IDENTITY, SUBJECTS
from ..lifecycle.lifecycle import Lifecycle
from ..misspelling import did_you_mean
from ..providers.dynamic.program import NON_SECRET
from ..providers.import_option import IMPORT_ID
from ..providers.native import program as native_program
from ..providers.native.names import Names, of_fields
from ..schema.fields import Field, computed, create_only, from_id, in_place, note, replaces
from ..schema.plain_values import is_known
from ..schema.type_tokens import DYNAMIC
from .awaited import awaited
from .failure import plain_errors
from .panel import is_native, look_at_configuration
from .registration import Attributes, LazyOutputs, spare

if TYPE_CHECKING:

    def positional(*, kw_only: bool) -> Any: ...
    def option(*, default: None) -> Any: ...

else:
    positional = option = None


@dataclass_transform(
    eq_default=False,
    kw_only_default=True,
    field_specifiers=(in_place, replaces, create_only, note, computed, from_id, positional, option),
)
class _Declared(pulumi.CustomResource):
    """The base that lets type checkers derive each resource's constructor from its fields."""


class Resource(_Declared):
    """An object of the panel that a stack owns."""

    fields: ClassVar[Mapping[str, Field]]
    behaviour: ClassVar[Behaviour]
    lifecycle: ClassVar[Lifecycle]

    if TYPE_CHECKING:
        resource_name: str = positional(kw_only=False)
        opts: pulumi.ResourceOptions | None = option(default=None)

    def __init_subclass__(cls, *, behaviour: type[Behaviour], **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.fields = {name: field for name, field in vars(cls).items() if isinstance(field, Field)}
        for name, field in cls.fields.items():
            # Pulumi would take the annotations of fields for the types of outputs.
            field.annotation = cls.__annotations__.pop(name)
        cls.behaviour = behaviour(cls.__name__, cls.fields)
        cls.lifecycle = Lifecycle(cls.behaviour)

    if not TYPE_CHECKING:

        def __init__(self, resource_name, *, opts=None, **arguments):
            inputs = [field for field in self.fields.values() if field.is_input]
            known = [field.name for field in inputs]
            unexpected = [name + did_you_mean(name, known) for name in sorted(arguments.keys() - known)]
            missing = [field.name for field in inputs if field.required and arguments.get(field.name) is None]
            for names, what in ((unexpected, "has no argument"), (missing, "needs the argument")):
                if names:
                    raise TypeError(f"{type(self).__name__}({resource_name!r}) {what} {', '.join(names)}")
            self._register(resource_name, arguments, opts)

    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> Self:  # noqa: A002
        """Read an object that the stack does not own; its outputs are known in a preview."""
        resource = cls.__new__(cls)
        resource._register(resource_name, {}, pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id)))
        if pulumi.runtime.is_dry_run():
            # In a preview, the engine may leave out the id of a look-up, which Pulumi then calls unknown.
            resource.__dict__["id"] = resource._id_of_look_up(id)
        return resource

    def _id_of_look_up(self, id_: pulumi.Input[str]) -> pulumi.Output[str]:
        return pulumi.Output.from_input(id_)

    def _register(self, resource_name: str, arguments: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        with plain_errors():
            look_at_configuration()
        self._given = {name: value for name, value in arguments.items() if value is not None}
        # Pulumi makes an attribute of every name in `properties`, and of no other; each takes time.
        properties = {**{f.name: None for f in self.fields.values() if self._is_answered(f)}, **arguments}
        if opts is not None and opts.import_ is not None:
            properties[IMPORT_ID] = opts.import_
            opts = copy.copy(opts)
            opts.import_ = None
        kind = type(self).__name__
        hidden = (opts.additional_secret_outputs if opts is not None else None) or ()
        native = is_native()
        if arguments:  # the engine would keep these in the state of a look-up
            if not native:
                properties[NON_SECRET] = _without_secrets(arguments, hidden)
            if named := {name: arguments[name] for name in SUBJECTS if isinstance(arguments.get(name), pulumi.Output)}:
                properties[HINTS] = asyncio.ensure_future(_hints(named))
        if self.behaviour.named_by:
            properties[IDENTITY] = None
        if native:
            names = of_fields(self.fields)
            type_, properties = native_program.type_of(kind), native_program.properties_of(properties, names, hidden)
            opts = native_program.options_of(kind, names, opts)
        else:
            names = Names({})
            type_ = f"{DYNAMIC}{kind}"
            properties[PROVIDER_KEY] = provider_reference(kind)
            opts = native_program.guarded(kind, opts)
        answers = LazyOutputs(self, properties, names)
        self.__dict__ = Attributes(self.__dict__, answers)
        with spare(answers):
            super().__init__(type_, resource_name, properties, opts)
        if arguments and pulumi.runtime.is_dry_run():
            from .forced_replacement import watch

            watch(self, names, opts)

    def _is_answered(self, field: Field) -> bool:
        """Whether the engine's answer will have a value for the field."""
        given = field.read_back != "never" or field.name in self._given or not field.is_input
        return given and field.from_id is None

    def output_of(self, field: Field) -> pulumi.Output[Any]:
        """Return the output behind a declared attribute."""
        if field.from_id is not None:
            return self.id.apply(field.from_id)
        if not self._is_answered(field):
            return pulumi.Output.from_input(None)
        attributes: Any = self.__dict__
        output: pulumi.Output[Any] = attributes.output(field.name)
        if field.stable and pulumi.runtime.is_dry_run():
            from .preview import resolved

            return resolved(self, field, output)
        if (once_from_id := field.once_from_id) is not None:
            return output.apply(lambda value: self.id.apply(once_from_id) if value is None else value)
        return output


def _without_secrets(arguments: Mapping[str, Any], hidden: Collection[str]) -> Any:
    """Return the arguments that are known and hold no secret; a future of them where one is an output."""
    shown = {name: value for name, value in arguments.items() if name not in hidden}
    if all(isinstance(value, str | int | float | None) for value in shown.values()):
        return shown
    return asyncio.ensure_future(_known_and_open(shown))


async def _known_and_open(arguments: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: await awaited(value) for name, value in arguments.items()}
    return {name: value for name, (value, is_secret) in values.items() if is_known(value) and not is_secret}


async def _hints(named: Mapping[str, pulumi.Output[Any]]) -> dict[str, Any]:
    """Return the identities of the program's own resources that these arguments name, as far as a state has them."""
    hints = {}
    for name, value in named.items():
        with suppress(Exception):  # Pulumi reports a failed argument when it resolves the argument
            of = [one for one in await value.resources() if name in _named_by(one)]
            if len(of) == 1 and (hint := await _hint(of[0])):
                hints[name] = hint
    return hints


def _named_by(resource: pulumi.Resource) -> tuple[str, ...]:
    return resource.behaviour.named_by if isinstance(resource, Resource) else ()


async def _hint(resource: Any) -> dict[str, Any]:
    given = {"identity": resource.__dict__.output(IDENTITY)}
    if "server_id" not in _named_by(resource):  # only the relation reads a user, and a pack belongs to a user
        given["relation"] = resource.relation
    known = {name: await output.future() for name, output in given.items() if await output.is_known()}
    return known if len(known) == len(given) and known["identity"] else {}


@cache
def provider_reference(kind: str) -> str:
    """Serialise the provider of a resource class for `__provider`, once: Pulumi's serialiser slows with every call."""
    from ..dynamic_provider import provider_of

    reference: str = serialize_provider(provider_of(kind))
    return reference
