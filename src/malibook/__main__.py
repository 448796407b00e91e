"""Lets ``python -m malibook`` stand for the ``malibook`` command."""

from malibook.cli import main

main()
