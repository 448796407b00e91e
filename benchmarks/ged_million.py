"""Can a GED file of a million rows be refreshed from within 1 GiB? Run it: `python benchmarks/ged_million.py [ROWS] [--worst]`.

Writes a file in the layout of UCDP GED (49 columns, texts of realistic length, 6 per cent of the rows in the book's countries,
as in GED itself) to a temporary folder and runs the whole refresh in child processes, from CSV and from zip. Prints peak memory
and time of each, and what reading the whole file with `pandas.read_csv` takes instead. `--worst` adds a file of which every row
is wanted: a million events are checked and written. Ends with exit code 1 where any refresh needs more than 1 GiB.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from malibook.evidence.loaders.formats import UCDP_CANDIDATE

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 1024**3
NUMBERS = (700, 615, 540, 771, 145, 439, 471, 482, 483, 100, 490, 651, 530, 90, 750, 850, 645, 501, 620, 432, 436, 520)
REGIONS = ("Africa", "Americas", "Asia", "Europe", "Middle East")
WANTED = (432, 439, 436, 482, 620)
REFRESH = """
from pathlib import Path
from malibook.evidence.loaders.refresh import Choices, Files, refresh
outcome = refresh(Files(ucdp_ged=Path({file!r})), Path({data!r}), Choices(allow_older=True, accept_large_changes=True))
print(outcome.files[0].split(": ", 1)[1], {{d.table: d.after for d in outcome.differences}})
"""
WHOLE = """
import pandas as pd
frame = pd.read_csv({file!r}, low_memory=False)
print(f"{{len(frame):,}} rows")
"""


def main(rows: int, worst: bool) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mixed = write(folder / "GEDEvent_v26_1.csv", rows, share=0.06)
        packed = folder / "ged261-csv.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(mixed, mixed.name)
        print(
            f"{rows:,} rows, CSV {mixed.stat().st_size / 1e6:,.0f} MB, zip {packed.stat().st_size / 1e6:,.0f} MB",
            flush=True,
        )
        peaks = [refresh(folder / "a", "from CSV", mixed), refresh(folder / "b", "from zip", packed)]
        whole = measure("pandas.read_csv of the whole CSV", WHOLE.format(file=str(mixed)))
        print(f"that is {whole / peaks[0]:.1f} times the memory of a refresh, and nothing is checked or written")
        if worst:
            mixed.unlink()
            peaks.append(
                refresh(folder / "c", "every row wanted", write(folder / "GEDEvent_v26_1.csv", rows, share=1.0))
            )
    return 0 if max(peaks) <= LIMIT else 1


def refresh(folder: Path, title: str, file: Path) -> int:
    """Refresh a copy of the data from a file in a child process; return its peak memory."""
    data = Path(shutil.copytree(ROOT / "data", folder / "data"))
    return measure(f"refresh {title}", REFRESH.format(file=str(file), data=str(data)))


def measure(title: str, script: str) -> int:
    """Run a script in a child process; print and return its peak resident memory in bytes."""
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    out = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    verdict = "ok" if peak <= LIMIT else "OVER 1 GiB"
    print(
        f"{title}: peak {peak / 1024**2:,.0f} MiB ({verdict}), {time.perf_counter() - start:.1f} s; {out.strip()}",
        flush=True,
    )
    if status:
        raise SystemExit(f"{title} failed")
    return peak


def write(path: Path, rows: int, share: float) -> Path:
    """Write GED events, `share` of them in the countries of the book; the same bytes each time."""
    names = UCDP_CANDIDATE.layout  # the 49 columns of both GED and candidate files
    text = "Agency, 2020-01-01, A title of some length about what was reported, " * 5
    others = [number for number in NUMBERS if number not in WANTED]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for n in range(1, rows + 1):
            wanted = n % 100 < share * 100
            number = WANTED[n % 5] if wanted else others[n % len(others)]
            year, month, best = 1989 + n % 36, 1 + n % 12, n % 7
            day = f"{year}-{month:02}-{1 + n % 28:02} 00:00:00.000"
            kind, place = 1 + n % 3, f"Place {n % 20011} in district {n % 97}"
            row = dict.fromkeys(names, "")
            row |= {"id": n, "relid": f"R-{year}-{n}", "year": year, "active_year": 1, "code_status": "Clear"}
            row |= {"type_of_violence": kind, "conflict_dset_id": 1, "conflict_new_id": n % 211, "dyad_new_id": n % 307}
            row |= {"conflict_name": f"Conflict {n % 211}", "dyad_name": f"A{n % 307} - B", "side_a": f"A{n % 307}"}
            row |= {"side_b": "B", "number_of_sources": 2, "source_article": f'"{text}"', "source_headline": text[:80]}
            row |= {"where_prec": 1 + n % 6, "where_coordinates": place, "where_description": f"{place}, near the road"}
            row |= {"adm_1": f"Unit {n % 13} region", "adm_2": f"Cercle {n % 49}", "latitude": 12 + n % 900 / 100}
            row |= {
                "longitude": -5 + n % 700 / 100,
                "geom_wkt": f"POINT ({n % 700} {n % 900})",
                "priogrid_gid": n % 99999,
            }
            row |= {"country": f"Country {number}", "country_id": number, "region": REGIONS[n % 5], "event_clarity": 1}
            row |= {"date_prec": 1, "date_start": day, "date_end": day, "deaths_a": 0, "deaths_b": best}
            row |= {
                "deaths_civilians": 0,
                "deaths_unknown": 0,
                "best": best,
                "high": best + 1,
                "low": best,
                "gwnoa": number,
            }
            writer.writerow(row.values())
    return path


if __name__ == "__main__":
    words = sys.argv[1:]
    numbers = [int(word) for word in words if word.isdecimal()]
    raise SystemExit(main(numbers[0] if numbers else 1_000_000, "--worst" in words))
