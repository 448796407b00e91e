"""The files of a release, made from the built book: HTML, PDF, EPUB, data, receipt, checksums. Same commit, same bytes."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from malibook.errors import BookError
from malibook.evidence import file_stem, root
from malibook.press import places
from malibook.press.agreement import CHANGELOG, disagreements, last_release, unreleased
from malibook.press.downloads import pack, package_zip
from malibook.press.metadata import CITATION, facts, project_table
from malibook.press.outcome import KINDS
from malibook.press.provenance import provenance
from malibook.press.swap import replace_folder
from malibook.press.unchanged import standing

SUMS = "SHA256SUMS"
RECEIPT = "receipt.json"


def release(out: Path, tag: str = "") -> dict[str, str]:
    """Write a release into the folder `out` and return the SHA-256 of each of its files by name.

    Without a tag it is a rehearsal: it may have unreleased changes. Raises `BookError` where version, changelog and tag
    disagree, the book is not built from what is here, or `out` holds anything but an earlier release.
    """
    version = facts(root()).version
    refuse_disagreement(root(), tag)
    _refuse_unbuilt()
    _refuse_foreign(out)
    files = contents(f"{project_table(root())['name']}-{version}")
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    files[SUMS] = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as aside:
        fresh = Path(aside) / "release"
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        replace_folder(fresh, out)
    return sums


def refuse_disagreement(book: Path, tag: str) -> None:
    """Raise `BookError` where the files that name the version, the changelog and the tag do not agree."""
    version, (changed, _) = facts(book).version, last_release(book)
    found = disagreements(book)
    if found:
        raise BookError("\n  ".join(["disagree", *found]), where="release", remedy="malibook metadata names each field")
    if changed != version:
        remedy = f"write the heading `## {version} (DATE)`"
        raise BookError(f"newest heading is {changed or 'none'}, version is {version}", where=CHANGELOG, remedy=remedy)
    if tag and tag != f"v{version}":
        raise BookError(
            f"tag {tag!r}, version {version}", where=CITATION, remedy=f"tag v{version}, or raise the version"
        )
    if tag and unreleased(book):
        remedy = f"move its lines under the heading of {version}, or raise the version"
        raise BookError("Unreleased holds changes, but the release is tagged", where=CHANGELOG, remedy=remedy)
    if tag and provenance().commit.endswith("+"):
        raise BookError("the checkout has changes that are not committed", where="release", remedy="commit them first")


def contents(stem: str) -> dict[str, bytes]:
    """Return the files of a release by name, checksums apart; `stem` is the library's name with its version."""
    built = places.published_folder()
    files = {f"{stem}-html.zip": _html_zip(built / "html", f"{stem}-html"), f"{stem}-data.zip": package_zip()}
    for kind in ("pdf", "epub"):
        for path in sorted((built / kind).glob(f"*.{kind}")):
            files[stem + path.name.removeprefix(file_stem())] = path.read_bytes()
    return files | {RECEIPT: (built / RECEIPT).read_bytes()}


def _html_zip(folder: Path, top: str) -> bytes:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return pack({f"{top}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in paths})


def _refuse_unbuilt() -> None:
    with places.of(None):
        if standing(KINDS) is None:
            what = "HTML, PDF and EPUB are not there, or not made from what is here now"
            raise BookError(what, where=places.shown_folder(), remedy="python run.py build")


def _refuse_foreign(out: Path) -> None:
    """Raise `BookError` where the folder holds what no release of ours wrote: it would be lost."""
    if not out.exists():
        return
    if not out.is_dir():
        raise BookError("is no folder", where=str(out), remedy="choose another with --out")
    there = {path.name for path in out.iterdir()}
    ours = {*sums_of(out), SUMS} if (out / SUMS).is_file() else set()
    if there - ours:
        what = f"holds other files ({', '.join(sorted(there - ours)[:3])})"
        raise BookError(what, where=str(out), remedy="choose an empty folder, or an earlier release's, with --out")


def sums_of(folder: Path) -> dict[str, str]:
    """Return what a release's `SHA256SUMS` says, by file name."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return {line[66:]: line[:64] for line in lines}
