"""Whatever comes back, the client raises its own errors, shows no secret, and believes nothing that is not proven.

Every operation, with answers that are bent at random; behind them is a panel that carries the requests out, or not.
"""

from __future__ import annotations

import inspect
import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from pydantic import BaseModel

from pulumi_virtfusion.api import Operation, OutcomeUnknown, RetryPolicy, VirtFusion, VirtFusionError, operation_of
from tests.contract.client_methods import METHODS, ClientMethod
from tests.faults.world import ADA, ADAS_ID, CALLS, World
from tests.fuzz.bends import TOKEN, Bend, Body, bends, disfigured, doubled
from tests.fuzz.bent_panel import BentPanel, Exchange
from tests.fuzz.conftest import tried

HURRIED = RetryPolicy(lost=0.1, connecting=0.1, first_delay=0.002, longest_delay=0.01)
SECONDS = 0.4
"""For one call."""
MOST_ATTEMPTS = 200
"""In that time, with a pause before each."""
ADDRESSED = {"relation": ADA, "user_id": ADAS_ID, "interface": "primary"}
"""What of the world a read asks for; of everything else its first."""
ANSWERED = [method for method in METHODS if operation_of(method.function).needs_body]
SECRET_NAMES = ("password", "expectedPassword", "token", "endpoint_complete")


def arguments_of(method: ClientMethod) -> dict[str, Any]:
    return CALLS.get(str(method)) or {name: ADDRESSED.get(name, 1) for name in method.required}


class Tried:
    """One call, how it ended, and all that can be read of it."""

    def __init__(self, client: VirtFusion, method: ClientMethod, panel: BentPanel) -> None:
        self.answer: Any = None
        self.error: VirtFusionError | None = None
        self.texts = ""
        try:
            with client.time_limit(SECONDS):
                self.answer = method.call(client, arguments_of(method))
        except VirtFusionError as error:
            self.error = error
            shown = [*traceback.format_exception(error), repr(error.args), repr(vars(error))]
            self.texts = "\n".join(shown)
        self.exchanges: list[Exchange] = list(panel.exchanges)
        note(f"{method}, {len(self.exchanges)} requests")
        for exchange in self.exchanges[:2] + self.exchanges[-1:]:
            note(f"{exchange.line}: {exchange.bend} {exchange.sent}"[:1000])
        note(f"-> {self.error or repr(self.answer)[:500]}")

    @property
    def last(self) -> Exchange:
        return self.exchanges[-1]


@pytest.fixture(scope="module")
def every_log() -> Iterator[list[str]]:
    """What the client logs."""
    said: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(self.format(record))

    logger, handler = logging.getLogger("pulumi_virtfusion"), Kept()
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.DEBUG)
    yield said
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.fixture(scope="module")
def request_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "requests"


@tried(examples=700)
@given(
    method=st.sampled_from(METHODS),
    course=st.lists(bends(), min_size=1, max_size=3),
    for_ever=st.booleans(),
)
@pytest.mark.long
def test_nothing_is_believed_that_is_not_proven(
    world: World,
    panel: BentPanel,
    every_log: list[str],
    request_log: Path,
    method: ClientMethod,
    course: list[Bend],
    for_ever: bool,
) -> None:
    world.start_over()
    every_log.clear()
    request_log.write_text("")
    client = VirtFusion(panel.origin, TOKEN, request_timeout=1, retry_policy=HURRIED, request_log=str(request_log))
    panel.bend(lambda number, _: course[number % len(course)] if for_ever or number < len(course) else None)
    tried = Tried(client, method, panel)
    operation = operation_of(method.function)
    assert len(tried.exchanges) <= MOST_ATTEMPTS
    if operation.verb != "GET" and tried.exchanges:
        check_write(operation, tried)
    check_values(tried.answer)
    check_secrets(tried, "\n".join([*every_log, request_log.read_text()]))
    panel.straighten()
    check_that_the_next_call_gets_its_own_answer(client, panel)


@tried(examples=400)
@given(method=st.sampled_from(ANSWERED), body=st.one_of(disfigured(), doubled()))
def test_an_answer_with_other_values_is_read_as_far_as_it_can_be_kept(
    world: World, panel: BentPanel, every_log: list[str], method: ClientMethod, body: Body
) -> None:
    world.start_over()
    every_log.clear()
    panel.bend(lambda *_: Bend(body=body))
    tried = Tried(VirtFusion(panel.origin, TOKEN, retry_policy=HURRIED), method, panel)
    check_values(tried.answer)
    check_secrets(tried, "\n".join(every_log))


def check_write(operation: Operation, tried: Tried) -> None:
    """Done only by the form of a success, and refused only by an error of the API."""
    done = sum(one.done for one in tried.exchanges if not one.sent.is_refusal)
    if not operation.repeatable:
        assert done <= 1
        assert all(one.sent.is_refusal for one in tried.exchanges[:-1]), "repeated what may have been done"
    if tried.error is None:
        gone = operation.verb == "DELETE" and tried.last.sent.is_refusal and len(tried.exchanges) > 1
        assert gone or tried.last.sent.may_show_success(needs_body=operation.needs_body)
    elif not tried.last.sent.is_refusal:
        assert tried.error.may_be_done, "called refused without a refusal"
        assert isinstance(tried.error, OutcomeUnknown) is not operation.repeatable


def check_values(value: Any) -> None:
    """What reaches a state can be written there, and shows no secret by itself."""
    rows = value if isinstance(value, list) else [value]
    for row in rows:
        plain = row.model_dump(mode="json") if isinstance(row, BaseModel) else row
        json.dumps(plain, allow_nan=False, ensure_ascii=False).encode()
        assert all(abs(number) < 2**1023 and float(number) == number for number in numbers_in(plain))


def numbers_in(value: Any) -> Iterator[int | float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from numbers_in(one)
    elif isinstance(value, (int, float)):
        yield value


def check_secrets(tried: Tried, logged: str) -> None:
    texts = tried.texts + logged
    assert TOKEN not in texts
    assert TOKEN.partition("|")[2] not in texts
    shown = texts + repr(tried.answer)
    for exchange in tried.exchanges:
        assert not [secret for secret in secrets_in(exchange.genuine.json) if secret in shown]


def secrets_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (str(inner) for name, inner in value.items() if name in SECRET_NAMES and isinstance(inner, str))
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from secrets_in(one)


def check_that_the_next_call_gets_its_own_answer(client: VirtFusion, panel: BentPanel) -> None:
    (genuine,) = (one for one in panel.panel.state()["packages"] if one["id"] == 2)
    assert client.packages.get(2).name == genuine["name"]


def test_every_operation_is_tried() -> None:
    methods = {method: arguments_of(method) for method in METHODS}
    assert len(methods) >= 85
    for method, arguments in methods.items():
        inspect.signature(method.function).bind(None, **arguments)
