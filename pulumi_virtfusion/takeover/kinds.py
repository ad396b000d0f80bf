"""The classes that a takeover knows by name.

A program is written for servers, with their owners, keys, systems, packs and addresses: each is found and declared in a
way of its own. All else on a server says for itself how it is found (`Behaviour.on_server`).
"""

SERVER = "Server"
SYSTEM = "ServerBuild"
USER = "User"
KEY = "SshKey"
PACK = "ResourcePack"
ADDRESSES = "ServerIpv4Addresses"
