"""The site's pages from outside docs/: those of the checkout's root, and the examples' programs.

MkDocs calls the `on_` functions by their names. Links that lead out of docs/ in the checkout lead to these pages in the
site.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
FROM_ROOT = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "README.md": "readme.md",
    "SECURITY.md": "security.md",
}
EXAMPLES = "examples.md"
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?!\w+:)(?P<path>[^)#\s]+)(?P<heading>#[^)\s]*)?\)")
LANGUAGES = {".go": "go", ".py": "python", ".ts": "typescript", ".yml": "yaml", ".yaml": "yaml"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that have no file in docs/."""
    for name, page in FROM_ROOT.items():
        files.append(File.generated(config, page, content=(ROOT / name).read_text(encoding="utf-8")))
    files.append(File.generated(config, EXAMPLES, content="\n\n".join(_examples())))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Point links to their targets in the site; a link to a file that the site does not show becomes plain text."""
    source = next((name for name, made in FROM_ROOT.items() if made == page.file.src_uri), f"docs/{page.file.src_uri}")

    def led(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), link["path"]))
        found = _in_the_site(target)
        if found is None:
            return link["text"]
        path, heading = found
        relative = posixpath.relpath(path, posixpath.dirname(page.file.src_uri) or ".")
        return f"[{link['text']}]({relative}{link['heading'] or heading})"

    return LINK.sub(led, markdown)


def _in_the_site(target: str) -> tuple[str, str] | None:
    """Return the page of the site, and the heading on it, that shows a file of the checkout, or None."""
    if target in FROM_ROOT:
        return FROM_ROOT[target], ""
    if target.startswith("examples"):
        _, _, name = target.partition("/")
        return EXAMPLES, f"#{name.partition('/')[0]}" if name else ""
    if target == "docs":
        return "index.md", ""
    return (target.removeprefix("docs/"), "") if target.startswith("docs/") else None


def _examples() -> Iterator[str]:
    """Yield every example with the text that it has in the checkout."""
    yield "# Examples"
    yield "These stand in `examples/` of the source distribution; `make examples` runs them all on a sandbox."
    for folder in sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir()):
        yield f"## {folder.name}"
        program = folder / "__main__.py"
        if program.exists():
            yield ast.get_docstring(ast.parse(program.read_text(encoding="utf-8"))) or ""
        for file in sorted(folder.iterdir()):
            if file.suffix in LANGUAGES:
                yield f"`{file.relative_to(ROOT)}`:"
                yield f"````{LANGUAGES[file.suffix]}\n{file.read_text(encoding='utf-8').rstrip()}\n````"
