"""What a program marks as secret, what a panel generates and the token are in nothing that the provider host says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2

from pulumi_virtfusion.providers.dynamic.program import is_non_secret
from pulumi_virtfusion.providers.native.wire import sealed
from pulumi_virtfusion.schema.non_secret import shown, texts_within, without
from pulumi_virtfusion.schema.plain_values import UNKNOWN
from tests.bad_input.declared import check, declare, refusals, secret
from tests.lifecycle.door.buggy import BuggyHost, BuggyProvider
from tests.lifecycle.life import Life, LivingResource
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError, Log, ProviderHost

MARKED = "marked-secret-7d19"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP3uQw1AvVfe6sGGzZeQAz0PBvkJqIBufObnF6t8fVAp"


def as_in_a_program(life: Life, kind: str, **arguments: Any) -> LivingResource:
    """A resource whose constructor ran and whose arguments the host has checked; not made yet."""
    (declared,) = declare(kind, arguments)
    resource = life(kind)
    resource.inputs = resource.hosted.plain(check(life.host, declared, stack=life.stack).inputs)
    return resource


def make(resource: LivingResource) -> LivingResource:
    """Create it as `pulumi up` does after the check."""
    made = resource.hosted.create(resource.inputs)
    resource.id, resource.outputs, resource.secrets = made.id, made.outputs, made.secrets
    return resource


def said_by(life: Life) -> list[str]:
    return [*map(_message, life.host.logs), *life.host.printed]


def _message(log: Log) -> str:
    return log.message


def test_a_panel_that_repeats_a_secret_is_not_repeated(life: Life, owner: LivingResource, panel: Panel) -> None:
    panel.refuses("POST", "^/servers$", f"The name {MARKED} is reserved.")
    server = as_in_a_program(
        life, "Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1, name=secret(MARKED), memory=2048
    )
    with pytest.raises(HostError) as error:
        make(server)
    assert "The name [secret] is reserved." in error.value.message


def test_nor_are_the_reasons_of_what_is_half_done(life: Life, owner: LivingResource, panel: Panel) -> None:
    panel.refuses("PUT", "/modify/name", f"The name {MARKED} is reserved.")
    server = as_in_a_program(
        life, "Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1, name=secret(MARKED)
    )
    with pytest.raises(HostError) as error:
        make(server)
    assert error.value.partly_made is not None
    (reason,) = error.value.partly_made.reasons
    said = f"name: PUT /servers/{error.value.partly_made.id}/modify/name answered 422: The name [secret] is reserved."
    assert reason.startswith(said)
    assert MARKED not in error.value.message


def test_a_warning_tells_neither_the_old_nor_the_new_value(life: Life, owner: LivingResource, panel: Panel) -> None:
    arguments = {"package_id": 1, "user_id": owner["user_id"], "hypervisor_group_id": 1}
    server = make(as_in_a_program(life, "Server", **arguments, name=secret(f"old-{MARKED}")))
    panel.fault("PUT", "/modify/name", status=204, body=None)
    changed = as_in_a_program(life, "Server", **arguments, name=secret(f"new-{MARKED}"))
    server.hosted.update(server.id, server.outputs, changed.inputs)
    assert server.warnings[-1].startswith("name: the panel accepted '[secret]' but reports '[secret]'")
    assert not [text for text in said_by(life) if MARKED in text]


@pytest.mark.usefixtures("owner")
def test_a_difference_to_what_is_imported_does_not_tell_the_programs_secret(life: Life, panel: Panel) -> None:
    arguments = {"name": secret(MARKED), "email": "ada@example.org", "ext_relation_id": 42}
    (said,) = refusals(life.host, declare("User", arguments, import_="42"))
    assert "[secret]' in the program, email is 'ada@example.com' at the panel and 'ada@example.org' in" in said
    assert MARKED not in said
    assert panel.writes() == []


@pytest.fixture
def buggy_host(life: Life, door: str, panel: Panel) -> Iterator[ProviderHost]:
    """The host of a provider with a bug; the dynamic one runs what it is sent."""
    if door == "dynamic":
        yield life.host
        return
    host = BuggyHost({"virtfusion:endpoint": panel.url, "virtfusion:token": panel.token})
    yield host
    host.close()


def test_the_traceback_of_a_bug_has_no_secret_of_the_resource(buggy_host: ProviderHost, owner: LivingResource) -> None:
    (declared,) = declare("SshKey", {"user_id": owner["user_id"], "name": secret(MARKED), "public_key": KEY})
    buggy = buggy_host.resource(BuggyProvider("SshKey"), name="a", type_="virtfusion:SshKey")
    if "__provider" in declared.properties.fields:
        declared.properties.fields["__provider"].string_value = buggy.blob
    inputs = buggy.plain(check(buggy_host, declared).inputs)
    with pytest.raises(HostError) as error:
        buggy.create(inputs)
    assert error.value.message.startswith("Traceback (most recent call last)")
    assert error.value.message.rstrip().endswith("/ 0 for [secret]")


@pytest.mark.usefixtures("owner")
def test_a_secret_number_is_hidden_too(life: Life, panel: Panel) -> None:
    panel.refuses("POST", "^/selfService/credit", "987654 tokens are too many.")
    credit = as_in_a_program(life, "UserCredit", relation=42, tokens=secret(987654))
    with pytest.raises(HostError, match=r"\[secret\] tokens are too many"):
        make(credit)


def test_what_is_no_secret_stays_readable(life: Life, owner: LivingResource, panel: Panel) -> None:
    panel.refuses("POST", "^/servers$", "web-of-ada is reserved.")
    server = as_in_a_program(
        life, "Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1, name="web-of-ada"
    )
    with pytest.raises(HostError, match=r"web-of-ada is reserved\."):
        make(server)


def test_a_generated_password_is_a_secret_output_and_in_no_later_error(
    life: Life, owner: LivingResource, panel: Panel
) -> None:
    password = owner["password"]
    assert (owner.secrets, len(password) >= 8) == (frozenset({"password"}), True)
    panel.refuses("PUT", "^/users/", f"{password} is not allowed.")
    with pytest.raises(HostError) as error:
        owner.change(name="Ada L.")
    assert "[secret] is not allowed." in error.value.message
    assert not [text for text in said_by(life) if password in text]


TOLD = "T0ld-by-the-panel"
REPEATED = {"errors": [f"{TOLD} is no state of a user, nor is {TOLD.lower()}"]}


def nothing_tells(life: Life, error: HostError, *told: str) -> None:
    """Neither the message, the reasons that the state keeps, a log, the status line nor standard error."""
    reasons = error.partly_made.reasons if error.partly_made is not None else []
    said = [error.message, *reasons, *said_by(life)]
    assert [text for text in said if any(secret.lower() in text.lower() for secret in told)] == []
    assert "[secret]" in error.message


def test_the_password_of_a_new_user_is_not_repeated_from_the_refusal_of_the_next_step(life: Life, panel: Panel) -> None:
    panel.fault("POST", "^/users$", set={"data.password": TOLD})
    panel.fault("PUT", "^/users/", status=422, body=REPEATED)
    user = life("User", name="Ada", email="ada@example.com", ext_relation_id=42, enabled=False)
    with pytest.raises(HostError) as error:
        user.create()
    assert error.value.partly_made is not None
    assert (error.value.partly_made.outputs["password"], set(error.value.partly_made.secrets)) == (TOLD, {"password"})
    nothing_tells(life, error.value, TOLD)


def test_nor_what_any_other_answer_brought(life: Life, owner: LivingResource, panel: Panel) -> None:
    """Of a field that nobody described, under a name that sounds like a secret's."""
    panel.fault("POST", "^/servers$", set={"data.selfServiceSettings": {"apiKeys": {"root": [TOLD]}}})
    panel.fault("PUT", "/modify/name", status=422, body=REPEATED)
    server = life("Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1, name="web")
    with pytest.raises(HostError) as error:
        server.create()
    nothing_tells(life, error.value, TOLD)


def test_the_password_of_a_build_is_not_repeated(life: Life, server: LivingResource, panel: Panel) -> None:
    panel.fault("POST", "/build$", set={"data.settings.decryptedPassword": TOLD})
    panel.fault("GET", f"^/servers/{server.id}$")
    panel.fault("GET", f"^/servers/{server.id}$", status=422, body=REPEATED, times=None)
    build = life("ServerBuild", server_id=server.id, operating_system_id=1)
    with pytest.raises(HostError) as error:
        build.create()
    panel.clear_faults()
    nothing_tells(life, error.value, TOLD)


@pytest.mark.usefixtures("owner")
def test_nor_that_of_a_reset(life: Life, panel: Panel) -> None:
    """An action is one request; what reads the user afterwards is refused with the password in it."""
    panel.fault("POST", "/resetPassword", status=422, body={**REPEATED, "data": {"password": TOLD}})
    action = life("UserAction", relation=42, action="reset_password")
    with pytest.raises(HostError) as error:
        action.create()
    nothing_tells(life, error.value, TOLD)


def test_a_secret_whose_white_space_the_panel_folds_is_found(life: Life, owner: LivingResource, panel: Panel) -> None:
    panel.refuses("POST", "/customXML", "<a>marked secret</a> is wrong: &lt;a&gt;marked secret&lt;/a&gt;")
    server = life("Server", "s", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1).create()
    xml = as_in_a_program(
        life, "ServerCustomXml", server_id=server.id, domain=secret("<a>marked\n  secret</a>"),
        domain_enabled=True,
    )  # fmt: skip
    with pytest.raises(HostError) as error:
        make(xml)
    assert "[secret] is wrong: [secret]" in error.value.message
    assert "marked" not in error.value.message


def test_a_long_secret_is_cut_out_before_a_message_is_shortened(
    life: Life, owner: LivingResource, panel: Panel
) -> None:
    long = "marked" * 20
    panel.refuses("POST", "^/servers$", "." * 450 + long)
    server = as_in_a_program(
        life, "Server", package_id=1, user_id=owner["user_id"], hypervisor_group_id=1, name=secret(long), memory=2048
    )
    with pytest.raises(HostError) as error:
        make(server)
    assert "mark" not in error.value.message


def test_what_others_say_of_a_user_tells_no_secret_of_it(life: Life, another_run: Life, panel: Panel) -> None:
    """A key's error names its owner; the key does not know what of that is secret."""
    panel.snapshot()
    ada = as_in_a_program(life, "User", name="Ada", email=secret(f"{MARKED}@example.com"), ext_relation_id=42)
    make(ada)
    panel.restore()
    life("User", "eve", name="Eve", email="eve@example.com", ext_relation_id=43).create()
    another_run.next_run(ada).hosted.diff(ada.id, ada.outputs, ada.inputs, ada.inputs)
    key = another_run("SshKey", user_id=ada["user_id"], name="laptop", public_key=KEY)
    with pytest.raises(HostError, match=r"for user 42 \(Ada, \[secret\]\)") as error:
        key.create()
    assert MARKED not in error.value.message


def test_a_transform_that_puts_a_secret_in_the_place_of_a_plain_value_hides_it(life: Life) -> None:
    (declared,) = declare("User", {"name": "Ada", "email": "plain"})
    declared.put("email", json_format.ParseDict(sealed(MARKED), struct_pb2.Value()))
    assert refusals(life.host, [declared]) == ["email: must be an e-mail address such as ada@example.com"]


def test_an_argument_whose_output_is_marked_secret_by_an_option_is_hidden(life: Life) -> None:
    declared = declare("User", {"name": "Ada", "email": MARKED}, additional_secret_outputs=["email"])
    assert refusals(life.host, declared) == ["email: must be an e-mail address such as ada@example.com"]


# The plug-in is told by the engine what is secret, whoever wrote the program.
@pytest.mark.only_through("dynamic")
def test_a_program_without_our_constructor_shows_no_value_at_all(life: Life) -> None:
    (declared,) = declare("User", {"name": "Ada", "email": MARKED})
    del declared.properties.fields["__openly"]
    assert refusals(life.host, [declared]) == ["email: must be an e-mail address such as ada@example.com"]


class TestDisclosure:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("a\nb\x1b[0m", r"'a\nb\x1b[0m'"),
            ("x" * 58, f"'{'x' * 58}'"),
            ("x" * 59, f"'{'x' * 56}..."),
            ([1, "\u202e"], r"[1, '\u202e']"),
            ("-----BEGIN RSA PRIVATE KEY-----\nMII", "[secret]"),
            ({"key": ["-----BEGIN RSA PRIVATE KEY-----\nMII"]}, "[secret]"),
        ],
    )
    def test_a_value_is_one_short_line(self, value: object, text: str) -> None:
        assert shown(value) == text
        assert len(text) <= 60

    @pytest.mark.parametrize(
        ("value", "openly", "expected"),
        [
            ("a", {"name": "a"}, True),
            ("a", {"name": "b"}, False),
            ("a", {}, False),
            (1, {"name": "1"}, False),
            (float("nan"), {"name": float("nan")}, True),
            ([1, UNKNOWN], {"name": [1]}, False),
        ],
    )
    def test_only_the_very_value_is_open(self, value: object, openly: dict[str, Any], expected: bool) -> None:
        assert is_non_secret("name", value, openly) is expected

    def test_every_form_of_a_secret_is_cut_out_the_longest_first(self) -> None:
        secrets = list(
            texts_within(
                ["top secret", {"a": ["line\nbreak", 12345, True, None, "abc", "x", 123, UNKNOWN]}, "top secret 2"]
            )
        )
        text = "top secret 2, top secret, line\nbreak, 'line\\nbreak', 12345, True, x123"
        assert without(text, secrets) == "[secret], [secret], [secret], '[secret]', [secret], True, x123"

    @pytest.mark.parametrize(
        ("secret", "text", "expected"),
        [
            ("Ada", "Ada is no 'Ada', Adam is.", "[secret] is no '[secret]', Adam is."),
            ("a!", "a! is not a!b", "[secret] is not a!b"),
            ("pw1", "pw1-pw12", "[secret]-pw12"),
            ("secret", "secret", "[secret]"),
            ("x", "x is a letter", "x is a letter"),
            (12, "12 of 12", "12 of 12"),
        ],
    )
    def test_a_short_text_is_cut_out_as_a_whole_word(self, secret: object, text: str, expected: str) -> None:
        assert without(text, texts_within(secret)) == expected


def test_a_refresh_for_which_no_program_runs_tells_no_secret_either(
    life: Life, another_run: Life, owner: LivingResource, panel: Panel
) -> None:
    """The state says which arguments are secrets; what the program said of one is sealed where the panel differs."""
    arguments = {"user_id": owner["user_id"], "public_key": KEY, "name": secret(MARKED)}
    key = make(as_in_a_program(life, "SshKey", **arguments))
    panel.mutate("ssh_keys", key.id, name="renamed")
    later = another_run.next_run(key)
    later.refresh()
    (warning,) = later.warnings
    assert warning.startswith("name is 'renamed' at the panel, and '[secret]' in the program.")
    assert later.outputs["__said"] == {"name": MARKED}
    assert "__said" in later.secrets
