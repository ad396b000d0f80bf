"""A user with keys, profiles, a resource pack and credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pulumi

from ..misspelling import naming_the_nearest
from ..resources.group_profile import HourlyGroupProfile, ResourceGroupProfile
from ..resources.resource_pack import ResourcePack
from ..resources.ssh_key import SshKey
from ..resources.user import User
from ..resources.user_credit import UserCredit
from ..schema.plain_values import whole
from .options import Places
from .parts import Parts, labelled, listed


class Customer(Parts):
    """A user with keys, self-service profiles, a resource pack and credit as one thing.

    Its parts are named `<name>-user`, `-pack`, `-credit`, `-key-<label>`, `-hourly-profile-<id>` and
    `-resource-profile-<id>`. `formerly` maps a part (`user`, `pack`, `key-laptop`, ...) to the name of the program's
    own resource that it was before (an `Alias` when that had a parent), which is then kept as it is.
    """

    user: User
    keys: dict[str, SshKey]
    pack: ResourcePack | None = None
    credit: UserCredit | None = None
    user_id: pulumi.Output[int]
    """The user's id at the panel, for the `user_id` of servers."""
    relation: pulumi.Output[int | str]
    """The user's id in your own system, for the `relation` of self-service resources."""
    password: pulumi.Output[str]
    """The password that the panel generated; a secret."""

    places = Places(
        "Customer",
        kinds={
            "user": User,
            "key": SshKey,
            "hourly-profile": HourlyGroupProfile,
            "resource-profile": ResourceGroupProfile,
            "pack": ResourcePack,
            "credit": UserCredit,
        },
        arguments={
            **{name: {"user": name} for name in ("name", "email", "ext_relation_id", "rel_str", "self_service")},
            "public_keys": {"key": "public_key"},
            "pack_id": {"pack": "pack_id"},
            "credit_tokens": {"credit": "tokens"},
        },
        outputs={name: {"user": name} for name in ("user_id", "relation", "password")},
        labelled=frozenset({"public_keys"}),
        making=frozenset({"hourly_group_profiles", "resource_group_profiles"}),
        open=("user",),
    )

    @naming_the_nearest
    def __init__(
        self,
        resource_name: str,
        *,
        name: pulumi.Input[str],
        email: pulumi.Input[str],
        ext_relation_id: pulumi.Input[int] | None = None,
        rel_str: pulumi.Input[str] | None = None,
        self_service: pulumi.Input[Literal[0, 1, 2, 3]] | None = None,
        public_keys: Mapping[str, pulumi.Input[str]] | None = None,
        hourly_group_profiles: Sequence[int] = (),
        resource_group_profiles: Sequence[int] = (),
        pack_id: pulumi.Input[int] | pulumi.Input[str] | None = None,
        credit_tokens: pulumi.Input[float] | None = None,
        formerly: Mapping[str, str | pulumi.Alias] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`public_keys` maps labels to key texts; `credit_tokens` are credited once."""
        super().__init__(resource_name, formerly, opts)
        part, options = self.part("user")
        self.user = User(
            part,
            name=name,
            email=email,
            ext_relation_id=ext_relation_id,
            rel_str=rel_str,
            self_service=self_service,
            opts=options,
        )
        self.keys = {label: self._key(label, text) for label, text in labelled("public_keys", public_keys).items()}
        for profile in listed("hourly_group_profiles", hourly_group_profiles):
            part, options = self.part("hourly-profile", str(whole(profile)))
            HourlyGroupProfile(part, relation=self.user.relation, profile_id=profile, opts=options)
        for profile in listed("resource_group_profiles", resource_group_profiles):
            part, options = self.part("resource-profile", str(whole(profile)))
            ResourceGroupProfile(part, relation=self.user.relation, profile_id=profile, opts=options)
        if pack_id is not None:
            part, options = self.part("pack")
            self.pack = ResourcePack(part, relation=self.user.relation, pack_id=pack_id, opts=options)
        if credit_tokens is not None:
            part, options = self.part("credit")
            self.credit = UserCredit(part, relation=self.user.relation, tokens=credit_tokens, opts=options)
        self.user_id, self.relation, self.password = self.user.user_id, self.user.relation, self.user.password
        self.done({"user_id": self.user_id, "relation": self.relation})

    def _key(self, label: str, public_key: pulumi.Input[str]) -> SshKey:
        part, options = self.part("key", label)
        return SshKey(part, user_id=self.user.user_id, name=label, public_key=public_key, opts=options)
