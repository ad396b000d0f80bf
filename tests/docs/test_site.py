"""The site is built without a warning and without a network, leads everywhere, and fits a phone."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from mkdocs.utils.yaml import yaml_load

from pulumi_virtfusion.resources import MODULES
from tools.site.hooks import EXAMPLES, FROM_ROOT
from tools.site.pages import DOCS, ROOT
from tools.site.resource_page import page_name

CONFIGURATION = ROOT / "tools" / "site" / "mkdocs.yml"
if TYPE_CHECKING:
    from playwright.sync_api import Browser

PHONE: Any = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", CONFIGURATION, "--site-dir", folder],
        # An address where nobody listens: what would be fetched, fails.
        env={
            **os.environ, "NO_MKDOCS_2_WARNING": "1", "HTTPS_PROXY": "http://127.0.0.1:9",
            "HTTP_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9", "NO_PROXY": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    return folder


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_page_is_in_the_navigation_once() -> None:
    listed = re.findall(r"[\w/-]+\.md", yaml.safe_dump(yaml_load(CONFIGURATION.read_text())["nav"]))
    there = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} | {*FROM_ROOT.values(), EXAMPLES}
    assert sorted(listed) == sorted(there)
    assert [one.removeprefix("resources/") for one in listed if one.startswith("resources/")] == [
        "index.md", *map(page_name, MODULES),
    ]  # fmt: skip


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in pages(site):
        text = page.read_text()
        loaded = re.findall(r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?([^"' >]+)""", text)
        loaded += re.findall(r"""<link\b[^>]*\bhref=["']?([^"' >]+)""", text)
        assert loaded
        assert [one for one in loaded if re.match(r"(https?:)?//", one)] == [], page.name
    for sheet in site.rglob("*.css"):
        assert re.findall(r"(?:url\(|@import )[\"']?(?:https?:)?//[^)]*", sheet.read_text()) == [], sheet.name
    for picture in site.rglob("*.svg"):
        assert re.sub(r"http://www\.w3\.org/\S+", "", picture.read_text()).count("http") == 0, picture.name


def test_every_link_within_the_site_leads_to_something(site: Path) -> None:
    for page in pages(site):
        for target in re.findall(r"""<a\b[^>]*\bhref=["']?([^"' >]+)""", page.read_text()):
            path, _, heading = target.partition("#")
            if re.match(r"\w+:|/", target) or page.name == "404.html":
                continue
            led = (page.parent / path) if path else page
            assert led.exists(), f"{page.name}: {target}"
            assert not heading or f'id="{heading}"' in led.read_text(), f"{page.name}: {target}"


def test_a_resource_s_page_is_as_it_should_be(site: Path) -> None:
    text = (site / "resources" / "server.html").read_text()
    assert all(f'id="{one}"' in text for one in ("inputs", "outputs", "drift", "requests", "import"))
    assert "generated:" not in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)


def test_an_example_is_shown_as_it_stands(site: Path) -> None:
    text = html.unescape(re.sub(r"<[^>]+>", "", (site / "examples.html").read_text()))
    for line in (ROOT / "examples" / "quickstart" / "__main__.py").read_text().splitlines():
        assert line in text


@pytest.mark.long
def test_it_fits_a_phone(site: Path, browser: Browser) -> None:
    """Nothing but code and tables, which scroll by themselves, is wider than the screen."""
    screen = browser.new_page(viewport=PHONE)
    wide = {}
    for page in pages(site):
        screen.goto(page.as_uri())
        width = screen.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide[page.name] = width
    screen.close()
    assert wide == {}
