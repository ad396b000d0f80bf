"""The user's side: classes that run in a Pulumi program."""
