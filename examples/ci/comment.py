"""Puts a review into the one comment that it has on a pull request (GitHub) or a merge request (GitLab).

    python comment.py review.md

The comment is known by its first line, a marker that nobody sees, and by who wrote it.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

MARKER = "<!-- virtfusion-review -->"
FAILED = f"{MARKER}\n**The preview failed.** The log of the job says why.\n"
A_PAGE = 100


def ask(method: str, url: str, headers: dict[str, str], body: object = None) -> Any:
    """The JSON that the API answers; an error of it ends the job."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {**headers, "Content-Type": "application/json"}, method=method)
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


def listed(url: str, headers: dict[str, str]) -> Iterator[dict[str, Any]]:
    """All comments, page by page."""
    page = 1
    while True:
        comments = ask("GET", f"{url}?per_page={A_PAGE}&page={page}", headers)
        yield from comments
        if len(comments) < A_PAGE:
            return
        page += 1


def on_github(text: str) -> None:
    repository = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}"
    comments = f"{repository}/issues/{os.environ['PULL_REQUEST']}/comments"
    headers = {"Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}", "Accept": "application/vnd.github+json"}
    for comment in listed(comments, headers):
        if comment["body"].startswith(MARKER) and comment["user"]["type"] == "Bot":
            ask("PATCH", f"{repository}/issues/comments/{comment['id']}", headers, {"body": text})
            return
    ask("POST", comments, headers, {"body": text})


def on_gitlab(text: str) -> None:
    api, project = os.environ["CI_API_V4_URL"], os.environ["CI_PROJECT_ID"]
    notes = f"{api}/projects/{project}/merge_requests/{os.environ['CI_MERGE_REQUEST_IID']}/notes"
    headers = {"PRIVATE-TOKEN": os.environ["GITLAB_TOKEN"]}
    own = ask("GET", f"{api}/user", headers)["id"]
    for note in listed(notes, headers):
        if note["body"].startswith(MARKER) and note["author"]["id"] == own:
            ask("PUT", f"{notes}/{note['id']}", headers, {"body": text})
            return
    ask("POST", notes, headers, {"body": text})


def main(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    put = on_github if "GITHUB_ACTIONS" in os.environ else on_gitlab
    put(text if text.startswith(MARKER) else FAILED)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
