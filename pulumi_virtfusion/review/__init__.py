"""The review of a `pulumi preview --json`: a plan, its consequences for the machines, a report, and its formats."""
