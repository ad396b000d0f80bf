"""Check, plan, create, update, read and delete on plain values; knows neither Pulumi nor which host asks."""
