"""What `pulumi preview --json` means for the machines: a plan, its consequences, a report, and how it is written."""
