"""The user that prevents the create of another, and the advice for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..api.errors import Conflict, NotFound, VirtFusionError
from ..lifecycle.contract import Context
from .user_relation import spelled

if TYPE_CHECKING:
    from ..api.records import User as Record


def explained(context: Context, conflict: Conflict, relation: int | str, email: str) -> Conflict:
    """Return the same error, with the user that prevents the create and the next step."""
    try:
        record = context.panel.users.get(relation)
    except NotFound:
        advice = _of_the_email(email)
    except VirtFusionError:
        return conflict
    else:
        advice = of_the_relation(record, relation, email)
        if record.email.lower() != email.lower() and "mail" in " ".join(conflict.messages).lower():
            advice += f" {_of_the_email(email)}"
    return Conflict(f"{conflict} {advice}", conflict.method, conflict.path, conflict.status, conflict.messages)


def of_the_relation(record: Record, relation: int | str, email: str) -> str:
    option = f"opts=pulumi.ResourceOptions(import_={json.dumps(spelled(relation), ensure_ascii=False)})"
    if record.email.lower() == email.lower():
        return f"It is user {relation!r}, made {record.created}: to take it over, add {option}."
    return (
        f"The relation {relation!r} belongs to another user, with another e-mail address: panel id {record.user_id}, "
        f"made {record.created}. If that user is meant, add {option}; otherwise give this one another relation."
    )


def _of_the_email(email: str) -> str:
    return (
        f"The e-mail address {email} belongs to another user, and the API cannot look a user up by that: find it in "
        'the panel, and to take it over, add opts=pulumi.ResourceOptions(import_="<its ext_relation_id>"), or '
        'import_="rel_str:<its rel_str>". Otherwise give this one another address.'
    )
