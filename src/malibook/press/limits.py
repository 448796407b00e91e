"""What the system allows a build: as many open files as it may have, and a refusal in words where these are too few."""

from __future__ import annotations

from malibook.errors import BookError

try:
    import resource
except ImportError:  # Windows, which has no such limit
    resource = None  # type: ignore[assignment]

FEWEST, ENOUGH = 256, 4096  # open files; a kernel and who speaks to it have some thirty each


def allow_files() -> None:
    """Raise the limit of open files as far as this user may; raise `BookError` where it stays so low that kernels would fail."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    if soft != resource.RLIM_INFINITY and soft < FEWEST:
        what = f"this shell allows {soft} open files, and a build needs {FEWEST}"
        raise BookError(what, where="ulimit -n", remedy=f"allow more: ulimit -n {ENOUGH}")
