"""A report as JSON for machines: the model `Report`, in ASCII."""

from __future__ import annotations

import json

from pydantic import BaseModel

from .report import Report
from .size_limit import fitted

NESTED = 4
"""Levels around a row, each of which indents the row's lines by one character."""


def json_text(report: Report) -> str:
    """Write the report as JSON of at most 65,536 characters."""
    return _json(fitted(report, _size, _size)) + "\n"


def _size(part: BaseModel) -> int:
    text = _json(part)
    return len(text) + NESTED * (text.count("\n") + 1) + len(",\n")


def _json(part: BaseModel) -> str:
    return json.dumps(part.model_dump(mode="json"), indent=1)
