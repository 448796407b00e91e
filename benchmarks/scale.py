"""From what benchmarks/sweep.py measured (benchmarks/sweep.json) to the tables in docs/benchmarks.md and docs/scale.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "benchmarks" / "sweep.json"
WORKERS = (16, 128, 512)
COUNTRIES = ROOT / "src" / "malibook" / "evidence" / "loaders" / "countries.csv"
KINDS = {"small": "a small notebook", "curve": "one curve of Chapter 6", "chapter": "Chapter 5, with all its figures"}


def write_pages(figures: dict[str, Any]) -> None:
    """Put the tables into both pages, between their marks."""
    for name, blocks in pages(figures).items():
        path = ROOT / "docs" / name
        text = path.read_text(encoding="utf-8")
        for mark, block in blocks.items():
            text = between(text, mark, block)
        path.write_text(text, encoding="utf-8")


def between(text: str, mark: str, block: str) -> str:
    """Return a page with what stands between the marks replaced."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, rest = text.split(begin)
    return f"{before}{begin}\n{block}\n{end}{rest.split(end)[1]}"


def pages(figures: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return the generated parts by page and mark."""
    return {
        "benchmarks.md": {"sweeps": against(figures)},
        "scale.md": {"measured": measured(figures), "runs": runs(figures), "countries": countries(figures)},
    }


def against(f: dict[str, Any]) -> str:
    """Return the comparison with a plain loop: ratios, seconds a run, overhead a run."""
    rows = ["| what | instead of | ratio | ours, s a run | theirs, s a run |", "|---|---|---|---|---|"]
    names = {
        "alone": "Sweep, one run at a time",
        "together": "Sweep, one run a core",
        "cluster": "Sweep, a Dask worker a core",
    }
    for key, name in names.items():
        low, mid, high = f[f"{key}_ratio"]
        spread = f"{low:.2f} – **{mid:.2f}** – {high:.2f}"
        rows.append(f"| {name} | papermill in a loop | {spread} | {f[f'{key}_s'][1]:.2f} | {f['loop_s'][1]:.2f} |")
    own = f["cells_s"][1]
    spent = [f"{f[f'{key}_s'][1] - own:.2f} s" for key in ("alone", "loop")]
    return "\n".join(
        [
            *rows,
            "",
            f"{f['runs']} runs of a notebook that reads a table, draws a chart and binds a number a year; whole commands, with",
            "planning, records and the table on our side, which the loop does not make. Its cells alone take",
            f"{own:.2f} s where all is imported; what is left is overhead: **{spent[0]} a run in a sweep, {spent[1]} in the loop**",
            f"(processor: {f['alone_cpu_s'][1]:.2f} s against {f['loop_cpu_s'][1]:.2f} s a run, the cells included).",
            f"{f['rounds']} rounds; {f['machine']}.",
        ]
    )


def measured(f: dict[str, Any]) -> str:
    """Return the table of measured figures, with the spread where there is one."""
    rows = ["| figure | median | smallest – largest |", "|---|---|---|"]

    def row(what: str, key: str, form: str, unit: str, by: float = 1) -> None:
        low, mid, high = (f"{v / by:{form}}" for v in f[key])
        rows.append(f"| {what} | {mid} {unit} | {low} – {high} |" if low != high else f"| {what} | {mid} {unit} | |")

    for kind, name in KINDS.items():
        row(f"processor, a run of {name}", cpu_key(kind), ".2f", "s")
    for kind, name in KINDS.items():
        row(
            f"memory, a worker that runs {name}", "worker_mb" if kind == "small" else f"{kind} / worker_mb", ".0f", "MB"
        )
    for kind, name in KINDS.items():
        row(
            f"record of a run, {name}",
            "record_bytes" if kind == "small" else f"{kind} / record_bytes",
            ".1f",
            "kB",
            1e3,
        )
    row("what travels to each worker, once", "bundle_bytes", ".2f", "MB", 1e6)
    row(f"planning {f['many']:,} runs", "plan_s", ".0f", "s")
    row(f"finding out which of {f['many']:,} are kept (folder)", "list_s", ".1f", "s")
    row(f"the table of {f['many']:,} runs of {f['numbers'][1]:.0f} numbers: time", "gather_s", ".0f", "s")
    row(f"the table of {f['many']:,} runs of {f['numbers'][1]:.0f} numbers: size", "table_bytes", ".0f", "MB", 1e6)
    row("memory of the client that does this", "client_mb", ".0f", "MB")
    row("runs that do nothing, handed out, fetched and kept", "rate", ".0f", "a second")
    if "book / cpu_s" in f:
        row("processor, the whole book for another country", "book / cpu_s", ".0f", "s")
        row("memory of that build, at its most", "book / mb", ".0f", "MB")
        row("size of that book: HTML, PDF, EPUB", "book / bytes", ".0f", "MB", 1e6)
    return "\n".join(
        [*rows, "", f"{f['rounds']} rounds of the first figure, at least one of the others; {f['machine']}."]
    )


def cpu_key(kind: str) -> str:
    """Return the name of the figure that holds the seconds of processor for a run."""
    return "alone_cpu_s" if kind == "small" else f"{kind} / cpu_s"


def runs(f: dict[str, Any]) -> str:
    """Return what 100,000 runs take: core hours, hours on so many workers, what is kept."""
    heads = " | ".join(f"hours on {w} workers" for w in WORKERS)
    rows = [f"| {f['many']:,} runs of | core hours | {heads} | records |", f"|---|---|{'---|' * len(WORKERS)}---|"]
    for kind, name in KINDS.items():
        each = f[cpu_key(kind)][1]
        times = " | ".join(f"{hours(f, each, w):.2f}" for w in WORKERS)
        size = f["record_bytes" if kind == "small" else f"{kind} / record_bytes"][1]
        rows.append(f"| {name} | {f['many'] * each / 3600:,.0f} | {times} | {f['many'] * size / 1e9:.2f} GB |")
    busy = [f"{f['rate'][1] * f[cpu_key(kind)][1]:,.0f} ({name})" for kind, name in KINDS.items()]
    return "\n".join([*rows, "", f"One scheduler and one client keep at most so many workers busy: {', '.join(busy)}."])


def hours(f: dict[str, Any], each: float, workers: int) -> float:
    """Return hours by the clock: planning, then the runs as fast as workers or scheduler allow, then the table."""
    rate = min(workers / each, f["rate"][1])
    return (f["plan_s"][1] + f["many"] / rate + f["gather_s"][1]) / 3600


def countries(f: dict[str, Any]) -> str:
    """Return what every country takes, at most: those of the list that refreshing knows."""
    many = len(COUNTRIES.read_text(encoding="utf-8").splitlines()) - 1
    each = f["chapter / cpu_s"][1]
    rows = ["| for every country, at most | core hours | kept |", "|---|---|---|"]
    size = f["chapter / record_bytes"][1]
    rows.append(
        f"| one chapter, {many} runs of a sweep | {many * each / 3600:.2f} | {many * size / 1e6:.1f} MB of records |"
    )
    if "book / cpu_s" in f:
        hours, size = f["book / cpu_s"][1] / 3600, f["book / bytes"][1]
        rows.append(f"| the whole book, {many} builds | {many * hours:.1f} | {many * size / 1e9:.1f} GB of books |")
    return "\n".join(rows)


if __name__ == "__main__":
    write_pages(json.loads(FIGURES.read_text(encoding="utf-8")))
