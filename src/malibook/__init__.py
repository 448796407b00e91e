"""malibook: the library behind *Mali, 2012–2026: intervention, Wagner and the aftermath*.

Five rooms, each importing only from those below it: ``press`` and ``coursework`` stand on ``exhibits``,
``exhibits`` on ``analysis``, ``analysis`` on ``evidence``, the only door to ``data/``.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("malibook")
except PackageNotFoundError:  # a checkout on PYTHONPATH, not installed
    __version__ = "0+unknown"
