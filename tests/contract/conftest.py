"""A client whose requests go to the vendor's description instead of a panel."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from pulumi_virtfusion.api import VirtFusion
from tests.contract import openapi

ROOT = "https://panel.example.com/api/v1"


@dataclass(frozen=True)
class Sent:
    """A request, and what the vendor's file says about it."""

    described: openapi.Described
    path: str
    query: tuple[tuple[str, str], ...]
    body: Any


class DescribedPanel(BaseAdapter):
    """A transport that notes each request and answers with the vendor's example."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Sent] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        assert request.url
        assert request.method
        assert request.url.startswith(ROOT)
        parts = urlsplit(request.url.removeprefix(ROOT))
        described = openapi.find(request.method, parts.path)
        body = json.loads(request.body) if request.body else None
        self.sent.append(Sent(described, parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True)), body))
        return _response(request, described, parts.path)

    def close(self) -> None:
        pass


def _response(request: requests.PreparedRequest, described: openapi.Described, path: str) -> requests.Response:
    asked = [part for part, name in zip(path.split("/"), described.path.split("/"), strict=True) if "{" in name]
    answer = openapi.answer_to(described, int(asked[0]) if asked and asked[0].isdecimal() else None)
    body = json.dumps(answer).encode() if described.answer else b""
    response = requests.Response()
    response.request = request
    response.url = request.url or ""
    response.status_code = described.status
    response.raw = HTTPResponse(io.BytesIO(body), status=described.status, preload_content=False)
    return response


@pytest.fixture
def panel() -> DescribedPanel:
    return DescribedPanel()


@pytest.fixture
def client(panel: DescribedPanel) -> VirtFusion:
    client = VirtFusion("https://panel.example.com", "1|a-token-of-the-tests")
    client.transport.connection.session.mount(ROOT, panel)
    return client
