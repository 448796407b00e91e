"""What every benchmark can be told on the command line; each has flags of its own beside it."""

from __future__ import annotations

import argparse


def options(about: str | None, rounds: str, into: str, **flags: str) -> argparse.Namespace:
    """Read the command line. `rounds` and `into` complete two helps; `flags` are a benchmark's own, by name, with their help."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help=f"how often each pair is run ({rounds})")
    parser.add_argument("--fresh", action="store_true", help="forget the measurements kept so far")
    for name, text in flags.items():
        parser.add_argument(f"--{name.replace('_', '-')}", action="store_true", help=text)
    parser.add_argument("--write", action="store_true", help=f"put the result into {into}")
    return parser.parse_args()
