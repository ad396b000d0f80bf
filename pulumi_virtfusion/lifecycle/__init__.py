"""Check, diff, create, read, update and delete on plain values; imports neither Pulumi nor a provider."""
