"""The examples live on the fixtures of the engine tests."""

from tests.engine.conftest import panel, program

__all__ = ["panel", "program"]
