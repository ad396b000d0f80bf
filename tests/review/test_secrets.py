"""No secret is in any format, however the preview marks it, or where it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key

from pulumi_virtfusion.providers.import_option import IMPORT_ID
from pulumi_virtfusion.resources import MODULES, resource_class
from pulumi_virtfusion.review.json_text import json_text
from pulumi_virtfusion.review.markdown import markdown
from pulumi_virtfusion.review.plain_text import plain_text
from pulumi_virtfusion.schema.types import XmlFragment
from tests.review.conftest import RECORDED, Digest, preview, recorded, report_of, rows, step, through_the_native_door

SECRET = "marked-s3cret"
PRIVATE = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn"


def sealed(value: Any) -> dict[str, str]:
    return {_special_sig_key: _special_secret_sig, "plaintext": json.dumps(value)}


def everywhere(digest: Digest) -> str:
    report = report_of(digest)
    return "\n".join(write(report) for write in (markdown, plain_text, json_text))


def update(name: str, old: Any, new: Any, **more: Any) -> Digest:
    return step("update", "Server", old={name: old}, new={name: new}, **more)


@pytest.mark.parametrize(
    "one",
    [
        update("name", sealed(SECRET), "plain"),
        update("name", "plain", sealed(SECRET)),
        update("name", "[secret]", SECRET),
        update("name", SECRET, "[secret]"),
        update("name", SECRET, "plain", outputs={"name": sealed("x")}),
        update("name", SECRET, "plain", state={"additionalSecretOutputs": ["name"]}),
        update("name", [SECRET, {"a": [sealed("x")]}], "plain"),
        update("root_password", "plain", SECRET),
        update("privateKey", "plain", SECRET),
        update("triggers", {"db_password": SECRET}, {"db_password": "plain"}),
        update("name", PRIVATE, f"{SECRET} {PRIVATE}"),
        step("update", "User", old={"password": "a"}, new={"password": SECRET}),
        step("update", "ServerCustomXml", old={"domain": "a"}, new={"domain": f"<graphics passwd='{SECRET}'/>"}),
        step("delete", "Server", old={"name": sealed(SECRET)}),
        step("delete", "Server", old={"name": "[secret]"}, outputs={"name": SECRET}),
        step("create", "Server", new={"name": sealed(SECRET), "package_id": sealed(SECRET)}),
        step("delete", "ServerIpv4Addresses", outputs={"addresses": [sealed(SECRET)]}),
    ],
)
def test_a_secret_is_in_no_format_by_either_door(one: Digest) -> None:
    digest = preview(one)
    assert digest["steps"]
    digest["steps"][0].setdefault("detailedDiff", None)
    for written in (everywhere(digest), everywhere(through_the_native_door(digest))):
        assert SECRET not in written
        assert "PRIVATE KEY" not in written
        assert _special_sig_key not in written


def test_a_secret_that_stands_in_the_preview_in_plain_is_cut_out_of_its_warnings() -> None:
    steps = [update("name", sealed(SECRET), "b"), step("delete", "User", "u", outputs={"password": "hunter2!"})]
    written = everywhere(preview(*steps, warnings={"a": f"name={SECRET} is too long", "": "the password is hunter2!"}))
    assert "name=[secret] is too long" in written
    assert SECRET not in written
    assert "hunter2!" not in written


def test_that_a_secret_changes_is_told() -> None:
    (row,) = rows(report_of(preview(update("name", "[secret]", "[secret]", step={"diffReasons": ["name"]}))))[
        "in_place"
    ]
    assert [(one.argument, one.old, one.new) for one in row.changes] == [("name", "[secret]", "[secret]")]


MARKUP = [
    (kind, f.name) for kind in MODULES for f in resource_class(kind).fields.values() if f.value_type is XmlFragment
]


@pytest.mark.parametrize(("kind", "name"), MARKUP)
def test_of_xml_only_the_length_is_told(kind: str, name: str) -> None:
    (row,) = rows(report_of(preview(step("update", kind, old={name: "<a/>"}, new={name: "<graphics/>"}))))["in_place"]
    assert (row.changes[0].old, row.changes[0].new) == ("4 characters", "11 characters")


def test_the_id_by_which_xml_is_taken_over_is_no_xml() -> None:
    (row,) = rows(report_of(preview(step("create", "ServerCustomXml", new={IMPORT_ID: "69"}))))["taken_over"]
    assert row.changes[0].new == "69"


def test_an_amount_of_tokens_is_no_secret() -> None:
    (row,) = rows(report_of(preview(step("replace", "UserCredit", old={"tokens": 1}, new={"tokens": 2}))))["replaced"]
    assert (row.changes[0].old, row.changes[0].new) == ("1", "2")


@pytest.mark.parametrize("name", RECORDED)
def test_no_recorded_preview_gives_one_away(name: str) -> None:
    """The programs behind them call their secrets marked-..., and the panel's token too."""
    assert "marked-" not in everywhere(recorded(name))
