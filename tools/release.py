"""Checks whether a tag may be released: the tag is the version, and the changelog has a dated entry for it.

`python tools/release.py v0.1.0` uses only the standard library, so that a workflow can run it before anything is
installed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ENTRY = re.compile(r"^## (?P<version>\S+) \((?P<date>unreleased|\d{4}-\d{2}-\d{2})\)$", re.MULTILINE)


def version(root: Path = ROOT) -> str:
    """Return the version of a checkout, from the one file that defines it."""
    text = (root / "pulumi_virtfusion" / "version.py").read_text(encoding="utf-8")
    (said,) = re.findall(r'^VERSION = "(.*)"$', text, re.MULTILINE)
    return str(said)


def entries(changelog: str) -> dict[str, str]:
    """Return the date, or `unreleased`, of each version in the changelog, newest first."""
    return {entry["version"]: entry["date"] for entry in ENTRY.finditer(changelog)}


def objection(tag: str, version: str, changelog: str) -> str:
    """Return the reason not to release the tag, or "" if there is none."""
    if tag != f"v{version}":
        return f"The tag {tag} is not v{version}, which is the version in pulumi_virtfusion/version.py."
    date = entries(changelog).get(version)
    if date is None:
        return f"CHANGELOG.md has no entry `## {version} (YYYY-MM-DD)`."
    return f"CHANGELOG.md calls {version} unreleased: write its date there." if date == "unreleased" else ""


if __name__ == "__main__":
    (given,) = sys.argv[1:]
    sys.exit(objection(given, version(), (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")) or None)
