"""What does a run cost in a sweep, beside a plain loop of papermill? `python run.py bench sweep [--rounds N] [--write]`.

Every comparison is a pair, run in turn on the same machine and the same notebook: `malibook sweep` with one run at a time,
with one a core, and on a Dask cluster of one worker process a core, each against a loop that calls papermill and keeps no
table. Overhead is what is left of a run's seconds when the cells' own are taken off: those are timed in one process that
has imported all and executes the same cells again and again. Measured beside it is what docs/scale.md needs: seconds of
processor for a run of a real notebook, memory a worker, bytes a run, planning and gathering 100,000 runs, and how many
runs a scheduler hands out in a second. Each measurement is kept at once in `_build/bench-sweep.jsonl`, so that a run that
is cut short goes on; `--write` puts medians and spread of all that is kept there into benchmarks/sweep.json and makes
from it the tables in docs/benchmarks.md and docs/scale.md.
"""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from options import options
from scale import write_pages

ROOT = Path(__file__).resolve().parents[1]
KEPT, FIGURES = ROOT / "_build" / "bench-sweep.jsonl", ROOT / "benchmarks" / "sweep.json"
BOOK = ("_config.yml", "_toc.yml", "requirements.txt", "notebooks", "data", "editions.toml", "sweeps.toml")
CORES, RUNS, MANY, TRIVIAL = os.cpu_count() or 1, 12, 100_000, 3000
NAME, CURVE = "notebooks/sweeps/small.ipynb", "notebooks/sweeps/specification.ipynb"
IMPORTS = "from malibook import exhibits as ex\nfrom malibook.analysis.series import monthly\nfrom malibook.evidence import Parameters, load"
GIVEN = (
    'country: str = "MLI"  # country\nestimate: str = "best"  # low, best or high\nturn: int = 0  # makes runs differ'
)
WORK = """P = Parameters(country=country, estimate=estimate)
ex.open_chapter("small", P)
months = monthly(load("violence_month"), P.country, P.start, P.end)
fig, ax = ex.canvas("Deaths by month", "organised violence, UCDP")
ax.plot(months["month"], months["deaths_best"].astype(float))
peak = months["deaths_best"].max()
ex.figure("fig-deaths", fig, caption="Deaths in organised violence by month.", data=months[["month", "deaths_best"]],
          alt=f"A line of monthly deaths; the highest month has {peak:,.0f} by the best estimate.", sources=["violence_month"])"""
NUMBERS = """for year, rows in months.groupby(months["month"].dt.year):
    ex.number(f"deaths-{year}", int(rows[f"deaths_{P.estimate}"].sum()), unit="deaths", rows=rows, how="sum of months")"""
GRID = 'country = ["MLI", "BFA"], estimate = ["low", "best", "high"]'
LOOP = """import json, sys, papermill
for given in json.loads(sys.argv[2]):
    out = f"{sys.argv[3]}/{given['country']}-{given['estimate']}-{given['turn']}.ipynb"
    papermill.execute_notebook(sys.argv[1], out, given, progress_bar=False, kernel_name="python3")
"""
CELLS = """import json, sys, time
import matplotlib; matplotlib.use("agg")
cells, given = json.loads(sys.argv[1]), json.loads(sys.argv[2])
import contextlib, io
space = {}
def once(more):
    for n, text in enumerate(cells):
        exec(compile(text, "cell", "exec"), space)
        if n == 1: space.update(more)
    import matplotlib.pyplot as plt; plt.close("all")
with contextlib.redirect_stdout(io.StringIO()):
    once(given[0]); began = time.perf_counter()
    for more in given: once(more)
print((time.perf_counter() - began) / len(given))
"""
CLUSTER = """import sys, time
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(n_workers=int(sys.argv[1]), threads_per_worker=1, dashboard_address="127.0.0.1:0")
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
    cluster.close()
"""
PLAN = """import json, resource, sys, time
from pathlib import Path
from malibook.press.sweep import gather, plan
from malibook.press.sweep.store import Store
began = time.perf_counter(); runs = plan.plan("many"); planned = time.perf_counter() - began
store, (one,) = Store(sys.argv[1]), Store(sys.argv[2]).get([next(iter(Store(sys.argv[2]).kept()))]).values()
for i, run in enumerate(runs):  # no two runs alike, or the table would be packed too well
    numbers = [n | {"value": n["value"] + i, "text": f"{n['value'] + i:,}"} for n in one["numbers"]]
    store.put(run.key, {"notebook": run.notebook, "parameters": run.parameters, "numbers": numbers})
began = time.perf_counter(); kept = store.kept(); listed = time.perf_counter() - began
began = time.perf_counter(); table = gather.write_table(runs, {}, store, "many"); gathered = time.perf_counter() - began
print(json.dumps({"plan_s": planned, "list_s": listed, "gather_s": gathered, "table_bytes": Path(table).stat().st_size,
    "numbers": len(one["numbers"]), "client_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""
RATE = """import sys, time
from malibook.press.sweep import cluster, plan, remote, spread
from malibook.press.sweep.store import Store
remote.run_there = lambda book, notebook, given: ([{"key": "n", "text": "1", "unit": "", "value": 1}], "")
runs = plan.plan("many")[:int(sys.argv[3])]
with cluster.connected(sys.argv[1], 60) as client:
    book = cluster.lay_out(client, [runs[0].notebook])
    began = time.perf_counter()
    assert not spread.do_there(runs, Store(sys.argv[2]), lambda *_: None, client, book)
    print(len(runs) / (time.perf_counter() - began))
