"""`python -m pulumi_virtfusion` is the `virtfusion` command."""

from .commands import main

main(prog_name="virtfusion")
