"""What the panel is: its tables, clock, addresses, and what it refuses."""
