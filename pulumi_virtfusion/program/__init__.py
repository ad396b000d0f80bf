"""The user's side: what runs in a Pulumi program."""
