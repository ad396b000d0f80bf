"""Pulumi provider for the VirtFusion Global API."""
