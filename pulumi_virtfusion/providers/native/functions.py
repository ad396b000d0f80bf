"""The functions of a program for every language: `virtfusion:index:getServer`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import cache
from typing import Any

import pulumi
from google.protobuf import struct_pb2
from pydantic import BaseModel, SecretStr

from ...api import VirtFusion
from ...api.names import camel_case
from ...functions import MODULES, function
from ...lifecycle.contract import Refused
from ...program.failure import keeping
from ...schema.type_tokens import NATIVE
from .names import Names
from .wire import Properties, leaving, sealed

RESULT = "result"
"""The name of the only property of an answer that is not an object; an SDK unpacks it, whatever its name."""
TOKENS = {f"{NATIVE}{camel_case(name)}": name for name in MODULES if not name.endswith("_output")}
"""The name of the function for each token."""


def parameters(ask: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    """Return the parameters of a function, without the client, which the plug-in itself passes."""
    return {name: one for name, one in inspect.signature(ask).parameters.items() if name != "client"}


@cache
def names_of(token: str) -> Names:
    """Return the names of a function's arguments."""
    return Names(dict.fromkeys(parameters(function(TOKENS[token])) if token in TOKENS else ()))


def invoke(token: str, args: Properties, panel: VirtFusion) -> struct_pb2.Struct:
    """Return the function's answer as a message; no error shows an argument where an argument is secret."""
    if token not in TOKENS:
        raise Refused(f"There is no function {token!r} in this plug-in.")
    ask = function(TOKENS[token])
    known = parameters(ask)
    missing = [name for name, one in known.items() if one.default is one.empty and name not in args.values]
    unexpected = sorted(args.values.keys() - known.keys())
    for names, what in ((missing, "needs the argument"), (unexpected, "has no argument")):
        if names:
            raise Refused(f"{TOKENS[token]} {what} {', '.join(names)}")
    try:
        with keeping(frozenset(args.secret_texts)) if args.secret else nullcontext():
            answer = ask(**args.values, client=panel)
    except pulumi.RunError as error:  # an argument that is none, or a name that nothing has
        raise Refused(str(error)) from None
    plain = _plain(answer)
    return leaving(plain if isinstance(plain, dict) else {} if plain is None else {RESULT: plain}, Names({}))


def _plain(value: Any) -> Any:
    """Convert records to objects of the wire; the keys of a dictionary are the panel's own."""
    if isinstance(value, BaseModel):
        return {camel_case(name): _plain(item) for name, item in value if item is not None}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return sealed(value.get_secret_value()) if isinstance(value, SecretStr) else value
