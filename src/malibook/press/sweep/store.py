"""Where a sweep keeps its runs and its table: a folder, or any address that fsspec knows (`s3://`, `gs://`, `memory://`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from malibook.errors import BookError, shown
from malibook.press.swap import write_whole

DRIVERS = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs", "az": "adlfs"}
PROBE = "probe.txt"


class Store:
    """A place for run records, one JSON file a run, and for the tables made of them. Safe to use from several threads."""

    def __init__(self, url: str) -> None:
        """Open the place and write a first file there; raise `BookError` for a missing driver or no right to write."""
        self.url = str(url).rstrip("/")
        try:
            self._fs, path = fsspec.core.url_to_fs(self.url)
        except ImportError as error:
            driver = DRIVERS.get(self.url.partition("://")[0], "")
            remedy = f"python -m pip install {driver}" if driver else str(error)
            raise BookError("needs a driver that is not installed", where=self.url, remedy=remedy) from None
        except ValueError as error:
            raise BookError(f"is no address to write to: {error}", where=shown(self.url), remedy="s3://…") from None
        self._home = path.rstrip("/")
        self._local = isinstance(self._fs, LocalFileSystem)
        try:
            self._fs.makedirs(f"{self._home}/runs", exist_ok=True)
            self._write(f"{self._home}/{PROBE}", "a sweep may write here\n")
        except Exception as error:  # each driver has errors of its own: no credentials, no such bucket
            cause, remedy = f"{type(error).__name__}: {error}", "check its name, and that you may write there"
            raise BookError(f"cannot be written: {cause}", where=self.url, remedy=remedy) from None

    def kept(self) -> set[str]:
        """Return the keys of all runs that are kept; one listing, however many there are."""
        self._fs.invalidate_cache()
        names = (Path(path).name for path in self._fs.ls(f"{self._home}/runs", detail=False))
        return {name.removesuffix(".json") for name in names if name.endswith(".json") and not name.startswith(".")}

    def put(self, key: str, record: dict[str, Any]) -> None:
        """Keep one run's record, whole or not at all; raise `BookError` where the place is full or gone."""
        try:
            self._write(self._record(key), json.dumps(record, sort_keys=True, ensure_ascii=False))
        except Exception as error:  # each driver has errors of its own
            cause, remedy = (
                f"a run cannot be kept: {type(error).__name__}: {error}",
                "make room, then run the same again",
            )
            raise BookError(cause, where=self.url, remedy=remedy) from None

    def get(self, keys: Iterable[str]) -> dict[str, dict[str, Any] | None]:
        """Return records by key; None for one that is missing or not whole (the place was full, a copy was cut short)."""
        paths = {self._record(key): key for key in keys}
        if not paths:
            return {}
        found = self._fs.cat(list(paths), on_error="return")
        by_path = {self._fs._strip_protocol(path): text for path, text in found.items()}
        return {key: _whole(by_path.get(self._fs._strip_protocol(path))) for path, key in paths.items()}

    def drop(self, key: str) -> None:
        """Forget one run's record."""
        self._fs.rm(self._record(key))

    def put_file(self, source: Path, name: str) -> str:
        """Copy a finished file there under a name, in place of an older one; return where it lies."""
        target = f"{self._home}/{name}"
        if self._local:  # beside it first, so that a reader never finds a half
            aside = Path(f"{target}.part")
            aside.write_bytes(source.read_bytes())
            aside.replace(target)
        else:
            self._fs.put_file(str(source), target)
        return f"{self.url}/{name}"

    def _record(self, key: str) -> str:
        return f"{self._home}/runs/{key}.json"

    def _write(self, path: str, text: str) -> None:
        if self._local:
            write_whole(Path(path), text)
        else:
            self._fs.pipe_file(path, text.encode())


def _whole(text: Any) -> dict[str, Any] | None:
    try:
        record = json.loads(text) if isinstance(text, bytes) else None
    except ValueError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get("numbers"), list) else None
