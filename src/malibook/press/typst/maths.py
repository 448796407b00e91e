"""Formulas: TeX into Typst's own mathematics, numbered as in the HTML, with the TeX source as their alt text."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.util import logging
from tex2typst import tex2typst

from .escape import string
from .render import Scope, cell_of, claim, handles

logger = logging.getLogger(__name__)
OUTER = re.compile(r"\\(begin|end)\{(?:equation|displaymath|math)\*?\}")
ALIGNED = re.compile(r"\\(begin|end)\{(?:align|split|gather|gathered|multline|eqnarray|alignat)\*?\}")


@handles("math")
def inline_math(node: nodes.Element, scope: Scope) -> str:
    """Return a formula within a line."""
    formula = convert(node, scope)
    return f"#math.equation(alt: {alt(node)}, ${formula}$)" if formula else ""


@handles("math_block", own_targets=True)
def display_math(node: nodes.Element, scope: Scope) -> str:
    """Return a formula on its own line, with its number and link target."""
    formula = convert(node, scope)
    if not formula:
        return ""
    number = equation_number(node, scope)
    names = "".join(f"#label({string(name)})" for name in claim(node, scope)[:1])
    return f"#formula({string(number)}, {alt(node)}, $ {formula} $){names}\n\n"


def alt(node: nodes.Element) -> str:
    """Return the TeX source on one line: what a screen reader is given."""
    return string(" ".join(node.astext().split()))


def convert(node: nodes.Element, scope: Scope) -> str:
    """Return the formula in Typst's notation, or nothing after logging what TeX could not be read."""
    tex = prepare(node.astext())
    try:
        return tex2typst(tex).strip()
    except ValueError as error:
        reason = str(error).splitlines()[0]
        logger.error("typst: formula not understood in %s%s: %s: %s", scope.docname, cell_of(node), reason, tex,
                     location=node)  # fmt: skip
        scope.book.faults.append("math")
        return ""


def prepare(tex: str) -> str:
    """Return TeX with the environments that tex2typst lacks written as `aligned`.

    Sphinx lets a display formula hold `&` and line breaks without any environment; TeX does not.
    """
    tex = ALIGNED.sub(r"\\\1{aligned}", OUTER.sub("", tex)).strip()
    bare = re.sub(r"\\begin\{(\w+)\*?\}.*?\\end\{\1\*?\}", "", tex, flags=re.DOTALL)
    if "\\\\" in bare or re.search(r"(?<!\\)&", bare):
        return rf"\begin{{aligned}} {tex} \end{{aligned}}"
    return tex


def equation_number(node: nodes.Element, scope: Scope) -> str:
    """Return the number as the HTML prints it, in brackets, or nothing for a formula without label."""
    config = scope.book.config
    if not node.get("number"):
        return ""
    if not (config.math_numfig and config.numfig):
        return f"({node['number']})"
    numbers = scope.book.env.toc_fignumbers.get(scope.docname, {}).get("displaymath", {})
    found = next((numbers[name] for name in node["ids"] if name in numbers), ())
    return f"({config.math_numsep.join('.'.join(map(str, found)).rsplit('.', 1))})" if found else ""
