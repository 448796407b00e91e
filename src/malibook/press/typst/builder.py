"""The Sphinx builder `typst`: the whole book, in the order of its contents, as one PDF."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.builders import Builder
from sphinx.util import logging
from sphinx.util.display import progress_message

from . import assemble, render
from .compile import PAPERS, TypstBuildError, compile_papers
from .escape import anchor, label
from .matter import code_source, index_source, main_source

logger = logging.getLogger(__name__)
TEMPLATE = Path(__file__).with_name("template.typ")


class TypstBuilder(Builder):
    """Writes Typst source into a folder of the output, compiles it, and leaves the PDF beside it."""

    name = "typst"
    format = "typst"
    epilog = "The PDF is in %(outdir)s."
    supported_image_types = ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"]  # noqa: RUF012
    current_docname = ""  # sphinx-exercise asks for it

    def get_outdated_docs(self) -> str:
        """Return that everything is made anew: it takes a second or two."""
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the mark of a document in an internal link, read again when the link is written."""
        return f"%{docname}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Return the same mark wherever the link stands: all documents are one file."""
        return self.get_target_uri(to, typ)

    def write(self, *ignored: object) -> None:
        """Write the Typst source of every document, the front matter and the index.

        Raises TypstBuildError if anything could not be printed.
        """
        self.work = Path(self.outdir) / "source"
        shutil.rmtree(self.work, ignore_errors=True)
        for path in Path(self.outdir).glob("*.pdf"):
            path.unlink()
        (self.work / "documents").mkdir(parents=True)
        chapters = assemble.sequence(self.env)
        trees = {chapter.docname: assemble.resolve(self, chapter.docname) for chapter in chapters}
        book = render.Book(self.env, self.config, images=self.images)
        for docname, tree in trees.items():
            book.targets |= assemble.link_targets(tree, docname)
            book.wanted |= assemble.link_uses(tree, docname)
            book.looked_up |= assemble.looked_up(tree, docname)
        with progress_message(f"writing {len(chapters)} documents"):
            self.sources = {}
            for number, chapter in enumerate(chapters, 1):
                self.write_document(f"{number:02}.typ", chapter, trees[chapter.docname], book)
        if book.faults:
            raise TypstBuildError(f"{len(book.faults)} things could not be printed; they are named above.")
        self.write_rest(book)

    def write_document(self, name: str, chapter: assemble.Chapter, tree: nodes.document, book: render.Book) -> None:
        """Write one document; targets that found no place of their own lead to its beginning."""
        scope = render.Scope(
            book,
            chapter.docname,
            depth=chapter.depth - 1,
            lift=int(chapter.in_part),
            compact=chapter.docname in self.config.typst_compact,
            footnotes=assemble.footnotes(tree),
        )
        body = render.render(tree, scope)
        left = assemble.link_targets(tree, chapter.docname) - book.emitted - {label(chapter.docname)}
        book.emitted.update(left)
        head = assemble.opening(chapter) + "".join(anchor(target) + "\n" for target in sorted(left & book.wanted))
        text = f'#import "../template.typ": *\n{assemble.pages(chapter, self.env, scope.compact)}{head}{body}'
        (self.work / "documents" / name).write_text(text, "utf-8")
        self.sources[name] = str(Path(self.env.doc2path(chapter.docname)).relative_to(self.srcdir))

    def write_rest(self, book: render.Book) -> None:
        """Write what goes round the documents: template, pictures, front matter, index."""
        shutil.copyfile(TEMPLATE, self.work / TEMPLATE.name)
        (self.work / "images").mkdir()
        for uri, name in self.images.items():
            shutil.copyfile(Path(self.srcdir) / uri, self.work / "images" / name)
        ends = code_source(self) + index_source(self, book.emitted & book.wanted)
        main = main_source(self.config, self.sources, ends)
        (self.work / "main.typ").write_text(main, "utf-8")

    def finish(self) -> None:
        """Compile; a PDF appears under its name only if it is whole. Raises TypstBuildError."""
        with progress_message(f"compiling {', '.join(path.name for path in self.pdfs.values())}"):
            epoch = os.environ.get("SOURCE_DATE_EPOCH")
            aside = {paper: path.with_suffix(".part.pdf") for paper, path in self.pdfs.items()}
            compile_papers(self.work, aside, int(epoch) if epoch else None, self.sources)
            for paper, path in self.pdfs.items():
                aside[paper].replace(path)

    @property
    def pdfs(self) -> dict[str, Path]:
        """Where the PDF goes, by paper: the first has the book's name, a second one is named after its paper too."""
        name = Path(self.outdir) / self.config.typst_pdf_name
        first, *others = PAPERS[os.environ.get("MALIBOOK_PAPER") or self.config.typst_paper]
        return {first: name} | {paper: name.with_stem(f"{name.stem}-{paper.rpartition('-')[2]}") for paper in others}
