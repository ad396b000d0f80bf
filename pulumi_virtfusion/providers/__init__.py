"""The engine's side: from the protocol, a call of the lifecycle, to the protocol."""
