"""The schema says what the declarations, functions and settings say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from pulumi_virtfusion.api.names import camel_case
from pulumi_virtfusion.config import Settings
from pulumi_virtfusion.functions import MODULES as FUNCTIONS
from pulumi_virtfusion.providers.native.schema import schema
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.schema.fields import Change
from tools.site.schema_file import SCHEMA, text

ALL = schema()


def references(found: Any) -> Iterator[str]:
    for key, value in found.items() if isinstance(found, dict) else enumerate(found if isinstance(found, list) else ()):
        if key == "$ref":
            yield value
        yield from references(value)


def test_the_file_is_current() -> None:
    assert SCHEMA.read_text() == text(), "run `make docs`"


@pytest.mark.parametrize("kind", MODULES)
def test_a_resource_has_its_arguments_and_outputs(kind: str) -> None:
    resource, declared = ALL["resources"][f"virtfusion:index:{kind}"], resource_class(kind).fields.values()
    assert set(resource["inputProperties"]) == {camel_case(f.name) for f in declared if f.is_input}
    assert set(resource["properties"]) == {camel_case(f.name) for f in declared}
    assert set(resource["requiredInputs"]) == {camel_case(f.name) for f in declared if f.required}
    for f in declared:
        output = resource["properties"][camel_case(f.name)]
        assert output["description"]
        assert output.get("secret", False) == f.secret
        if f.is_input:
            replaces = resource["inputProperties"][camel_case(f.name)].get("willReplaceOnChanges", False)
            assert replaces == (f.change is Change.REPLACE)


def test_ids_take_what_an_id_and_an_output_are() -> None:
    inputs = ALL["resources"]["virtfusion:index:ServerBuild"]["inputProperties"]
    either = [{"type": "integer"}, {"type": "string"}]
    assert inputs["serverId"]["oneOf"] == inputs["sshKeys"]["items"]["oneOf"] == either
    assert inputs["triggers"]["$ref"] == "pulumi.json#/Any"


def test_every_function_is_there_without_its_client() -> None:
    names = {name for name in FUNCTIONS if not name.endswith("_output")}
    assert set(ALL["functions"]) == {f"virtfusion:index:{camel_case(name)}" for name in names}
    assert not any("client" in one["inputs"]["properties"] for one in ALL["functions"].values())
    assert ALL["functions"]["virtfusion:index:getServerVnc"]["outputs"]["properties"]["password"]["secret"] is True


def test_the_settings_are_those_of_a_panel_and_generated_code_reads_no_environment() -> None:
    settings = {camel_case(setting.name) for setting in fields(Settings)} - {"door"}
    for told in (ALL["config"]["variables"], ALL["provider"]["inputProperties"]):
        assert set(told) == settings
        assert told["token"]["secret"] is True
        assert not any("defaultInfo" in one or "default" in one for one in told.values())


def test_every_type_that_is_named_is_there() -> None:
    named = {ref.removeprefix("#/types/") for ref in references(ALL) if ref.startswith("#/types/")}
    assert named == set(ALL["types"])


def test_the_words_of_an_argument_are_a_choice_and_those_of_an_output_are_not() -> None:
    server = ALL["resources"]["virtfusion:index:Server"]
    assert server["inputProperties"]["powerState"]["$ref"] == "#/types/virtfusion:index:PowerState"
    assert server["properties"]["powerState"]["type"] == "string"
