"""The resource classes that a takeover knows by name.

A program declares servers with their owners, keys, systems, packs and addresses, each of which is found in a way of its
own. The class of any other object on a server finds the object itself (`Behaviour.on_server`).
"""

SERVER = "Server"
SYSTEM = "ServerBuild"
USER = "User"
KEY = "SshKey"
PACK = "ResourcePack"
ADDRESSES = "ServerIpv4Addresses"
