"""The sheets as nbgrader and Otter take them, for those who have one of these: without a cell that is the teacher's alone."""

from __future__ import annotations

import copy
from itertools import groupby

import nbformat
from nbformat import NotebookNode

from malibook.coursework.sheet import HIDDEN, INSTRUCTOR, SOLUTION

NBGRADER = 'c = get_config()\nc.CourseDirectory.course_id = "malibook"\nc.ExecutePreprocessor.timeout = 120\n'


def for_nbgrader(nb: NotebookNode) -> NotebookNode:
    """Return a sheet as nbgrader's source: its markers stay, the teacher's cells (which nbgrader would release) go."""
    out = copy.deepcopy(nb)
    out.cells = [c for c in out.cells if INSTRUCTOR not in c.metadata.get("tags", [])]
    return out


def for_otter(nb: NotebookNode, name: str) -> NotebookNode:
    """Return a sheet as `otter assign` reads it: a question an exercise, each check a public and a hidden test."""
    cells = [_raw(f"# ASSIGNMENT CONFIG\nname: {name}\ncheck_all_cell: false\nexport_cell: false\n")]
    kept = for_nbgrader(nb).cells
    for exercise, group in groupby(kept, lambda c: c.metadata.get("malibook", {}).get("exercise", "")):
        together = list(group)
        cells += _question(together) if exercise else [_plain(c) for c in together]
    return nbformat.v4.new_notebook(cells=cells, metadata=copy.deepcopy(nb.metadata))


def _question(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return an exercise's cells between Otter's marks; as they are where there is no place for an answer."""
    answer = next((c for c in cells if _mark(c).get("solution")), None)
    if answer is None:
        return [_plain(c) for c in cells]
    mark = _mark(answer)
    about = f"name: {mark['grade_id']}\n" + (f"manual: true\npoints: {mark['points']:g}\n" if mark.get("grade") else "")
    out = [_raw(f"# BEGIN QUESTION\n{about}"), *(_plain(c) for c in cells if not _mark(c))]
    out += [_raw("# BEGIN SOLUTION"), _plain(answer), _raw("# END SOLUTION")]
    checks = [t for c in cells if _mark(c) and c is not answer for t in _tests(c)]
    out += [_raw("# BEGIN TESTS"), *checks, _raw("# END TESTS")] if checks else []
    return [*out, _raw("# END QUESTION")]


def _tests(check: NotebookNode) -> list[NotebookNode]:
    """Return a check as Otter's public test, worth nothing by itself, and its hidden one, worth the check's points."""
    points = f"{_mark(check)['points']:g}"
    whole = "\n".join(line for line in check.source.splitlines() if "### " not in line)
    settings = (("0", "false", HIDDEN.sub("", check.source)), (points, "true", whole))
    return [
        nbformat.v4.new_code_cell(
            f'""" # BEGIN TEST CONFIG\npoints: {worth}\nhidden: {hidden}\n""" # END TEST CONFIG\n{code.strip()}'
        )
        for worth, hidden, code in settings
    ]


def _mark(cell: NotebookNode) -> NotebookNode:
    return cell.metadata.get("nbgrader", nbformat.from_dict({}))


def _plain(cell: NotebookNode) -> NotebookNode:
    """Return a cell without metadata, with Otter's markers of a solution."""
    code = cell.cell_type == "code"
    text = (
        cell.source.replace("### BEGIN", "# BEGIN").replace("### END", "# END")
        if code
        else SOLUTION.sub(r"\1", cell.source)
    )
    return nbformat.v4.new_code_cell(text) if code else nbformat.v4.new_markdown_cell(text)


def _raw(text: str) -> NotebookNode:
    return nbformat.v4.new_raw_cell(text)
