"""A shop's back end: `PUT`, `GET` and `DELETE /customers/{name}`, each customer a stack of their own.

VIRTFUSION_ENDPOINT=http://127.0.0.1:8765 VIRTFUSION_TOKEN=... python -m examples.automation
"""

from __future__ import annotations

import logging
import os
import re
from json import JSONDecodeError

import uvicorn
from pulumi.automation.errors import CommandError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import customers
from .program import Order

log = logging.getLogger("shop")
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


async def put(request: Request) -> Response:
    """Order, or change an order."""
    try:
        order = Order.of(_name(request), await request.json())
    except (JSONDecodeError, UnicodeDecodeError):
        raise HTTPException(400, "that is no JSON") from None
    except ValueError as wrong:
        raise HTTPException(400, str(wrong)) from None
    return JSONResponse(await run_in_threadpool(customers.put, order))


async def get(request: Request) -> Response:
    """What the customer has."""
    return JSONResponse(await run_in_threadpool(customers.get, _name(request)))


async def delete(request: Request) -> Response:
    """Cancel: the machines are gone when this is answered."""
    await run_in_threadpool(customers.remove, _name(request))
    return Response(status_code=204)


def _name(request: Request) -> str:
    name = str(request.path_params["name"])
    if not NAME.fullmatch(name):
        raise HTTPException(400, "a customer's name is small letters, digits and dashes")
    return name


async def _failed(_: Request, error: Exception) -> Response:
    """What Pulumi prints is for the operator's eyes: which panel it is, and what it said."""
    log.error("%s", error)
    return JSONResponse({"error": "it did not work out; the shop has been told why"}, 502)


async def _said(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code)


async def _under_way(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": "this customer is being changed just now"}, 409)


async def _unknown(_: Request, __: Exception) -> Response:
    return JSONResponse({"error": "there is no such customer"}, 404)


app = Starlette(
    routes=[Route("/customers/{name}", endpoint, methods=[endpoint.__name__]) for endpoint in (put, get, delete)],
    exception_handlers={
        HTTPException: _said,
        customers.UnderWay: _under_way,
        customers.Unknown: _unknown,
        CommandError: _failed,
    },
)

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ.get("PORT", "8000")))
