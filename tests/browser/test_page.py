"""The panel's page in a real browser: each chip once, a build to its end, and what a hostile panel holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_virtfusion.sandbox import RunningPanel, running
from pulumi_virtfusion.sandbox.introduction import Introduction
from pulumi_virtfusion.sandbox.prepared_drift import DRIFTS
from pulumi_virtfusion.sandbox.prepared_faults import FAULTS
from pulumi_virtfusion.sandbox.seeds import PROFILES

from .conftest import Client, NewPage, picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE = {"viewport": {"width": 360, "height": 780}}
KINDS = ("Users", "SSH keys", "Resource packs", "Addresses", "Firewalls", "Packages", "Systems", "Hypervisors")
HOSTILE = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>\u202e\'&amp;' + "w" * 80


def server(panel: RunningPanel, id_: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = next((row for row in panel.state()["servers"] if row["id"] == id_), {})
    return found


def test_a_build_is_watched_to_its_end(client: Client, panel: RunningPanel, page: Page) -> None:
    panel.sandbox.panel.build_seconds = 4
    id_ = client.new_server("web")
    row = page.locator("#servers tbody tr")
    row.get_by_text("allocated").wait_for()
    client.build(id_)
    row.get_by_text("installing").wait_for()
    first = page.evaluate("document.querySelector('#servers progress').value")
    page.wait_for_function("before => document.querySelector('#servers progress').value > before", arg=first)
    row.get_by_text("running").wait_for()
    row.get_by_text("Debian 12 (Bookworm)").wait_for()
    assert not row.locator("progress").is_visible()


def test_a_server_is_shown_in_names(client: Client, page: Page) -> None:
    client.furnish()
    row = page.locator("#servers tbody tr").filter(has_text="db-1")
    row.wait_for()
    text = " ".join(row.all_inner_texts())
    for word in ("Large", "Grace Hopper", "Default", "Hypervisor", "198.51.100.", "suspended", "host3.example.com"):
        assert word in text
    assert page.locator("#counters").inner_text().split()[:4] == ["Servers", "5", "Users", "3"]
    picture(page, "page")


def test_every_drift_has_a_chip(page: Page) -> None:
    assert page.locator("#drifts button").evaluate_all("all => all.map((one) => one.dataset.drift)") == list(DRIFTS)
    assert all(page.locator("#drifts button").evaluate_all("all => all.map((one) => one.disabled)"))


@pytest.mark.parametrize("name", DRIFTS)
def test_a_chip_makes_drift_and_says_what_shows_it(client: Client, panel: RunningPanel, page: Page, name: str) -> None:
    client.new_server("other")
    client.build(client.new_server("web"))
    panel.advance(30)
    before = server(panel, 2)
    page.locator("#drift-server option").nth(1).wait_for(state="attached")
    page.get_by_label("Server", exact=True).select_option(label="web")
    page.locator(f"[data-drift={name}]").click()
    outcome = page.locator("#drift-outcome")
    outcome.get_by_text(DRIFTS[name].command).wait_for()
    assert "web:" in outcome.inner_text()
    assert DRIFTS[name].shows in outcome.inner_text()
    assert server(panel, 2) != before
    assert server(panel)["name"] == "other"


@pytest.mark.parametrize("title", [title for title, _, _ in FAULTS])
def test_a_chip_arms_a_fault_and_counts_its_hits(client: Client, panel: RunningPanel, page: Page, title: str) -> None:
    chip = page.locator(f"[data-fault='{title}']")
    chip.click()
    chip.get_by_text("armed · 0 hits").wait_for()
    (fault,) = panel.sandbox.faults.all
    client.session.headers["Connection"] = "close"
    while not fault.hits:
        client.ask("POST", "/users", {"name": "n", "email": "n@example.com"})
    chip.get_by_text(re.compile("1 hit$")).wait_for()
    assert chip.get_by_text("armed").is_visible() == (fault.times != 1)
    page.get_by_role("button", name="Clear all").click()
    chip.locator(".hits").wait_for(state="hidden")
    assert panel.sandbox.faults.all == []


def test_a_fault_that_a_test_declared_is_shown_too(panel: RunningPanel, page: Page) -> None:
    panel.fault(method="GET", path="^/connect$", status=500)
    panel.fault(name="mine", status=500)
    page.get_by_text("GET ^/connect$: 0 hits").wait_for()
    page.get_by_text("mine: any method any path: 0 hits").wait_for()


@pytest.mark.parametrize(
    ("chip", "seconds", "said"), [("minute", 60, "1 min"), ("hour", 3600, "1 h"), ("day", 86_400, "1 d")]
)
def test_the_clock_is_put_forward(panel: RunningPanel, page: Page, chip: str, seconds: int, said: str) -> None:
    page.get_by_role("button", name=f"+1 {chip}").click()
    page.get_by_text(f"put forward by {said}").wait_for()
    assert panel.sandbox.panel.clock.ahead == seconds


def test_an_hour_later_a_build_is_done(client: Client, page: Page) -> None:
    client.build(client.new_server("web"))
    row = page.locator("#servers tbody tr")
    row.locator("progress").wait_for()
    page.get_by_role("button", name="+1 hour").click()
    row.get_by_text("running").wait_for()


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_is_shown_on_demand_and_goes_on(client: Client, page: Page, kind: str) -> None:
    client.furnish()
    assert page.locator("#kinds button").evaluate_all("all => all.map((one) => one.dataset.kind)") == list(KINDS)
    button = page.locator(f"[data-kind='{kind}']")
    button.click()
    page.locator("#more tbody tr").first.wait_for()
    assert button.get_attribute("aria-expanded") == "true"
    if kind == "Users":
        client.ask("POST", "/users", {"name": "Later", "email": "later@example.com", "extRelationId": 7})
        page.locator("#more").get_by_text("later@example.com").wait_for()
    if kind == "Firewalls":
        assert "Web, SSH" in page.locator("#more").inner_text()
    button.click()
    page.locator("#more").wait_for(state="hidden")


def test_requests_stand_under_the_run_that_sent_them(client: Client, page: Page) -> None:
    client.furnish()
    client.session.headers["User-Agent"] = "curl/8.5.0"
    client.ask("GET", "/connect")
    page.locator(".run").nth(2).wait_for()
    page.locator(".run").filter(has_text="pulumi up").get_by_text("dropped, done").wait_for()
    names = page.locator(".run-name").all_inner_texts()
    assert names == ["curl/8.5.0", "pulumi up", "pulumi preview"]
    writes = page.locator(".run").filter(has_text="pulumi up").locator("li.write")
    log = [entry for entry in client.panel.requests() if "pulumi up" in entry["agent"] and entry["method"] != "GET"]
    assert writes.count() == len(log)
    assert page.locator(".run").filter(has_text="pulumi preview").locator("li.write").count() == 0
    writes.filter(has_text="/ssh_keys").first.locator("summary").click()
    body = writes.filter(has_text="/ssh_keys").first.locator("pre")
    assert '"name": "laptop"' in body.inner_text()
    page.get_by_label("only what changes something").check()
    page.locator(".run").filter(has_text="curl").wait_for(state="detached")
    page.get_by_role("button", name="Empty the log").click()
    page.get_by_text("Nothing was asked of the API yet.").wait_for()
    assert client.panel.requests() == []


def test_a_request_under_way_is_shown_until_it_has_its_answer(client: Client, panel: RunningPanel, page: Page) -> None:
    panel.fault(path="^/connect$", delay=2.5)
    with pytest.raises(Exception, match="timed out"):
        client.session.get(f"{panel.url}/connect", timeout=0.2)
    status = page.locator(".run .status")
    status.get_by_text("…").wait_for()
    status.get_by_text("200").wait_for()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_reset_asks_first_and_starts_over(client: Client, panel: RunningPanel, page: Page, profile: str) -> None:
    client.furnish()
    page.get_by_role("button", name="Reset …").click()
    page.get_by_role("button", name="Cancel").click()
    assert len(panel.state()["servers"]) == 5
    page.get_by_role("button", name="Reset …").click()
    page.locator(f"input[value={profile}]").check()
    page.get_by_role("button", name="Reset", exact=True).click()
    page.get_by_text(f"live · seed {profile}").wait_for()
    page.get_by_text("No server yet.").wait_for()
    assert (panel.state()["servers"], panel.requests()) == ([], [])


def test_the_settings_are_copied(new_page: NewPage, panel: RunningPanel) -> None:
    page = new_page(panel, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy settings").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").splitlines() == [
        f"pulumi config set virtfusion:endpoint {panel.origin}",
        f"pulumi config set --secret virtfusion:token {panel.token}",
    ]
    page.keyboard.press("Escape")
    # The page clears the dialog in an event of its own, after the one of the key.
    page.wait_for_function("token => !document.documentElement.outerHTML.includes(token)", arg=panel.token)


def test_a_token_that_is_somebody_s_secret_does_not_reach_the_page(new_page: NewPage, panel: RunningPanel) -> None:
    panel.sandbox.introduction = Introduction(panel.origin, token_from='"$VIRTFUSION_TOKEN"')
    page = new_page(panel)
    page.get_by_role("button", name="Copy settings").click()
    page.get_by_text('virtfusion:token "$VIRTFUSION_TOKEN"').wait_for()
    page.get_by_text("The token stays where it is").wait_for()
    assert panel.token not in page.content()


def test_what_a_panel_holds_is_text_and_nothing_else(client: Client, panel: RunningPanel, page: Page) -> None:
    user = client.ask("POST", "/users", {"name": HOSTILE, "email": "a@example.com", "relStr": HOSTILE})
    id_ = client.new_server(HOSTILE, user_id=user["id"])
    panel.mutate("servers", id_, {"hostname": HOSTILE})
    client.ask("POST", "/ssh_keys", {"userId": user["id"], "name": HOSTILE, "publicKey": "ssh-ed25519 AAAA"})
    panel.mutate("servers", id_, {"state": HOSTILE})
    panel.fault(name=HOSTILE[:100], path="^/<b>")
    panel.fault(path="^/<b>")
    client.session.headers["User-Agent"] = "<b>agent</b>"
    client.ask("GET", f"/servers?name={HOSTILE}")
    client.ask("POST", "/<script>window.harmed=1</script>", {HOSTILE: HOSTILE})
    page.locator("#servers").get_by_text("<script>").first.wait_for()
    page.locator(".run-name").get_by_text("<b>agent</b>").wait_for()
    for kind in KINDS:
        page.locator(f"[data-kind='{kind}']").click()
        page.locator("#more").locator("table, p").first.wait_for()
    page.locator(".run li summary").last.click()
    page.locator("[data-drift=rename]").click()
    page.locator("#drift-outcome").get_by_text("<script>").first.wait_for()
    assert page.evaluate("window.harmed") is None
    assert page.locator("main img, main script, main b:text-is('agent')").count() == 0


@pytest.mark.parametrize(
    "options", [PHONE, {"viewport": {"width": 768, "height": 900}}, {}], ids=["360", "768", "1280"]
)
def test_nothing_has_to_be_scrolled_sideways(
    client: Client, panel: RunningPanel, new_page: NewPage, options: dict[str, Any]
) -> None:
    client.furnish()
    page = new_page(panel, **options)
    page.locator("#servers tbody tr").first.wait_for()
    if options is PHONE:
        picture(page, "phone")
    client.new_server("w" * 200)
    client.ask("GET", "/servers/" + "x" * 500)
    page.locator(".run summary").first.wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for kind in KINDS:
        page.locator(f"[data-kind='{kind}']").click()
        page.locator("#more tbody tr").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), kind
    for button in ("Copy settings", "Reset …"):
        page.get_by_role("button", name=button).click()
        box = page.locator("dialog[open]").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.evaluate("window.innerWidth")
        page.keyboard.press("Escape")


def luminance(colour: str) -> float:
    """Of `rgb(1, 2, 3)`, as WCAG defines it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_COLOURS = """all => all.map((one) => {
    let behind = one;
    while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
    return [one.className || one.tagName, getComputedStyle(one).color, getComputedStyle(behind).backgroundColor];
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_in_either_scheme(
    client: Client, panel: RunningPanel, new_page: NewPage, scheme: str
) -> None:
    client.furnish()
    page = new_page(panel, color_scheme=scheme)
    page.locator("#servers tbody tr").first.wait_for()
    page.locator("[data-drift=rename]").click()
    page.locator("#drift-outcome").get_by_text("renamed").first.wait_for()
    if scheme == "dark":
        picture(page, "dark")
    paper = luminance(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert (paper < 0.05) if scheme == "dark" else (paper > 0.8)
    seen = page.locator("h1, h2, small, .hint, .pill, .tally, .chip, .first, .status, .line b, button.primary, .live")
    found = seen.evaluate_all(_COLOURS)
    assert len(found) > 60
    for name, ink, behind in found:
        light, dark = sorted((luminance(ink), luminance(behind)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (name, ink, behind)


def test_everything_is_reached_and_done_by_keyboard(client: Client, page: Page) -> None:
    client.new_server("web")
    page.locator("#servers tbody tr").wait_for()
    wanted = page.locator("button:visible:enabled, select:visible, input:visible, summary:visible").count()
    reached = set()
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        place, width = page.evaluate(
            "[[...document.querySelectorAll('*')].indexOf(document.activeElement),"
            " getComputedStyle(document.activeElement).outlineWidth]"
        )
        if page.evaluate("document.activeElement === document.body"):
            break
        assert width != "0px"
        reached.add(place)
    assert len(reached) == wanted
    page.locator("[data-drift=rename]").focus()
    page.keyboard.press("Enter")
    page.locator("#drift-outcome").get_by_text("web-renamed").wait_for()
    page.locator(".run li summary").first.focus()
    page.keyboard.press("Enter")
    page.locator(".run pre").first.wait_for()
    page.wait_for_timeout(2500)  # the page asks anew, and takes neither the focus nor what is open
    assert page.evaluate("document.activeElement.className") == "line"
    assert page.locator(".run pre").first.is_visible()
    page.locator("#copy-settings").focus()
    page.keyboard.press("Enter")
    page.locator("#settings").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "copy-settings"


def test_a_refusal_is_said_and_nothing_else_happens(client: Client, panel: RunningPanel, new_page: NewPage) -> None:
    client.build(client.new_server("web"))
    panel.advance(30)
    for template in panel.state()["templates"][1:]:
        panel.mutate("templates", template["id"], delete=True)
    before = server(panel)
    page = new_page(panel, complaints=True)  # the browser itself notes a 422
    page.locator("[data-drift=reinstall]:enabled").click()
    page.locator("#toast").get_by_text("There is no other template").wait_for()
    assert server(panel) == before


def test_a_panel_that_ends_is_said_to_have_ended(new_page: NewPage) -> None:
    with running() as ending:
        page = new_page(ending, complaints=True)
    page.get_by_text("the panel does not answer").wait_for()


def test_a_violation_would_be_seen(browser: Browser, panel: RunningPanel) -> None:
    page = browser.new_context().new_page()
    page.add_init_script(
        "window.violations = [];"
        "document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));"
    )
    page.goto(panel.origin)
    page.evaluate(
        """() => { const style = document.createElement("style"); style.textContent = "* { color: red }";
            document.head.append(style); new Image().src = "https://192.0.2.1/x.png"; }"""
    )
    page.wait_for_function("window.violations.length >= 2")
    with pytest.raises(Exception, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<b>x</b>'")
    page.context.close()


class Bystander(BaseHTTPRequestHandler):
    """A page of another site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>elsewhere</title>")

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Bystander) as site:
        thread = Thread(target=site.serve_forever)
        thread.start()
        yield f"http://localhost:{site.server_port}"
        site.shutdown()
        thread.join()


