"""Draws docs/images/preview.svg: the output of `pulumi preview` for another package and another operating system.

The quickstart comes up on a sandbox, two of its arguments change, and the end of the real preview is drawn.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from tools.trial import ROOT, STACK, Trial

PICTURE = ROOT / "docs" / "images" / "preview.svg"
CHANGES = (("package_id=1", "package_id=2"), ("operating_system_id=1", "operating_system_id=2"))
COLUMNS = 96
FROM = "Diagnostics"
"""The heading at which the picture begins; the table before it repeats the same, as wide as the terminal."""
FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px; \
line-height: {line_height}px; }}
{styles}
</style>
<defs>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""The frame of the picture; Rich's own frame loads a font from a web site."""


def main() -> None:
    with TemporaryDirectory() as folder:
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(drawn(preview(Path(folder))), encoding="utf-8")
    print(PICTURE)


def preview(folder: Path) -> str:
    """Return the output of the preview, with the colours of a terminal."""
    trial = Trial(folder, Path(sys.executable).parent, PYTHONPATH=str(ROOT))
    with trial.panel():
        trial.run("pulumi", "stack", "init", STACK)
        trial.run("pulumi", "up", "--yes", "--skip-preview")
        program = trial.folder / "__main__.py"
        text = program.read_text(encoding="utf-8")
        for old, new in CHANGES:
            assert old in text
            text = text.replace(old, new)
        program.write_text(text, encoding="utf-8")
        return trial.printed("pulumi", "preview", "--color", "always")


def drawn(printed: str) -> str:
    """Return the picture of a terminal that shows the output, from `FROM` on."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi("$ pulumi preview"))
    lines = printed.splitlines()
    first = next(number for number, line in enumerate(lines) if FROM in line)
    for line in lines[first:]:
        console.print(Text.from_ansi(line), soft_wrap=False)
    return console.export_svg(
        title="pulumi preview", theme=DIMMED_MONOKAI, code_format=FRAME, font_aspect_ratio=0.61, unique_id="preview"
    )


if __name__ == "__main__":
    os.environ.pop("PYTHONPATH", None)
    main()
