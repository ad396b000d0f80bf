"""The panel on the network: connections, framing, controls, page."""
