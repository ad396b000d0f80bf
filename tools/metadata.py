"""The metadata of a release that only its build can know: addresses within its repository.

Hatchling runs this hook when it builds from a checkout. The release workflow sets `REPOSITORY_URL` to the repository's
address; without this variable, the package names no repository.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

VARIABLE = "REPOSITORY_URL"
LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?!\w+:)(?P<path>[^)#]*)(?P<heading>#[^)]*)?\)")
"""A link or an image of Markdown that leads to a file of the checkout, or to a heading of the page itself."""


class Metadata(MetadataHookInterface):
    """The hook that fills the fields that `pyproject.toml` declares dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        repository = os.environ.get(VARIABLE, "").rstrip("/")
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        files = f"{repository}/blob/v{metadata['version']}" if repository else ""
        metadata["readme"] = {"content-type": "text/markdown", "text": for_an_index(text, files)}
        metadata["urls"] = project_urls(repository)


def project_urls(repository: str) -> dict[str, str]:
    """Return the links that an index shows beside the package's page."""
    vendor = {"VirtFusion": "https://virtfusion.com"}
    if not repository:
        return vendor
    return {
        "Source": repository,
        "Documentation": f"{repository}/tree/main/docs",
        "Changelog": f"{repository}/blob/main/CHANGELOG.md",
        "Issues": f"{repository}/issues",
        **vendor,
    }


def for_an_index(text: str, files: str) -> str:
    """Return the README for an index: links lead into `files` (`.../blob/v1.0.0`), or become bare words without it."""

    def absolute(match: re.Match[str]) -> str:
        image, label, path, heading = match["image"], match["text"], match["path"], match["heading"] or ""
        if not path:
            return match[0]
        if not files:
            return f"*{label}*" if image else label
        base = files.replace("/blob/", "/raw/") if image else files
        return f"{image}[{label}]({base}/{path}{heading})"

    return LINK.sub(absolute, text)
