"""The constraints of `make lowest` are the floors of what a user installs."""

from __future__ import annotations

from tools.lowest_versions import lowest


def test_floors_become_pins_and_tools_of_development_are_left_out() -> None:
    requirements = [
        "pulumi>=3.235",
        "starlette>=0.41; extra == 'sandbox'",
        'pulumi-virtfusion[sandbox]; extra == "bench"',
        'mypy>=1.14; extra == "dev"',
    ]
    assert list(lowest(requirements)) == ["pulumi==3.235", "starlette==0.41"]
