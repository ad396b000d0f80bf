"""Which object each of several creations made."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from pulumi_virtfusion.recovery.matching import allotted, matched

Possible = dict[str, Sequence[int]]


def test_each_gets_its_likeliest() -> None:
    assert matched({"a": [1, 2], "b": [2, 1]}).made == {"a": 1, "b": 2}


def test_fewer_objects_than_creations_are_given_to_any() -> None:
    assert sorted(matched({"a": [7], "b": [7], "c": [7]}).made.values()) == [7]


def test_one_makes_room_for_another() -> None:
    assert matched({"a": [1, 2], "b": [1], "c": [2, 3]}).made == {"a": 2, "b": 1, "c": 3}


def test_more_objects_than_creations_are_nobodys() -> None:
    matching = matched({"a": [1, 2], "b": [9]})
    assert matching.made == {"b": 9}
    (ambiguity,) = matching.ambiguities
    assert (ambiguity.makers, ambiguity.objects) == (("a",), (1, 2))


def test_an_object_too_many_in_one_corner_is_a_contest_of_all_that_hang_together() -> None:
    matching = matched({"a": [1, 2], "b": [2, 3], "c": [3]})
    assert matching.ambiguities == []
    matching = matched({"a": [1, 2, 3], "b": [3], "c": [3]})
    assert matching.made == {}
    assert matching.ambiguities[0].makers == ("a", "b", "c")


def test_a_maker_of_several_makes_room_for_another() -> None:
    owner, ambiguities = allotted({"a": [1, 2, 3], "b": [1], "c": [2, 4]}, {"a": 2, "b": 1, "c": 1})
    assert (owner[1], sorted(owner.values()), ambiguities) == ("b", ["a", "a", "b", "c"], [])


def test_more_objects_than_their_makers_wanted_are_nobodys() -> None:
    owner, (ambiguity,) = allotted({"a": [1, 2, 3], "b": [4]}, {"a": 2, "b": 9})
    assert (owner, ambiguity.makers, ambiguity.objects) == ({4: "b"}, ("a",), (1, 2, 3))


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.lists(st.integers(1, 6), unique=True), max_size=8))
def test_nothing_is_given_twice_or_to_one_that_did_not_make_it(possible: Possible) -> None:
    matching = matched(possible)
    assert len(set(matching.made.values())) == len(matching.made)
    assert all(one in possible[maker] for maker, one in matching.made.items())
    contested = {one for ambiguity in matching.ambiguities for one in ambiguity.objects}
    assert contested.isdisjoint(matching.made.values())
    assert contested.union(matching.made.values()) == {one for objects in possible.values() for one in objects}