_ATTEMPTS = """async (panel) => {
    const told = [];
    for (const path of ["connection", "state", "requests"])
        for (const mode of ["cors", "no-cors"])
            await fetch(`${panel}/_sandbox/${path}`, { mode }).then((answer) => answer.text())
                .then((text) => told.push(text), () => {});
    for (const body of ["{}", "{\\"profile\\": \\"empty\\"}"])
        for (const path of ["reset", "seed"])
            await fetch(`${panel}/_sandbox/${path}`, { method: "POST", mode: "no-cors", body }).catch(() => {});
    const frame = document.createElement("iframe");
    frame.src = panel;
    document.body.append(frame);
    await new Promise((done) => { frame.onload = done; setTimeout(done, 2000); });
    let inside = "";
    try { inside = frame.contentDocument?.title ?? ""; } catch { inside = ""; }
    return [told.join(""), inside];
}"""


def test_a_page_of_another_site_learns_and_does_nothing(
    browser: Browser, client: Client, panel: RunningPanel, elsewhere: str
) -> None:
    client.new_server("web")
    page = browser.new_context().new_page()
    page.goto(elsewhere)
    assert page.evaluate(_ATTEMPTS, panel.origin) == ["", ""]
    assert len(panel.state()["servers"]) == 1
    framed = [frame for frame in page.frames if frame != page.main_frame]
    assert all("VirtFusion" not in frame.content() for frame in framed)
    page.context.close()
