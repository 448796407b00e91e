"""Warm kernels: ordinary IPython kernels, forked from a process that has already imported what notebooks import.

Most of a small notebook's run is a kernel's start and the import of pandas and matplotlib. Here one parent process
imports them once; each notebook gets a fresh child of it, a real kernel with its own memory, spoken to by the usual
messages. What papermill, nbclient and the reader see is the same; only the waiting is gone.
"""

from malibook.press.warm.keeper import available

__all__ = ["available"]
