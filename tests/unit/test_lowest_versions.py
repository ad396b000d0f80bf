"""The constraints of `make lowest` are the floors of what a user installs."""

from __future__ import annotations

import pytest

from tools.lowest_versions import NoFloor, lowest


def test_floors_become_pins_and_tools_of_development_are_left_out() -> None:
    requirements = [
        "pulumi>=3.235",
        "starlette>=0.41; extra == 'sandbox'",
        'pulumi-virtfusion[sandbox]; extra == "bench"',
        'mypy>=1.14; extra == "dev"',
    ]
    assert list(lowest(requirements)) == ["pulumi==3.235", "starlette==0.41"]


def test_an_upper_bound_does_not_hide_the_floor() -> None:
    requirements = ["pydantic>=2.10,<3", 'uvicorn[standard]<1,>=0.32; extra == "sandbox"', "rich (>=13)"]
    assert list(lowest(requirements)) == ["pydantic==2.10", "uvicorn==0.32", "rich==13"]


@pytest.mark.parametrize("requirement", ["pydantic", "pydantic<3", "starlette==1; extra == 'sandbox'"])
def test_a_requirement_without_a_floor_is_refused(requirement: str) -> None:
    with pytest.raises(NoFloor, match=r"in pyproject.toml names 0 lowest versions: write one, as \w+>=1.2"):
        list(lowest([requirement]))
