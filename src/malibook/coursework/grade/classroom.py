"""A whole class graded: several at a time, each written as soon as it is known, none graded twice."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

from malibook.coursework.grade import ledger, marks, submissions
from malibook.coursework.grade.feedback import page
from malibook.coursework.grade.marking import Result, grade
from malibook.coursework.grade.sandbox import Limits, Sandbox
from malibook.coursework.sheet import home, path_of, sheets
from malibook.errors import BookError
from malibook.evidence import root

Told = Callable[[int, int, Result, bool], None]
MARKS = "marks.csv"
TABLES = 20  # times that the tables are written on the way


class Classroom:
    """The submissions of a folder, the folder for what comes of them, and how they are graded."""

    def __init__(self, folder: Path, out: Path, limits: Limits, level: str, wanted: list[str] | None = None) -> None:
        self.folder, self.out, self.limits, self.level, self.wanted = folder, out, limits, level, wanted
        if out.resolve() == folder.resolve() or folder.resolve().is_relative_to(out.resolve()):
            raise BookError("would lie on the submissions", where=str(out), remedy="choose another --out")
        self.students = submissions.students(folder)
        self.students = {s: p for s, p in self.students.items() if p.resolve() != out.resolve()}
        self._files = ledger.file_names(list(self.students))
        marking = (root() / "marking-sheet.csv", root() / "marking-sheet.html")  # of an instructor's pack
        self._hide = [str(p.resolve()) for p in (folder, out, home(), *marking)]
        self._marks: marks.Marks = {}
        self._boxes: queue.Queue[Sandbox] = queue.Queue()
        self._sheets = "".join(_digest(path_of(n).read_bytes()) for n in sheets())

    def run(self, jobs: int, tell: Told) -> list[Result]:
        """Grade everybody, `jobs` at a time; tell of each result and whether it was there already. Return all.

        However this ends, what is known by then stands in the tables.
        """
        done: list[Result] = []
        self._marks = marks.read(self.out / MARKS)
        boxes = [Sandbox(self.limits, self._hide, self.level) for _ in range(jobs)]
        for box in boxes:
            self._boxes.put(box)
        stop = threading.Event()
        pool = ThreadPoolExecutor(jobs)
        try:
            todo = [pool.submit(self._one, student, stop) for student in self.students]
            for future in as_completed(todo):
                result, old = future.result()
                done.append(result)
                tell(len(done), len(todo), result, old)
                if len(done) % max(1, len(todo) // TABLES) == 0:
                    ledger.tables(self.out, done)
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            for box in boxes:
                box.end()
            ledger.tables(self.out, done)
            marks.lay_out(self.out / MARKS, done, self._marks)
        return done

    def _one(self, student: str, stop: threading.Event) -> tuple[Result, bool]:
        """Return one student's result, and whether it was graded before: the same bytes under the same terms."""
        given = submissions.read(student, self.students[student])
        path = self.out / "results" / f"{self._files[student]}.json"
        mark = self._mark(given)
        result, old = ledger.kept(path, mark), True
        if result is None:
            result, old = self._graded(given, stop), False
            if not stop.is_set():
                ledger.keep(path, result, mark)
        result = marks.applied(result, self._marks)
        ledger.write(self.out / "feedback" / f"{self._files[student]}.html", page(result))
        return result, old

    def _graded(self, given: submissions.Submission, stop: threading.Event) -> Result:
        """Grade one submission. Whatever goes wrong within the grader itself costs this result only, and is said."""
        box = self._boxes.get()
        try:
            if stop.is_set():
                return Result(given.student, remarks=["not graded: stopped"])
            return grade(given, box, self.wanted)
        except Exception as error:
            box.end()
            stop_note = f"not graded: an error of the grader ({type(error).__name__}: {str(error)[:200]})"
            return Result(given.student, remarks=[*given.remarks, stop_note])
        finally:
            self._boxes.put(box)

    def _mark(self, given: submissions.Submission) -> str:
        """Return what a result depends on, as a digest."""
        parts = [(n, _digest(c)) for n, c in given.notebooks.items()]
        terms = [parts, given.remarks, self._sheets, asdict(self.limits), self.level, self.wanted, VERSION]
        return _digest(json.dumps(terms).encode())


VERSION = 1  # raise when the same submission would be graded otherwise


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def usual_jobs() -> int:
    """Return how many to grade at a time: one for each processor that this process may use."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
