"""Interrupted runs: their pending operations, the objects that they left at the panel, and the adoption of these."""
