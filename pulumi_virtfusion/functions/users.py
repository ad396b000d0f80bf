"""Users."""

from __future__ import annotations

from pulumi import Input, InvokeOptions, Output

from ..api import VirtFusion
from ..api.records import User
from ..api.sections.users import Users
from .later import later
from .question import ask


def get_user(relation: int | str, *, client: VirtFusion | None = None) -> User:
    """Read one user, by `ext_relation_id` (int) or `rel_str` (str) (`GET /users/{extRelationId}/byExtRelation`)."""
    return ask(Users.get, client, relation)


def get_user_output(relation: Input[int | str], *, opts: InvokeOptions | None = None) -> Output[User]:
    """Return an output of `get_user`."""
    return later(get_user, opts, relation)
