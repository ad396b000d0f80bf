"""The README as an index shows it: no link and no image of it leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.metadata import for_an_index, project_urls

README = (Path(__file__).parents[2] / "README.md").read_text()
FILES = "https://git.example.com/some/where/blob/v1.0.0"


@pytest.mark.parametrize(
    ("text", "with_files", "without"),
    [
        ("see [the docs](docs/a.md)", f"see [the docs]({FILES}/docs/a.md)", "see the docs"),
        ("[one](docs/a.md#two-words)", f"[one]({FILES}/docs/a.md#two-words)", "one"),
        ("![A picture](docs/a.png)", f"![A picture]({FILES.replace('blob', 'raw')}/docs/a.png)", "*A picture*"),
        ("[Pulumi](https://www.pulumi.com)",) * 3,
        ("[below](#commands)",) * 3,
        ("write [to us](mailto:a@example.com)",) * 3,
    ],
)
def test_a_link_into_the_checkout_becomes_an_address(text: str, with_files: str, without: str) -> None:
    assert for_an_index(text, FILES) == with_files
    assert for_an_index(text, "") == without


@pytest.mark.parametrize("files", [FILES, ""])
def test_no_link_of_the_readme_is_left_relative(files: str) -> None:
    targets = re.findall(r"\]\(([^)]*)\)", for_an_index(README, files))
    assert len(targets) >= 2
    assert [target for target in targets if not re.match(r"https://|#", target)] == []
    assert "<img" not in README


def test_without_a_repository_no_address_is_made_up() -> None:
    assert list(project_urls("")) == ["VirtFusion"]
