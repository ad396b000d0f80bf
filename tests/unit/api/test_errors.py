"""The tree of errors."""

from __future__ import annotations

import pickle
import re

import pytest

from pulumi_virtfusion.api import errors
from pulumi_virtfusion.api.errors import VirtFusionError

CLASSES: list[type[VirtFusionError]] = [VirtFusionError, *VirtFusionError.__subclasses__()]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_an_error_survives_pickling(kind: type[VirtFusionError]) -> None:
    error = kind("PUT /servers/7/modify/name answered 422: No.", "PUT", "/servers/7/modify/name", 422, ["No"])
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert str(copy) == "PUT /servers/7/modify/name answered 422: No."
    assert (copy.method, copy.path, copy.status, copy.messages) == ("PUT", "/servers/7/modify/name", 422, ("No",))


def test_an_error_needs_no_more_than_a_text() -> None:
    error = errors.OperationTimeout("The build of server 7 took too long.")
    assert (str(error), error.method, error.path, error.status, error.messages) == (
        "The build of server 7 took too long.", "", "", None, ()
    )  # fmt: skip


def test_the_drawing_of_the_tree_shows_every_class() -> None:
    _, drawing = (errors.__doc__ or "").split("\n", 1)
    drawn = re.findall(r"^ *(?:[├└]── )?([A-Z]\w+)", drawing, re.MULTILINE)
    assert drawn == [kind.__name__ for kind in CLASSES]
