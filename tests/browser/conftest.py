"""A panel, its page in a real browser, and a client that asks the API as the provider does.

Whatever a test does, a page must not complain: of its scripts, of its Content-Security-Policy, or of a request that
failed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from pulumi_virtfusion.sandbox import RunningPanel, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SCREENSHOTS = "SANDBOX_SCREENSHOTS"
"""The environment variable that asks for the pictures of docs/sandbox.md."""
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@laptop"

NewPage = Callable[..., "Page"]

_WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
"""


@pytest.fixture
def panel() -> Iterator[RunningPanel]:
    with running(build_seconds=20) as started:
        yield started


class Client:
    """Asks a panel's API in the name of a run, as the provider's User-Agent has it."""

    def __init__(self, panel: RunningPanel) -> None:
        self.panel = panel
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update({"Authorization": f"Bearer {panel.token}", "Accept": "application/json"})
        self.runs("up", "91f2bf0a")

    def runs(self, command: str, run: str, process: str = "provider") -> None:
        self.session.headers["User-Agent"] = f"pulumi-virtfusion/0.1.0 (pulumi {command}; {process}; run {run})"

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's data; None where there is none, or no answer at all."""
        with suppress(requests.RequestException, ValueError):
            answer: Any = self.session.request(method, self.panel.url + path, json=body, timeout=20).json()
            return answer["data"] if isinstance(answer, dict) and "data" in answer else answer
        return None

    def new_server(self, name: str, package_id: int = 1, user_id: int = 1, **more: Any) -> int:
        made = self.ask("POST", "/servers", {"packageId": package_id, "userId": user_id, "hypervisorId": 1, **more})
        self.ask("PUT", f"/servers/{made['id']}/modify/name", {"name": name})
        return int(made["id"])

    def build(self, id_: int, system: int = 1) -> None:
        self.ask("POST", f"/servers/{id_}/build", {"operatingSystemId": system, "hostname": f"host{id_}.example.com"})

    def furnish(self) -> None:
        """What a few runs leave behind: two customers, five servers in several states, and a bad moment."""
        self.runs("preview", "36b45e3b", "program preview")
        self.ask("GET", "/packages")
        self.runs("up", "91f2bf0a")
        self.ask("POST", "/users", {"name": "Ada Lovelace", "email": "ada@example.com", "extRelationId": 1001})
        self.ask("POST", "/users", {"name": "Grace Hopper", "email": "grace@example.com", "relStr": "grace"})
        self.ask("POST", "/ssh_keys", {"userId": 2, "name": "laptop", "publicKey": KEY})
        self.ask("POST", "/selfService/resourcePack/byUserExtRelationId/1001", {"packId": 1})
        for name, package_id, user_id in (("web-1", 1, 2), ("web-2", 2, 2), ("db-1", 3, 3)):
            self.build(self.new_server(name, package_id, user_id, firewallRulesets=[1, 2]))
        self.panel.advance(30)
        self.panel.mutate("servers", 3, {"suspended": True, "running": False})
        self.new_server("runner", 4, 3)
        self.panel.fault(name="Lost answer", method="POST", path="^/ssh_keys$", when="after", close=True)
        self.ask("POST", "/ssh_keys", {"userId": 3, "name": "desk", "publicKey": KEY.replace("ada", "grace")})
        self.ask("GET", "/ssh_keys/user/3")
        self.build(self.new_server("mail", 2, 3), system=2)
        self.panel.advance(8)


@pytest.fixture
def client(panel: RunningPanel) -> Iterator[Client]:
    asking = Client(panel)
    yield asking
    asking.session.close()


@pytest.fixture
def new_page(browser: Browser, panel: RunningPanel) -> Iterator[NewPage]:  # noqa: ARG001 - it outlives its pages
    """Opens a panel's page and waits until it shows something: `new_page(panel, color_scheme="dark")`.

    `complaints=True` lets the page complain, for a panel that a test ends.
    """
    opened: list[tuple[BrowserContext, Page, list[str], bool]] = []

    def new(panel: RunningPanel, *, complaints: bool = False, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(15_000)
        page = context.new_page()
        said: list[str] = []
        page.add_init_script(_WATCH)
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "response", lambda answer: said.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        )
        page.on("request", lambda sent: None if sent.url.startswith(panel.origin) else said.append(f"to {sent.url}"))
        opened.append((context, page, said, complaints))
        page.goto(panel.origin)
        page.get_by_text("live · seed").wait_for()
        return page

    yield new
    for context, page, said, complaints in opened:
        assert complaints or (said, page.evaluate("window.violations")) == ([], [])
        context.close()


@pytest.fixture
def page(new_page: NewPage, panel: RunningPanel) -> Page:
    return new_page(panel)


def picture(page: Page, name: str) -> None:
    """Writes docs/images/sandbox-NAME.png when asked for."""
    if os.environ.get(SCREENSHOTS):
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        IMAGES.mkdir(exist_ok=True)
        page.screenshot(path=IMAGES / f"sandbox-{name}.png")
