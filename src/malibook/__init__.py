"""malibook: the library behind *Mali, 2012–2026: intervention, Wagner and the aftermath*.

Five rooms, each importing only from those below it: ``press`` and ``coursework`` stand on ``exhibits``,
``exhibits`` on ``analysis``, ``analysis`` on ``evidence``, the only door to ``data/``.
"""


def __getattr__(name: str) -> str:
    """Return the version, looked up only where somebody asks: every command imports this package, and before anything else."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("malibook")
    except PackageNotFoundError:  # a checkout on PYTHONPATH, not installed
        return "0+unknown"
