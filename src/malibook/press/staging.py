"""A folder being filled with what Jupyter Book compiles: a file is written only where its content changed.

So Sphinx rebuilds only the pages that changed, and what is left over from an earlier build goes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from malibook.evidence.package import as_kept
from malibook.press.hashes import short


class Stage:
    """A folder being filled: remembers what it wrote, so that what is left over from an earlier build goes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.written = folder, dict[Path, str]()
        self.laid = set[str]()  # the parts that need not be laid out again

    def once(self, part: str, lay: Callable[[], object]) -> None:
        """Lay a part out, unless that was done well before: chapters are laid out while others still run."""
        if part not in self.laid:
            lay()
            self.laid.add(part)

    def digest(self) -> str:
        """Return one hash over the names and contents of all that was written so far."""
        return short(" ".join(sorted(f"{p.relative_to(self.folder)} {of}" for p, of in self.written.items())).encode())

    def write(self, relative: str, text: str | bytes) -> None:
        """Write one file unless it already says the same."""
        self._put(self.folder / relative, text.encode() if isinstance(text, str) else text)

    def copy(self, source: Path, relative: str) -> None:
        """Copy a file, or a folder with all that is in it; lines of text end as git keeps them."""
        if source.is_dir():
            for path in sorted(source.rglob("*")):
                if path.is_file():
                    self._put(self.folder / relative / path.relative_to(source), as_kept(path))
        else:
            self._put(self.folder / relative, as_kept(source))

    def sweep(self, *, besides: tuple[str, ...] = ()) -> None:
        """Remove whatever this build did not write, folders of the names `besides` left as they are."""
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.relative_to(self.folder).parts[0] in besides:
                continue
            if path.is_file() and path not in self.written:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()

    def _put(self, path: Path, content: bytes) -> None:
        self.written[path] = short(content)
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