"""


def main() -> int:
    given = options(
        __doc__, "default 3; 0: only write", "benchmarks/sweep.json and docs/",
        scale="the 100,000 runs, also with --rounds 0", book="build the whole book for another country, too (minutes)",
    )  # fmt: skip
    if given.fresh:
        KEPT.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="malibook-bench-") as name:
        folder = Path(name)
        book = write_book(folder / "book")
        for _ in range(given.rounds):
            against_a_loop(book, folder)
        if given.rounds:
            real_notebooks(book, folder)
        if given.rounds or given.scale:
            at_scale(book, folder)
        if given.book:
            whole_book(folder)
    figures = medians()
    if given.write:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        write_pages(figures)
    print(json.dumps(figures, indent=1))
    return 0


def write_book(book: Path) -> Path:
    """Write a book with the real data, a small notebook that draws and binds numbers, and the sweeps of this file."""
    (book / NAME).parent.mkdir(parents=True)
    shutil.copytree(ROOT / "data", book / "data")
    shutil.copy2(ROOT / "requirements.txt", book)
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        if ".ipynb_checkpoints" not in path.parts:
            shutil.copy2(path, book / "notebooks" / path.relative_to(ROOT / "notebooks"))
    cells = [new_code_cell(IMPORTS), new_code_cell(GIVEN, metadata={"tags": ["parameters"]})]
    nb = new_notebook(cells=[*cells, new_code_cell(WORK), new_code_cell(NUMBERS)])
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (book / NAME).write_text(nbformat.writes(nb), encoding="utf-8")
    turns = lambda many: ", ".join(map(str, range(many // 6)))  # noqa: E731
    lines = [f'[few]\nnotebooks = ["{NAME}"]\ngrid = {{ {GRID}, turn = [{turns(RUNS)}] }}']
    lines += [f'[many]\nnotebooks = ["{NAME}"]\ngrid = {{ {GRID}, turn = [{turns(MANY + 6)}] }}']
    lines += [f"[{name}]\n{what}" for name, what in real().items()]
    (book / "sweeps.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return book


def real() -> dict[str, str]:
    """Return the sweeps of real notebooks that are measured, three runs each: name, declaration."""
    curves, estimates = '["exit-surge", "neighbours", "spill-before-exit"]', '["low", "best", "high"]'
    return {
        "curve": f'notebooks = ["{CURVE}"]\ngrid = {{ question = {curves} }}',
        "profile": 'notebooks = ["notebooks/country-profile.ipynb"]\ngrid = { country = ["BFA", "NER", "CAF"] }',
        "chapter": f'notebooks = ["05-regional-comparison"]\ngrid = {{ estimate = {estimates} }}',
    }


def against_a_loop(book: Path, folder: Path) -> None:
    """Time the same runs by a loop, by a sweep one at a time, one a core, and on a cluster of one worker a core."""
    sets = [
        {"country": c, "estimate": e, "turn": t}
        for c in ("MLI", "BFA")
        for e in ("low", "best", "high")
        for t in range(RUNS // 6)
    ]
    fresh = lambda name: str(Path(tempfile.mkdtemp(prefix=name, dir=folder)))  # noqa: E731
    cells = [c.source for c in nbformat.read(book / NAME, 4).cells]
    keep("cells_s", float(call([sys.executable, "-c", CELLS, json.dumps(cells), json.dumps(sets)], book)))
    loop, cpu = timed([sys.executable, "-c", LOOP, str(book / NAME), json.dumps(sets), fresh("loop")], book)
    keep("loop_s", loop / RUNS)
    keep("loop_cpu_s", cpu / RUNS)
    alone, cpu = timed(sweep("few", fresh("alone"), "--jobs", "1"), book)
    keep("alone_s", alone / RUNS)
    keep("alone_cpu_s", cpu / RUNS)
    together, _ = timed(sweep("few", fresh("together"), "--jobs", str(CORES)), book)
    keep("together_s", together / RUNS)
    with Cluster(book) as cluster, Memory(cluster.process.pid) as memory:
        there, _ = timed(sweep("few", fresh("there"), "--scheduler", cluster.address), book)
    keep("cluster_s", there / RUNS)
    keep("worker_mb", memory.peak / CORES)
    for what, seconds in (("alone", alone), ("together", together), ("cluster", there)):
        keep(f"{what}_ratio", seconds / loop)


def real_notebooks(book: Path, folder: Path) -> None:
    """Measure runs of notebooks of this book: processor, memory, bytes; the start of the command is taken off."""
    for key in real():
        out, runs = str(folder / key), 3
        with Cluster(book, 1) as cluster, Memory(cluster.process.pid) as memory:
            call(sweep(key, out + "-there", "--scheduler", cluster.address), book)
        _, cpu = timed(sweep(key, out, "--jobs", "1"), book)
        _, start = timed(sweep(key, out, "--jobs", "1"), book)
        keep(f"{key} / cpu_s", (cpu - start) / runs)
        keep(f"{key} / worker_mb", memory.peak)
        records = list(Path(out, "runs").glob("[!.]*.json"))
        keep(f"{key} / record_bytes", statistics.mean(p.stat().st_size for p in records))


def at_scale(book: Path, folder: Path) -> None:
    """Plan, keep and gather 100,000 runs; hand out runs that do nothing, to see what the scheduler and the client can."""
    few, many = tempfile.mkdtemp(dir=folder), tempfile.mkdtemp(dir=folder)
    call(sweep("few", few, "--jobs", str(CORES)), book)
    for name, value in json.loads(call([sys.executable, "-c", PLAN, many, few], book)).items():
        keep(name, value)
    records = list(Path(few, "runs").glob("[!.]*.json"))
    keep("record_bytes", statistics.mean(p.stat().st_size for p in records))
    with Cluster(book) as cluster:
        keep(
            "rate",
            float(
                call([sys.executable, "-c", RATE, cluster.address, tempfile.mkdtemp(dir=folder), str(TRIVIAL)], book)
            ),
        )
    pack = "from malibook.press.sweep.bundle import pack; print(len(pack(['notebooks/sweeps/small.ipynb'])))"
    keep("bundle_bytes", float(call([sys.executable, "-c", pack], book)))


def whole_book(folder: Path, country: str = "NER") -> None:
    """Build the whole book for another country from nothing, as each country of a larger package would be."""
    tree = folder / "whole"
    tree.mkdir()
    for name in (*BOOK, "book", "coursework"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, tree / name)
    with Memory(os.getpid()) as memory:
        _, cpu = timed([sys.executable, "-m", "malibook", "build", "--country", country], tree)
    keep("book / cpu_s", cpu)
    keep("book / mb", memory.peak)
    made = [p for p in (tree / "_build" / "editions").rglob("*") if p.is_file()]
    keep("book / bytes", float(sum(p.stat().st_size for p in made if {"html", "pdf", "epub"} & set(p.parts))))


class Cluster:
    """A scheduler and workers, one thread each, in a process of their own; `address` once all is up."""

    def __init__(self, book: Path, workers: int = CORES) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
        script = book.parent / "cluster.py"  # workers import it anew
        script.write_text(CLUSTER, encoding="utf-8")
        env = dict(os.environ) | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen([sys.executable, str(script), str(workers)], env=env, cwd=book.parent, **pipes)

    def __enter__(self) -> Cluster:
        self.address = self.process.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate("", timeout=60)


class Memory:
    """The most memory that a process's children and theirs held together, shared pages counted once, in MB.

    The process itself (here the scheduler) is left out. Looked at every fifth of a second: a shorter peak is missed.
    """

    def __init__(self, pid: int) -> None:
        self.pid, self.peak, self._over = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.2):
            self.peak = max(self.peak, sum(map(_pss, _below(self.pid))))


def _below(pid: int) -> list[int]:
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents.setdefault(int(path.read_text().rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
        except OSError:  # it ended
            continue
    found, due = [], [pid]
    while due:
        children = parents.get(due.pop(), [])
        found += children
        due += children
    return found


def _pss(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)


def sweep(name: str, out: str, *words: str) -> list[str]:
    return [sys.executable, "-m", "malibook", "sweep", name, "--out", out, "--json", *words]


def call(command: list[str], book: Path) -> str:
    """Return what a command prints; end with its words where it fails."""
    env = dict(os.environ) | {"MALIBOOK_ROOT": str(book), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=book, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)[:200]}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def timed(command: list[str], book: Path) -> tuple[float, float]:
    """Return a command's seconds by the clock and of processor, its children's with it."""
    spent: Callable[[], float] = lambda: sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])  # noqa: E731
    cpu, began = spent(), time.perf_counter()
    call(command, book)
    return time.perf_counter() - began, spent() - cpu


def keep(what: str, value: float) -> None:
    """Write one measurement down."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps([what, value]) + "\n")
    print(f"{what}: {value:,.3f}", file=sys.stderr, flush=True)


def medians() -> dict:
    """Return, by name, the smallest, the median and the largest of all measurements kept; and the machine."""
    values: dict[str, list[float]] = {}
    for line in KEPT.read_text(encoding="utf-8").splitlines():
        name, value = json.loads(line)
        values.setdefault(name, []).append(value)
    three = lambda v: [float(f"{x:.4g}") for x in (min(v), statistics.median(v), max(v))]  # noqa: E731
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    words = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    model = " ".join(words[1].split()) if words else platform.machine()
    machine = f"{platform.system()}, {CORES} cores ({model}), {memory:.0f} GiB, Python {platform.python_version()}"
    rounds = len(values["loop_s"])
    return {"machine": machine, "rounds": rounds, "runs": RUNS, "many": MANY} | {k: three(v) for k, v in values.items()}


if __name__ == "__main__":
    raise SystemExit(main())
