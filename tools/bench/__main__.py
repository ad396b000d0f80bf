"""`python -m tools.bench`: the cost of this provider, beside the least that a dynamic provider can cost."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from itertools import product

from tools.bench import questions, report
from tools.bench.comparison import PROVIDERS, compared
from tools.bench.results import Results

QUESTIONS = {"phases": None, **questions.ASKED}


def main() -> None:
    options = _options()
    # A user's Python keeps its byte code; a container for tests may not.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    results = Results.load()
    results.machine = report.machine()
    for _ in _measured(results, options):
        if not options.dry_run:
            results.save()
    if options.dry_run:
        print(report.text(results))
    else:
        report.write(results)


def _measured(results: Results, options: argparse.Namespace) -> Iterator[None]:
    """Add one part of the figures after the other, and yield after each, so that the caller can save it."""
    for question in options.only or QUESTIONS:
        if question == "phases":
            for latency, servers in product(options.latency, options.servers):
                results.replace(compared(latency, servers, options.repeat, options.providers))
                yield
        else:
            results.tables[question] = questions.ASKED[question]()
            yield


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--servers", type=int, nargs="+", default=[10, 100, 300], help="how many (1000 takes long)")
    parser.add_argument("--latency", type=float, nargs="+", default=[0, 50, 100], help="milliseconds of the panel")
    parser.add_argument("--repeat", type=int, default=3, help="repetitions; the table shows their spread")
    parser.add_argument("--providers", nargs="+", choices=PROVIDERS, default=PROVIDERS, help="run only these")
    parser.add_argument("--only", nargs="+", choices=list(QUESTIONS), help="measure only these")
    parser.add_argument("--dry-run", action="store_true", help="print the tables and keep nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
