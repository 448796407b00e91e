"""Texts in drawings laid out once: matplotlib lays a label out five to ten times for one chart, each time to the same end.

What comes out depends on the text, its font, its alignment and a few settings, and all of them are in the key. Only plain
texts whose letters the font has are remembered: what could warn, log or fail is left to matplotlib, each time anew.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

MOST = 20_000  # layouts that are kept: some hundred bytes each
# The settings that a plain text's layout may depend on: what `sans-serif` and the like stand for, and how letters are fitted.
ASKED = ("font.", "text.")
RENDERERS = (
    ("matplotlib.backends.backend_svg", "RendererSVG"),
    ("matplotlib.backends.backend_agg", "RendererAgg"),
)
MIXED = ("matplotlib.backends.backend_mixed", "MixedModeRenderer")  # of vectors and rasters


def remember_texts() -> None:
    """Let matplotlib remember how it laid out a text, where it is loaded; once in a process."""
    text = sys.modules.get("matplotlib.text")
    if text is not None and not isinstance(vars(text.Text)["_get_layout"], Layouts):
        text.Text._get_layout = Layouts(text.Text._get_layout)


class Layouts:
    """`Text._get_layout` with a memory.

    It is no function but gives one: matplotlib's own where a text is anything but plain, so that an error in it is
    told with the same lines as ever.
    """

    def __init__(self, slow: Any) -> None:
        self.slow, self.kept = slow, {}
        self._settings = sys.modules["matplotlib"].rcParams
        self._asked = [name for name in self._settings if name.startswith(ASKED)]
        self._fonts = sys.modules["matplotlib.font_manager"]
        loaded = [(sys.modules.get(module), name) for module, name in RENDERERS]
        self._renderers = tuple(getattr(module, name) for module, name in loaded if module)
        self._mixed = getattr(sys.modules.get(MIXED[0]), MIXED[1], ())

    def __get__(self, text: Any, owner: type | None = None) -> Any:
        """Return what lays this text out."""
        if text is None or text._usetex or text._wrap or text._transform_rotates_text or not _plain(text._text):
            return self.slow.__get__(text, owner)
        return partial(self._layout, text)

    def _layout(self, text: Any, renderer: Any) -> tuple[Any, list[Any], Any]:
        """Return a plain text's box, lines and corner, as matplotlib does."""
        drawn_by = renderer._renderer if isinstance(renderer, self._mixed) else renderer  # which holds the one of now
        if type(drawn_by) not in self._renderers:
            return self.slow(text, renderer)
        key = self._key(text, drawn_by)
        if key not in self.kept:
            made = self.slow(text, renderer)
            if not self._has_letters(text):
                return made
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = made
        box, lines, corner = self.kept[key]
        return box.frozen(), list(lines), corner

    def _key(self, text: Any, renderer: Any) -> tuple[Any, ...]:
        settings = map(partial(dict.__getitem__, self._settings), self._asked)  # RcParams would look for a backend
        fonts = self._fonts.fontManager
        return (
            text._text,
            tuple(map(_frozen, vars(text._fontproperties).values())),
            text._rotation,
            text._rotation_mode,
            text._horizontalalignment,
            text._verticalalignment,
            text._multialignment,
            text._linespacing,
            text.get_figure(root=True).dpi,
            type(renderer),
            getattr(renderer, "dpi", None),
            id(fonts),
            len(fonts.ttflist),
            tuple(map(_frozen, settings)),
        )

    def _has_letters(self, text: Any) -> bool:
        """Return whether each font that a text names is there, and the first one has all its letters."""
        named, paths = text._fontproperties, []
        for family in named.get_family():
            one = named.copy()
            one.set_family(family)
            try:
                paths.append(self._fonts.fontManager.findfont(one, fallback_to_default=False))
            except ValueError:
                return False
        font = self._fonts.get_font(paths[0])
        return all(font.get_char_index(ord(letter)) for letter in text._text if letter != "\n")


def _plain(text: str) -> bool:
    """Return whether a text is neither mathematics nor made of what no font draws."""
    return "$" not in text and text.replace("\n", "").isprintable()


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
