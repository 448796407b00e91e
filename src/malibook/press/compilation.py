"""The outputs of one build being compiled, each as soon as it is known to be due, beside what else the build has to do."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from malibook.press import places
from malibook.press.compile import Compiled, base, bind_epub, compile_book
from malibook.press.processes import side_by_side, waited
from malibook.press.provenance import Provenance
from malibook.press.publish import ready


class Compilation:
    """Compilers at work on a stage; where what is done beside them fails, they end with it."""

    def __init__(self, stage: Path, origin: Provenance, kinds: tuple[str, ...]) -> None:
        self._stage, self._origin = stage, origin
        self._writers = max(1, (os.cpu_count() or 1) // max(1, len(base(kinds))))
        self._running: dict[str, Future[Compiled]] = {}
        self._kinds: set[str] = set()
        self._stack = ExitStack()
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Compilation:
        """Make room for a thread a compiler."""
        self._pool = self._stack.enter_context(side_by_side(2))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for the compilers; after an error, end them."""
        self._stack.__exit__(kind, error, trace)

    def begin(self, kinds: Iterable[str]) -> None:
        """Start compiling these outputs, unless that was begun already."""
        self._kinds |= set(kinds)
        for kind in base(self._kinds):
            if kind not in self._running:
                ready(aside := self._aside(kind))
                made = self._pool.submit(compile_book, kind, self._stage, aside, self._origin, self._writers)
                self._running[kind] = made

    def made(self) -> list[Compiled]:
        """Return what was compiled, when all of it has ended; an EPUB is bound now, for its pages wait for what was laid last."""
        binding = None
        if "epub" in self._kinds and not (html := waited(self._running["html"])).problems:
            binding = self._pool.submit(bind_epub, html.folder, self._stage, self._aside("epub"), self._origin)
        bound = [waited(binding)] if binding else []
        return [*(waited(running) for running in self._running.values()), *bound]

    @staticmethod
    def _aside(kind: str) -> Path:
        return places.folder() / "aside" / kind
