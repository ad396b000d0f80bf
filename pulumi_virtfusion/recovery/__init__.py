"""Runs that were cut short: what they were doing, what they left at the panel, and how a state gets hold of it."""
