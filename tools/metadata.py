"""What the metadata of a release says that only its build can know: addresses within the repository that it is of.

Hatchling runs this hook when it builds from a checkout. `REPOSITORY_URL` names the repository, which the release
workflow sets; where it is not set, the package names none.
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
    """Fills the fields that `pyproject.toml` calls dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        repository = os.environ.get(VARIABLE, "").rstrip("/")
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        files = f"{repository}/blob/v{metadata['version']}" if repository else ""
        metadata["readme"] = {"content-type": "text/markdown", "text": for_an_index(text, files)}
        metadata["urls"] = project_urls(repository)


def project_urls(repository: str) -> dict[str, str]:
    """The links beside the package's page at an index."""
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
    """The README far from its repository: links lead into `files` (`.../blob/v1.0.0`), or are bare words without it."""

    def absolute(match: re.Match[str]) -> str:
        image, label, path, heading = match["image"], match["text"], match["path"], match["heading"] or ""
        if not path:
            return match[0]
        if not files:
            return f"*{label}*" if image else label
        base = files.replace("/blob/", "/raw/") if image else files
        return f"{image}[{label}]({base}/{path}{heading})"

    return LINK.sub(absolute, text)
