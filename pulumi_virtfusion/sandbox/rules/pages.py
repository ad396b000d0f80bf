"""Laravel's length-aware paginator."""

from __future__ import annotations

from collections.abc import Sequence

from ..panel.panel import Panel
from ..panel.store import Document

PANEL_URL = "https://192.168.3.11/api/v1"
"""The panel's own idea of its address, whatever address a client used."""


class Page:
    """One page of `results` rows, of `total` in all."""

    def __init__(self, total: int, rows: list[Document], results: int, number: int) -> None:
        self.total = total
        self.rows = rows
        self.results = results
        self.number = number

    def envelope(self, path: str, *, keeps_results: bool) -> Document:
        """Return the paginator's answer; some of the panel's lists leave `results` out of their URLs."""
        last = max(1, -(-self.total // self.results))
        url = PANEL_URL + path
        query = f"?results={self.results}&page=" if keeps_results else "?page="
        previous = f"{url}{query}{self.number - 1}" if self.number > 1 else None
        following = f"{url}{query}{self.number + 1}" if self.number < last else None
        first = (self.number - 1) * self.results + 1 if self.rows else None
        return {
            "current_page": self.number,
            "data": self.rows,
            "first_page_url": f"{url}{query}1",
            "from": first,
            "last_page": last,
            "last_page_url": f"{url}{query}{last}",
            "links": [
                {"url": previous, "label": "&laquo; Previous", "active": False},
                *(self._link(f"{url}{query}{number}", number) for number in range(1, last + 1)),
                {"url": following, "label": "Next &raquo;", "active": False},
            ],
            "next_page_url": following,
            "path": url,
            "per_page": self.results,
            "prev_page_url": previous,
            "to": first + len(self.rows) - 1 if first else None,
            "total": self.total,
        }

    def _link(self, url: str, number: int) -> Document:
        return {"url": url, "label": str(number), "active": number == self.number}


def page_of(panel: Panel, kind: str, results: int, page: int, **among: Sequence[int]) -> Page:
    """Return a page of the objects that have one of the given values of each fact."""
    total, rows = panel.store.slice(kind, results, (page - 1) * results, **among)
    return Page(total, rows, results, page)
