"""A credit entry's life: added once, never repeated, never read, cancelled at the end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lifecycle.life import UNKNOWN, Life, LivingResource, Refused
from tests.lifecycle.panel_fixture import Panel
from tests.provider_host import HostError

ADDING = "POST /selfService/credit/byUserExtRelationId/42"
LEDGER = "credit is a ledger; add another `UserCredit` instead, and delete this one to take its tokens back"


@pytest.fixture
def wanted(life: Life, owner: LivingResource) -> LivingResource:
    """Credit that is not added yet."""
    return life("UserCredit", relation=owner["ext_relation_id"], tokens=50, reference_1=400, reference_2="invoice 400")


@pytest.fixture
def credit(wanted: LivingResource, panel: Panel) -> LivingResource:
    """Credit that was added; not in the log."""
    wanted.create()
    panel.forget()
    return wanted


def test_creating_is_one_request(wanted: LivingResource, panel: Panel) -> None:
    wanted.create()
    assert panel.requests() == [ADDING]
    assert panel.body(ADDING) == {"tokens": 50, "reference_1": 400, "reference_2": "invoice 400"}
    assert [str(entry["id"]) for entry in panel.all("credits")] == [wanted.id]


def test_a_fraction_of_a_token_and_a_user_by_its_text(life: Life, panel: Panel) -> None:
    life("User", "b", name="Bo", email="bo@example.com", rel_str="klant 7").create()
    panel.forget()
    life("UserCredit", relation="klant 7", tokens=0.5).create()
    line = "POST /selfService/credit/byUserExtRelationId/klant 7?relStr=true"
    assert (panel.requests(), panel.body(line)) == ([line], {"tokens": 0.5})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"tokens": 0}, "tokens: must be greater than 0"),
        ({"tokens": True}, "tokens: must be a number"),
        ({"tokens": "50"}, "tokens: must be a number"),
        ({"tokens": None}, "tokens: is required"),
        ({"relation": None}, "relation: is required"),
        ({"relation": "4/2"}, "relation: must not contain a slash: the panel could not address the user"),
        ({"reference_1": 0}, "reference_1: must be greater than or equal to 1"),
        ({"reference_2": "x" * 1001}, "reference_2: must have at most 1000 characters"),
    ],
)
def test_a_refusal_needs_no_request(wanted: LivingResource, panel: Panel, arguments: Any, said: str) -> None:
    with pytest.raises(Refused) as refused:
        wanted.check(**arguments)
    assert (refused.value.problems, panel.requests()) == ([said], [])


def test_the_same_program_plans_nothing(credit: LivingResource, panel: Panel) -> None:
    assert credit.plan().changed == []
    assert panel.requests() == []


@pytest.mark.parametrize(
    ("argument", "value"), [("tokens", 60), ("relation", 43), ("reference_1", 401), ("reference_2", "another")]
)
def test_no_argument_can_be_changed(credit: LivingResource, panel: Panel, argument: str, value: object) -> None:
    with pytest.raises(Refused) as refused:
        credit.plan(**{argument: value})
    assert refused.value.problems == [f"{argument}: cannot be changed: {LEDGER}"]
    assert panel.requests() == []


def test_a_relation_that_a_preview_does_not_know_is_announced_only(credit: LivingResource) -> None:
    assert credit.plan(relation=UNKNOWN).replaces == []
    assert credit.warnings == [f"relation is not known yet; if it changes, the update will be refused: {LEDGER}."]


def test_a_refresh_asks_nothing_and_keeps_it_all(credit: LivingResource, panel: Panel) -> None:
    kept = dict(credit.outputs)
    panel.delete("credits", credit.id)
    assert credit.refresh() == []
    assert (credit.outputs, panel.requests()) == (kept, [])


def test_it_can_be_neither_imported_nor_looked_up(
    life: Life, credit: LivingResource, owner: LivingResource, panel: Panel
) -> None:
    with pytest.raises(Refused) as refused:
        life("UserCredit", "b", import_=credit.id, relation=owner["ext_relation_id"], tokens=50).check()
    assert refused.value.problems == [
        f"import_: names credit entry {credit.id}, but no credit entry can be read from the panel"
    ]
    with pytest.raises(HostError, match=f"No credit entry can be looked up: the panel cannot read {credit.id} back"):
        credit.look_up(credit.id)
    assert panel.requests() == []


def test_deleting_takes_the_tokens_back(credit: LivingResource, panel: Panel) -> None:
    id_ = credit.id
    credit.delete()
    assert panel.requests() == [f"DELETE /selfService/credit/{id_}"]
    assert panel.all("credits") == []


def test_what_was_cancelled_already_is_deleted(credit: LivingResource, panel: Panel) -> None:
    panel.delete("credits", credit.id)
    credit.delete()
    assert credit.id == ""


@pytest.mark.parametrize("added", [True, False])
def test_a_lost_answer_is_never_repeated_and_says_how_to_look(
    wanted: LivingResource, panel: Panel, added: bool
) -> None:
    (panel.loses_the_answer if added else panel.never_gets)("POST", "/credit/")
    with pytest.raises(HostError) as caught:
        wanted.create()
    assert panel.requests() == [ADDING]
    assert len(panel.all("credits")) == added
    assert "it was not repeated" in caught.value.message
    assert "Compare the balance (`get_user_hourly_stats(42).credit`)" in caught.value.message
    assert "an entry with reference 400 and 'invoice 400'" in caught.value.message
    assert caught.value.partly_made is None


def test_an_error_page_counts_as_a_lost_answer(wanted: LivingResource, panel: Panel) -> None:
    panel.fault("POST", "/credit/", status=500, body="<!DOCTYPE html><title>Server Error</title>")
    with pytest.raises(HostError, match="Compare the balance"):
        wanted.create()
    assert panel.requests() == [ADDING]


def test_a_user_that_is_not_there_is_the_panels_refusal(life: Life, panel: Panel) -> None:
    with pytest.raises(HostError, match="answered 404"):
        life("UserCredit", relation=999, tokens=1).create()
    assert panel.all("credits") == []
