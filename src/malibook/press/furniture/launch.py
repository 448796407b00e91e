"""The buttons that open a chapter's notebook elsewhere: Binder, Colab, Codespaces. Plain links: nothing is asked before a click."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlsplit

from malibook.evidence import root
from malibook.press.furniture.book import Book
from malibook.press.furniture.pages import Page

REF = "HEAD"  # the newest state of the repository: a commit of this machine need not be there
COLAB_FOLDER, COLAB_START = "/content/book", ".colab/start.py"
HOSTS = {"github.com": "gh", "gitlab.com": "gl"}  # what Binder calls them
# What the repository must hold for a place to run its notebooks; a fork has none of it before its authors add it.
NEEDS = {"Binder": ".binder/postBuild", "Colab": COLAB_START, "Codespaces": ".devcontainer/devcontainer.json"}


@dataclass(frozen=True)
class Launch:
    """One place where a notebook can be opened: its name, its address, what a reader should know before."""

    name: str
    address: str
    about: str


def launches(repository: str, notebook: str) -> list[Launch]:
    """Return where a notebook (its path in the repository) can be opened; Colab and Codespaces know GitHub only."""
    parts = urlsplit(repository)
    owner = parts.path.strip("/").removesuffix(".git")
    kind = HOSTS.get(parts.netloc.lower())
    spec = f"gh/{owner}" if kind == "gh" else f"{kind or 'git'}/{quote(owner if kind else repository, safe='')}"
    start = quote(f"/lab/tree/{notebook}", safe="")
    binder = f"https://mybinder.org/v2/{spec}/{REF}?urlpath={start}"
    out = [Launch("Binder", binder, "JupyterLab in the browser, everything installed, no account; starts in minutes")]
    if kind == "gh":
        colab = f"https://colab.research.google.com/github/{owner}/blob/{REF}/{notebook}"
        out.append(Launch("Colab", colab, "with an account at Google; put the cell below first"))
        about = "the whole repository in VS Code, with an account at GitHub"
        out.append(Launch("Codespaces", f"https://codespaces.new/{owner}?quickstart=1", about))
    return out


def colab_cell(repository: str) -> str:
    """Return the cell that makes a notebook runnable in Colab, which has neither the library nor the data."""
    clone = f"!test -d {COLAB_FOLDER} || git clone -q --depth 1 {repository} {COLAB_FOLDER}"
    return f"{clone}\n%run {COLAB_FOLDER}/{COLAB_START}"


def startable() -> list[str]:
    """Return the places for which this repository holds what they need."""
    return [name for name, need in NEEDS.items() if (root() / need).is_file()]


def launch_panel(page: Page, book: Book) -> str:
    """Return the buttons of a chapter; empty where the repository's address is not known or it holds nothing to start from."""
    if not (book.repository and page.is_chapter):
        return ""
    held = startable()
    places = [place for place in launches(book.repository, f"{page.path}.ipynb") if place.name in held]
    if not places:
        return ""
    cell = colab_cell(book.repository) if any(place.name == "Colab" for place in places) else ""
    return "\n".join(
        [
            '<section class="page-launch html-only" id="open-this-chapter-elsewhere">',
            "<h2>Open this chapter elsewhere</h2>",
            "<ul>",
            *(_button(place) for place in places),
            "</ul>",
            f"<p>The notebook opens as it stands in the repository now; this page was made at {escape(book.commit)}.</p>",
            *([_colab(cell)] if cell else []),
            "</section>",
        ]
    )


def _button(place: Launch) -> str:
    link = f'<a href="{escape(place.address)}" rel="external noopener noreferrer">{place.name}</a>'
    return f'<li>{link} <span class="about">{place.about}</span></li>'


def _colab(cell: str) -> str:
    about = "Put these lines into a new cell above all others and run it: it fetches the book, its data and the packages of its lock."
    return (
        "<details><summary>The first cell in Colab</summary>"
        f"<p>{about}</p><pre><code>{escape(cell)}</code></pre></details>"
    )
