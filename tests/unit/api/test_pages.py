"""A list that comes in pages is complete or an error, whatever happens to its rows while it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_virtfusion.api import PanelError
from pulumi_virtfusion.api.http.envelope import NotAsDescribed
from pulumi_virtfusion.api.http.pages import MOST_PAGES, Listing
from pulumi_virtfusion.api.records import ServerRow
from tests.unit.api.conftest import ClientOf, Play
from tests.unit.api.scripted_panel import answers

PER_PAGE = 3


class Panel:
    """Servers by their ids, a page of three at a time; `happens` after each page that it gives."""

    def __init__(self, ids: list[int], happens: Callable[[Panel, int], None] = lambda _panel, _asked: None) -> None:
        self.ids = ids
        self.asked: list[int] = []
        self._happens = happens

    def page(self, number: int) -> dict[str, Any]:
        rows = [{"id": one, "owner": 1} for one in self.ids[(number - 1) * PER_PAGE : number * PER_PAGE]]
        last = max(1, -(-len(self.ids) // PER_PAGE))
        answer = {"current_page": number, "last_page": last, "total": len(self.ids), "data": rows}
        self.asked.append(number)
        self._happens(self, len(self.asked))
        return answer

    def read(self) -> list[int]:
        listing, found = Listing(ServerRow), list[int]()
        while listing.next_page is not None:
            assert len(self.asked) < 100
            found += [row.server_id for row in listing.read(self.page(listing.next_page))]
        return found


def at(moment: int, change: Callable[[list[int]], None]) -> Callable[[Panel, int], None]:
    """Makes a change when so many pages have been given."""

    def happens(panel: Panel, asked: int) -> None:
        if asked == moment:
            change(panel.ids)

    return happens


def vanish(ids: list[int]) -> None:
    del ids[1]


def appear(ids: list[int]) -> None:
    ids.append(ids[-1] + 1)


def appear_first(ids: list[int]) -> None:
    ids.insert(0, ids[0] - 1)


def take_turns(ids: list[int]) -> None:
    """The same number of rows before and after."""
    vanish(ids)
    appear(ids)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 6, 7, 10])
def test_a_list_that_does_not_change_is_read_once_and_all_but_its_last_page_twice(size: int) -> None:
    panel = Panel(list(range(10, 10 + size)))
    assert panel.read() == panel.ids
    pages = max(1, -(-size // PER_PAGE))
    assert panel.asked == [*range(1, pages + 1), *range(1, pages)]


@pytest.mark.parametrize("change", [vanish, appear, appear_first, take_turns])
@pytest.mark.parametrize("moment", range(1, 8))
@pytest.mark.parametrize("size", [4, 6, 7, 9, 12])
def test_no_row_slips_through(size: int, moment: int, change: Callable[[list[int]], None]) -> None:
    panel = Panel(list(range(10, 10 + size)), at(moment, change))
    before = set(panel.ids)
    found = panel.read()
    assert len(found) == len(set(found))
    assert before & set(panel.ids) <= set(found)


def test_a_list_that_never_holds_still_is_an_error() -> None:
    panel = Panel(list(range(10, 22)), lambda panel, _: take_turns(panel.ids))
    with pytest.raises(NotAsDescribed, match="did not fit together any of 3 times"):
        panel.read()


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ({"last_page": 10**9, "data": [{"id": 1}]}, f"more than {MOST_PAGES} pages"),
        ({"last_page": 2, "data": []}, "page 1 of 2 is empty"),
        ({"last_page": 1, "total": 5, "data": [{"id": 1}]}, "did not fit together"),
        ({"last_page": 1, "total": 2, "data": [{"id": 1}, {"id": 1}]}, "did not fit together"),
        ({"last_page": 1, "current_page": 2, "data": []}, "page 2 and not 1"),
        ({"last_page": 1, "data": None}, "no list"),
        ({"last_page": 1, "data": "none"}, "no list"),
    ],
)
def test_a_list_that_cannot_be_complete_is_an_error_of_the_panel(
    page: dict[str, Any], text: str, play: Play, client_of: ClientOf
) -> None:
    panel = play(answers(200, page))
    with pytest.raises(PanelError, match=f"GET /servers answered 200.*{text}"):
        list(client_of(panel).servers.list())
    assert len(panel.requests) <= 3


def test_a_panel_that_invents_pages_is_not_read_for_ever(play: Play, client_of: ClientOf) -> None:
    invented = play(
        by_number=lambda number: answers(
            200, {"current_page": number + 1, "last_page": 10**9 if number else 2, "data": [{"id": number + 1}]}
        )
    )
    with pytest.raises(PanelError, match="more than"):
        list(client_of(invented).servers.list())
    assert len(invented.requests) == 2


def test_a_panel_that_repeats_a_page_is_not_read_for_ever(play: Play, client_of: ClientOf) -> None:
    panel = play(answers(200, {"current_page": 1, "last_page": 2, "data": [{"id": 1}]}))
    with pytest.raises(PanelError, match="page 1 and not 2"):
        list(client_of(panel).servers.list())
    assert len(panel.requests) == 2
