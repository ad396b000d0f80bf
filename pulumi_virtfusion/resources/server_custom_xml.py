"""XML that a panel merges into a server's libvirt domain."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Any

from ..api import records
from ..api.sections.servers import Servers
from ..lifecycle.behaviour import Behaviour
from ..lifecycle.contract import Context, Part, Refused, Values
from ..lifecycle.identity import Identity, server, who_is_server
from ..lifecycle.lost_answers import Before, Candidate, in_its_place
from ..program.resource import Resource
from ..schema.fields import Change, Id, OptionalArg, in_place, replaces
from ..schema.plain_values import id_number, reported
from ..schema.types import Flag, XmlFragment

if TYPE_CHECKING:
    from ..api import VirtFusion
    from ..api.records import Server


class ServerCustomXmlBehaviour(Behaviour):
    section = "servers"
    is_a_place = True
    noun = "custom XML"
    when_deleted = "emptied"
    repeatable = True
    made_by = Servers.set_custom_xml
    found_by = (Servers.get,)
    removed_by = (Servers.set_custom_xml,)
    unique_by = ("server_id",)

    def completed(self, arguments: Values) -> Values:
        """Return the arguments with each left-out section empty and off: the panel takes all six sections together."""
        left_out = {f.name: f.empty for f in self.inputs(Change.IN_PLACE) if arguments.get(f.name) is None}
        return {**arguments, **left_out}

    def shared_settings(self, inputs: Values) -> Iterable[tuple[Hashable, Any, str]]:
        for f in self.inputs(Change.IN_PLACE):
            yield ("custom XML", inputs["server_id"], f.name), inputs[f.name], f.name

    def key(self, id_: str, known: Values) -> int:  # noqa: ARG002
        return self._server_id(id_)

    def _server_id(self, id_: str) -> int:
        try:
            return id_number(id_)
        except ValueError:
            raise Refused(f"{id_!r} is not the id of {self.noun}, which is its server's, such as '69'.") from None

    def identity_of(self, context: Context, id_: str, known: Values) -> Identity:  # noqa: ARG002
        return who_is_server(context, self._server_id(id_))

    def candidates(self, context: Context, arguments: Values, before: Before) -> Iterable[Candidate]:
        return in_its_place(self.find, context, str(arguments["server_id"]), arguments, before)

    def make(self, context: Context, arguments: Values) -> tuple[str, Any]:
        context.panel.servers.set_custom_xml(**self.making(arguments))
        return str(arguments["server_id"]), records.CustomXml().model_copy(update=self.making(arguments))

    def on_server(self, panel: VirtFusion, server: Server) -> Iterable[Part]:  # noqa: ARG002
        """Yield the server's XML unless all of it is empty and off, as on every server without custom XML."""
        xml = server.custom_xml.model_copy(update={"server_id": server.server_id})
        if any(getattr(xml, f.name) for f in self.inputs(Change.IN_PLACE)):
            yield Part(str(server.server_id), xml, "xml")

    def find(self, context: Context, id_: str, known: Values) -> Any:  # noqa: ARG002
        record = server(context, self._server_id(id_))
        return record.custom_xml.model_copy(update={"server_id": record.server_id})

    def carried_out_with(self, names: set[str], news: Values) -> set[str]:  # noqa: ARG002
        return {f.name for f in self.inputs(Change.IN_PLACE)} if names else names

    def is_gone(self, context: Context, id_: str, outputs: Values) -> bool:
        """Whether all sections are empty and off, since every server has custom XML.

        A section that the answer lacks counts as empty unless the outputs have something in it.
        """
        left, names = self.find(context, id_, outputs), [f.name for f in self.inputs(Change.IN_PLACE)]
        seen = [reported(left, name) for name in names if outputs.get(name) or reported(left, name) is not None]
        return all(value in ("", False) for value in seen)

    def remove(self, context: Context, id_: str, outputs: Values) -> None:  # noqa: ARG002
        context.panel.servers.set_custom_xml(self._server_id(id_))


class ServerCustomXml(Resource, behaviour=ServerCustomXmlBehaviour):
    """Custom XML of a server (`POST /servers/{id}/customXML`), id `69`; in force after the guest's next start.

    All six sections are one value: one that is left out is empty and off. XML that libvirt refuses can keep the guest
    from starting.
    """

    server_id: Id = replaces()
    """Server whose domain it is."""

    domain: OptionalArg[XmlFragment] = in_place(Servers.set_custom_xml, default=None)
    """XML for `<domain>` itself, such as `<memoryBacking><hugepages/></memoryBacking>`."""

    domain_enabled: OptionalArg[Flag] = in_place(Servers.set_custom_xml, default=None)
    """Whether `domain` is used; false when left out."""

    os: OptionalArg[XmlFragment] = in_place(Servers.set_custom_xml, default=None)
    """XML for `<os>`."""

    os_enabled: OptionalArg[Flag] = in_place(Servers.set_custom_xml, default=None)
    """Whether `os` is used; false when left out."""

    devices: OptionalArg[XmlFragment] = in_place(Servers.set_custom_xml, default=None)
    """XML for `<devices>`."""

    devices_enabled: OptionalArg[Flag] = in_place(Servers.set_custom_xml, default=None)
    """Whether `devices` is used; false when left out."""

    features: OptionalArg[XmlFragment] = in_place(Servers.set_custom_xml, default=None)
    """XML for `<features>`."""

    features_enabled: OptionalArg[Flag] = in_place(Servers.set_custom_xml, default=None)
    """Whether `features` is used; false when left out."""

    clock: OptionalArg[XmlFragment] = in_place(Servers.set_custom_xml, default=None)
    """XML for `<clock>`."""

    clock_enabled: OptionalArg[Flag] = in_place(Servers.set_custom_xml, default=None)
    """Whether `clock` is used; false when left out."""

    cpu_tune: OptionalArg[XmlFragment] = in_place(Servers.set_custom_xml, default=None)
    """XML for `<cputune>` (the API's `cpuTune`)."""

    cpu_tune_enabled: OptionalArg[Flag] = in_place(Servers.set_custom_xml, default=None)
    """Whether `cpu_tune` is used; false when left out."""
