"""A list in pages, read so that no row is missing, although rows come and go meanwhile.

A deleted row moves all later rows forward, and the first row of the next page is skipped. So after the last page, all
earlier pages are read once more: if they hold the same rows, none was skipped. A list of one page is read once.
"""

from __future__ import annotations

from typing import Any, Generic

from pulumi_virtfusion.api.http.envelope import NotAsDescribed, RecordT, listed

PAGE_SIZE = 200
"""The largest that the API allows."""
MOST_PAGES = 10_000
PAGINATOR = frozenset(
    {"current_page", "data", "first_page_url", "from", "last_page", "last_page_url", "links", "next_page_url", "path"}
    | {"per_page", "prev_page_url", "to", "total"}
)
"""The fields around the rows of a page."""
READ = ("current_page", "last_page", "total")
"""The fields of a page that the client reads."""
MOST_PASSES = 3


class Listing(Generic[RecordT]):
    """A reader of one list, page by page: fetch `next_page`, `read` it, until `next_page` is None."""

    def __init__(self, record: type[RecordT]) -> None:
        self.next_page: int | None = 1
        self._record = record
        self._passes = 0
        self._seen: set[int | None] = set()
        self._pages: list[list[int | None]] = []
        """Ids of the rows of each page, as this pass found them."""
        self._last = 1
        self._total: int | None = None

    def read(self, body: Any) -> list[RecordT]:
        """Return the new rows of the page; raise `NotAsDescribed` where the list cannot be complete."""
        page = self.next_page or 1
        rows = [self._record.model_validate(row) for row in listed(body)]
        ids = [row.own_id for row in rows]
        first_time = page > len(self._pages) and not self._is_read
        as_before = self._note(page, ids, body) if first_time else ids == self._pages[page - 1]
        self._turn(page, first_time=first_time, as_before=as_before)
        new = [row for row in rows if row.own_id not in self._seen]
        self._seen.update(ids)
        return new

    @property
    def _is_read(self) -> bool:
        return len(self._pages) >= self._last

    def _note(self, page: int, ids: list[int | None], body: Any) -> bool:
        """Note a page that this pass reads for the first time; return whether the list has not become shorter."""
        last, total = _last_page(body, page), _total(body)
        grown = page == 1 or (last >= self._last and not (total is not None and total < (self._total or 0)))
        if not ids and page < last:
            raise NotAsDescribed(f"page {page} of {last} is empty")
        self._pages.append(ids)
        self._last, self._total = last, total
        return grown

    def _turn(self, page: int, *, first_time: bool, as_before: bool) -> None:
        """Choose the next page: one not read yet, then all but the last again, then none."""
        if not as_before:
            self._begin_again()
        elif first_time:
            self.next_page = page + 1 if not self._is_read else 1 if self._last > 1 else self._end()
        else:
            self.next_page = page + 1 if page + 1 < self._last else self._end()

    def _end(self) -> int | None:
        distinct = {one for ids in self._pages for one in ids}
        if self._total is None or len(distinct) == self._total:
            return None
        self._begin_again()
        return self.next_page

    def _begin_again(self) -> None:
        self._passes += 1
        if self._passes == MOST_PASSES:
            raise NotAsDescribed(f"its pages did not fit together any of {MOST_PASSES} times")
        self._pages, self._last, self._total = [], 1, None
        self.next_page = 1


def _last_page(body: Any, asked: int) -> int:
    """Return the number of the last page; the answer's URLs are not followed, since their host may be a wrong one."""
    answered = int(body.get("current_page") or asked)
    if answered != asked:
        raise NotAsDescribed(f"it is page {answered} and not {asked}")
    last = int(body.get("last_page") or asked)
    if last > MOST_PAGES:
        raise NotAsDescribed(f"it is one of more than {MOST_PAGES} pages")
    return last


def _total(body: Any) -> int | None:
    total = body.get("total")
    return None if total is None else int(total)
