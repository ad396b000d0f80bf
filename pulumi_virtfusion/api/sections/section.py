"""The base of all sections: from a method's arguments to its operation's answer."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from pulumi_virtfusion.api.http.call import Body, Call, QueryValue, query_pairs
from pulumi_virtfusion.api.http.envelope import RecordT, same_object
from pulumi_virtfusion.api.http.operation import operation_of
from pulumi_virtfusion.api.http.pages import PAGE_SIZE, Listing
from pulumi_virtfusion.api.http.transport import Transport
from pulumi_virtfusion.api.names import camel_case

T = TypeVar("T")
P = ParamSpec("P")
Method = Callable[..., Any]
Query = Mapping[str, QueryValue]


class Section:
    """One section of the API; each of its methods performs the operation that the method declares."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _tell(self, method: Method, *ids: int | str, query: Query | None = None, body: Body | None = None) -> None:
        """Perform the operation of `method`; the body of its success is ignored."""
        self._transport.send(_call(method, ids, query, body), lambda _: None)

    def _ask(
        self,
        method: Method,
        reading: Callable[[Any], T],
        *ids: int | str,
        query: Query | None = None,
        body: Body | None = None,
    ) -> T:
        """Perform the operation of `method` and read its answer; `reading` gets `None` for a success without a body.

        Where the path holds one id, an object with another id is refused.
        """

        def read(body: Any) -> T:
            answer = reading(body)
            if len(ids) == 1:
                same_object(answer, ids[0])
            return answer

        return self._transport.send(_call(method, ids, query, body), read)

    def _pages(
        self, method: Method, record: type[RecordT], *ids: int | str, query: Query | None = None
    ) -> Iterator[RecordT]:
        """Yield all rows of all pages; each page is fetched when the caller reaches it."""
        listing = Listing(record)
        while (page := listing.next_page) is not None:
            yield from self._ask(
                method, listing.read, *ids, query={**(query or {}), "results": PAGE_SIZE, "page": page}
            )


def _call(method: Method, ids: tuple[int | str, ...], query: Query | None, body: Body | None) -> Call:
    operation = operation_of(method)
    return Call(operation, operation.path_for(*ids), query_pairs(query or {}), body)


def wire(arguments: Mapping[str, object], **renamed: str) -> dict[str, object]:
    """Return a request body of the given arguments, under camelCase names or those of `renamed`; None is left out."""
    return {
        renamed.get(name, camel_case(name)): list(value) if isinstance(value, (tuple, set, frozenset)) else value
        for name, value in arguments.items()
        if value is not None
    }


def with_arguments_of(
    body: Callable[P, dict[str, object]],
) -> Callable[[Callable[..., T]], Callable[Concatenate[Any, P], T]]:
    """Give a method the signature of the function that builds its body, for type checkers, editors and `inspect`."""

    def give(method: Callable[..., T]) -> Callable[Concatenate[Any, P], T]:
        own = inspect.signature(method)
        parameters = [next(iter(own.parameters.values())), *inspect.signature(body).parameters.values()]
        method.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
        method.__annotations__ = {**body.__annotations__, "return": method.__annotations__["return"]}
        return method

    return give
