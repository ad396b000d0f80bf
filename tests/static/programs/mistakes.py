"""What type checkers refuse. Each line's comment silences both of them; the test takes the comments away."""

# pyright: strict

import pulumi

import pulumi_virtfusion as virtfusion

ada = virtfusion.User("ada", name="Ada")  # type: ignore[call-arg]
bob = virtfusion.User("bob", name="Bob", email="bob@example.com", emial="b@example.com")  # type: ignore[call-arg]
eve = virtfusion.User("eve", "Eve", email="eve@example.com")  # type: ignore[call-arg, arg-type]
web = virtfusion.Server("web", package_id=1, user_id=1)  # type: ignore[call-arg]
many = virtfusion.Server("m", package_id=1.5, user_id=1, hypervisor_group_id=1)  # type: ignore[arg-type]
named = virtfusion.Server("n", package_id=1, user_id=1, hypervisor_group_id=1, name=7)  # type: ignore[arg-type]
sized = virtfusion.Server("s", package_id=1, user_id=1, hypervisor_group_id=1, memory="2048")  # type: ignore[arg-type]
state = virtfusion.Server("p", package_id=1, user_id=1, hypervisor_group_id=1, power_state="on")  # type: ignore[arg-type]
level = virtfusion.User("l", name="L", email="l@example.com", self_service=4)  # type: ignore[arg-type]
build = virtfusion.ServerBuild("b", server_id=None, operating_system_id=1)  # type: ignore[arg-type]
keyed = virtfusion.ServerBuild("k", server_id=1, operating_system_id=1, ssh_keys=1)  # type: ignore[arg-type]
given = virtfusion.Server("g", package_id=1, user_id=1, hypervisor_group_id=1, uuid="u")  # type: ignore[call-arg]
flags = virtfusion.Server(
    "f",
    package_id=1,
    user_id=1,
    hypervisor_group_id=1,
    package_change={"memroy": True},  # type: ignore[arg-type]
)
web.uuid = "another"  # type: ignore[assignment]
pulumi.export("oops", web.ip_address)  # type: ignore[attr-defined]
number: int = web.server_id  # type: ignore[assignment]
eu = virtfusion.Provider("eu", endpoint="https://eu.example.com")  # type: ignore[call-arg]
gb = virtfusion.Provider("gb", endpoint="x", token="t", requestTimeout=1)  # type: ignore[call-arg]
virtfusion.Serverr("web")  # type: ignore[attr-defined]
