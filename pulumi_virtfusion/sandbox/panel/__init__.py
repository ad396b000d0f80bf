"""The panel itself: its tables, clock, addresses and refusals."""
