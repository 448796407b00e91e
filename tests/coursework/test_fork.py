"""`malibook fork`: two forks built as their makers would build them, what is in them, and what is refused."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from malibook.evidence.checks import validate
from tests.conftest import ROOT, malibook
from tests.coursework import official

ORIGIN = "Mali, 2012–2026"


def fork(out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return malibook(ROOT, "fork", "--out", str(out), *words)


def digest(folder: Path) -> dict[str, str]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and ".git" not in p.relative_to(folder).parts)
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def package(book: Path) -> dict:
    return json.loads((book / "data" / "datapackage.json").read_text(encoding="utf-8"))


def codes(book: Path, table: str) -> set[str]:
    lines = (book / "data" / "tables" / f"{table}.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {line.split(",")[0] for line in lines}


@pytest.fixture(scope="module")
def niger(tmp_path_factory) -> Path:
    """A fork from the tables of this book, in a folder whose name has a space; not built."""
    book = tmp_path_factory.mktemp("forks of") / "a book"
    done = fork(
        book, "--country", "NER", "--title", "Niger, 2010–2025: a war at the borders", "--author", "Zoé Example"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return book


@pytest.fixture(scope="module")
def somalia(tmp_path_factory) -> Path:
    """A fork of a country that the tables of this book do not hold, from official files."""
    folder = tmp_path_factory.mktemp("somalia")
    files = {"--ucdp-ged": official.write_ged, "--ucdp-country-year": official.write_country_year}
    files |= {"--world-bank": official.write_population, "--unhcr": official.write_flight}
    given = [word for option, write in files.items() for word in (option, str(write(folder)))]
    book = folder / "book"
    done = fork(book, "--country", "SOM", "--compare", "KEN", "--title", "Somalia: thirty years of war", *given)
    assert done.returncode == 0, done.stdout + done.stderr
    return book


@pytest.fixture(scope="module")
def installed(somalia, tmp_path_factory) -> Path:
    """The library of the fork's wheel, unpacked as an installer would: what runs a fork is this and not our source."""
    return unpacked(next((somalia / "vendor").glob("*.whl")), tmp_path_factory.mktemp("site"))


def unpacked(wheel: Path, site: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


@pytest.fixture(scope="module")
def built(niger, somalia, installed) -> dict[str, Path]:
    """Both, built by the library of the wheel: to HTML; the one of Somalia to PDF and EPUB as well."""
    for book, words in ((niger, ("--no-pdf", "--no-epub")), (somalia, ())):
        done = by_wheel(installed, book, "build", *words)
        assert done.returncode == 0, done.stdout + done.stderr
    return {"NER": niger, "SOM": somalia}


def by_wheel(site: Path, book: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line of an unpacked wheel on a book, far from this repository."""
    env = os.environ | {"MALIBOOK_ROOT": str(book), "PYTHONPATH": str(site)}
    command = [sys.executable, "-m", "malibook", *words]
    return subprocess.run(command, cwd=book, env=env, capture_output=True, text=True, timeout=600)


# What is in it


def test_the_tables_hold_the_country_and_those_beside_it_with_licences_and_vintages(niger, somalia):
    assert codes(niger, "violence_year") == {"BFA", "CAF", "LBY", "MLI", "NER"}
    assert codes(somalia, "violence_year") == codes(somalia, "violence_month") == {"SOM", "KEN"}
    ours = {raw["name"]: raw for raw in package(ROOT)["resources"]}
    for raw in package(niger)["resources"]:
        assert raw["licenses"] == ours[raw["name"]]["licenses"], raw["name"]
        assert raw["malibook:vintage"] == ours[raw["name"]]["malibook:vintage"], raw["name"]
    somali = {raw["name"]: raw for raw in package(somalia)["resources"]}
    assert "GED 23.1" in str(somali["violence_month"]["malibook:vintage"])
    assert validate(niger / "data") == [] == validate(somalia / "data")


def test_population_of_the_official_file_is_in_the_tables(somalia):
    rows = (somalia / "data" / "tables" / "population.csv").read_text(encoding="utf-8").splitlines()
    assert "SOM,1990,10000000," in rows and "KEN,1991,30750000," in rows


def test_flight_of_the_official_file_is_in_the_tables(somalia):
    with (somalia / "data" / "tables" / "displacement.csv").open(encoding="utf-8", newline="") as lines:
        rows = {(r["iso3"], r["measure"], r["year"]): r["value"] for r in csv.DictReader(lines)}
    assert rows["SOM", "refugees-abroad", "2023"] == "23020" and rows["SOM", "idps-unhcr", "2020"] == "9000"
    assert rows["SOM", "refugees-hosted", "2019"] == "14"


def test_no_table_is_described_by_places_of_the_first_book_s_country(niger, somalia):
    for book in (niger, somalia):
        said = [f"{r['title']} {r['description']} {r.get('schema')}" for r in package(book)["resources"]]
        assert not re.search(
            r"Ménaka|Taoudénit|MINUSMA|Tinzaouatene|five (?:source )?articles|before 2016", "\n".join(said)
        )


def test_curated_tables_wait_with_their_schema(somalia):
    for raw in package(somalia)["resources"]:
        if raw["name"] in ("events", "claims", "deployments", "actors", "politics"):
            lines = (somalia / "data" / raw["path"]).read_text(encoding="utf-8").splitlines()
            assert lines == [",".join(field["name"] for field in raw["schema"]["fields"])]
            assert "Somalia" in raw["malibook:coverage"] and raw["malibook:row_floor"] == 0


def test_rows_of_events_are_the_country_s_own_or_those_that_a_kept_chapter_names(niger):
    with (niger / "data" / "tables" / "events.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    code = (niger / "notebooks" / "05-regional-comparison.ipynb").read_text(encoding="utf-8")
    named = [row["id"] for row in rows if row["country"] != "NER"]
    disputes = (niger / "data" / "tables" / "disputes.csv").read_text(encoding="utf-8")
    assert {row["id"] for row in rows if row["country"] == "NER"} and len(rows) < 30
    assert [name for name in named if name not in code and name not in disputes] == []


def test_chapters_are_kept_by_what_their_contracts_say(niger, somalia):
    kept = {path.stem for path in (niger / "notebooks").glob("*.ipynb")}
    ours = tomllib.loads((ROOT / "notebooks" / "contracts.toml").read_text(encoding="utf-8"))
    about_any = {name for name, lists in ours.items() if "countries" not in lists}
    own = {"01-first-look", "02-country-profile"}
    assert kept == about_any - {"country-profile"} | own and "05-regional-comparison" in kept
    free = {name for name in about_any if "needs" not in ours[name]}
    assert {path.stem for path in (somalia / "notebooks").glob("*.ipynb")} == free - {"country-profile"} | {
        "01-first-look",
        "02-country-profile",
    }
    for book in (niger, somalia):
        held = tomllib.loads((book / "notebooks" / "contracts.toml").read_text(encoding="utf-8"))
        assert set(held) == {path.stem for path in (book / "notebooks").glob("*.ipynb")}


def test_the_first_edition_is_named_as_the_source(niger):
    citation = yaml.safe_load((niger / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["title"] == "Niger, 2010–2025: a war at the borders"
    assert citation["authors"] == [{"name": "Zoé Example"}] and citation["references"][0]["title"].startswith(ORIGIN)
    for name in ("README.md", "LICENSE-text"):
        assert ORIGIN in (niger / name).read_text(encoding="utf-8"), name
    assert (
        (niger / "LICENSE")
        .read_text(encoding="utf-8")
        .startswith("MIT License\n\nCopyright (c) 2026 the malibook team")
    )
    whole = (ROOT / "LICENSE-text").read_text(encoding="utf-8")
    assert whole[whole.index("Section 1 –") :] in (niger / "LICENSE-text").read_text(encoding="utf-8")


def test_placeholders_are_counted_and_listed_with_file_and_line(niger):
    *lines, last = malibook(niger, "placeholders").stdout.splitlines()
    for line in lines:
        where, number, what = re.fullmatch(r"([\w./-]+):(\d+): (.+)", line).groups()
        assert f"To write: {what[:20]}" in (niger / where).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    written = "".join(p.read_text(encoding="utf-8") for p in niger.rglob("*.md") if "_build" not in p.parts)
    written += "".join(p.read_text(encoding="utf-8") for p in (niger / "notebooks").glob("*.ipynb"))
    assert len(lines) == written.count("To write: ") > 8
    check = malibook(niger, "check")
    assert last == f"[malibook] {len(lines)} placeholders" and check.stdout.strip().endswith(last[11:]), check.stderr


def test_no_logic_lies_in_a_fork(niger):
    code = [p for p in niger.rglob("*.py") if not {"_build", ".venv"} & set(p.parts)]
    assert {p.relative_to(niger).as_posix() for p in code} == {"run.py", "tests/test_book.py"}
    assert (niger / "run.py").read_bytes() == (ROOT / "run.py").read_bytes()
    assert (niger / "requirements.txt").read_bytes() == (ROOT / "requirements.txt").read_bytes()


def test_it_is_under_version_control_where_git_is_there(niger):
    if not shutil.which("git"):
        pytest.skip("no git on this machine")
    log = subprocess.run(["git", "log", "--format=%s"], cwd=niger, capture_output=True, text=True)
    clean = subprocess.run(["git", "status", "--porcelain"], cwd=niger, capture_output=True, text=True)
    assert log.stdout == "A new book, made by malibook fork\n" and "??" not in clean.stdout


def test_the_same_request_gives_the_same_bytes(niger, tmp_path):
    words = ("--country", "NER", "--title", "Niger, 2010–2025: a war at the borders", "--author", "Zoé Example")
    assert fork(tmp_path / "again", *words).returncode == 0
    before = {name: d for name, d in digest(niger).items() if not name.startswith("_build/")}
    assert digest(tmp_path / "again") == before


# The library


def test_the_wheel_is_whole(niger):
    wheels = list((niger / "vendor").glob("*.whl"))
    assert len(wheels) == 1
    with zipfile.ZipFile(wheels[0]) as archive:
        names = set(archive.namelist())
        record = archive.read(next(n for n in names if n.endswith("/RECORD"))).decode()
    source = ROOT / "src" / "malibook"
    files = {f"malibook/{p.relative_to(source).as_posix()}" for p in source.rglob("*") if p.is_file()}
    assert {f for f in files if "__pycache__" not in f} <= names
    assert {line.split(",")[0] for line in record.splitlines()} == names
    assert {"malibook/bundled/requirements.txt", "malibook/bundled/static/malibook.css"} <= names


def test_raising_the_library_replaces_wheel_and_lock_or_nothing(niger, tmp_path, monkeypatch):
    runner = _runner(shutil.copytree(niger, tmp_path / "book", ignore=shutil.ignore_patterns("_build", ".git")))
    old = next(runner.VENDOR.glob("*.whl"))
    newer = tmp_path / "malibook-9.9.0-py3-none-any.whl"
    with zipfile.ZipFile(newer, "w") as archive:
        archive.writestr("malibook/__init__.py", "")
        archive.writestr(runner.CARRIED, "new lock\n")
    before = digest(runner.ROOT)
    monkeypatch.setattr(runner, "set_up", lambda: "no network")
    assert runner.main(["raise", str(newer)]) == 1 and digest(runner.ROOT) == before
    for bad in ([], [str(tmp_path / "none.whl")], [str(niger / "README.md")]):
        assert runner.main(["raise", *bad]) == 2 and digest(runner.ROOT) == before
    seen = runner.fingerprint()
    monkeypatch.setattr(runner, "set_up", lambda: None)
    assert runner.main(["raise", str(newer)]) == 0
    assert not old.exists() and runner.library().name == newer.name and runner.LOCK.read_text() == "new lock\n"
    assert all(a != b for a, b in zip(seen, runner.fingerprint(), strict=True)), "packages and library are due again"


def test_a_later_improvement_arrives_by_raising_the_library(somalia, tmp_path, monkeypatch):
    """A newer wheel says something else; the fork says it too once it is raised, and nothing of the fork's own has changed."""
    book = shutil.copytree(somalia, tmp_path / "book", ignore=shutil.ignore_patterns("_build", ".git"))
    runner, newer, site = _runner(book), tmp_path / "malibook-9.9.0-py3-none-any.whl", tmp_path / "site"
    with zipfile.ZipFile(runner.library()) as old, zipfile.ZipFile(newer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "malibook/press/placeholders.py":
                content = content.replace(b"{self.where}:{self.line}: ", b"better: {self.where}:{self.line}: ")
            new.writestr(name, content)
    own = {name: d for name, d in digest(book).items() if not name.startswith("vendor/")}
    before = by_wheel(unpacked(runner.library(), tmp_path / "before"), book, "placeholders").stdout.splitlines()
    monkeypatch.setattr(runner, "set_up", lambda: unpacked(runner.library(), site) and None)
    assert runner.main(["raise", str(newer)]) == 0
    after = by_wheel(site, book, "placeholders").stdout.splitlines()
    assert after[:-1] == [f"better: {line}" for line in before[:-1]] and len(after) > 8
    assert {name: d for name, d in digest(book).items() if not name.startswith("vendor/")} == own


def test_a_folder_of_two_wheels_is_refused_by_name(niger, tmp_path):
    runner = _runner(shutil.copytree(niger, tmp_path / "book", ignore=shutil.ignore_patterns("_build", ".git")))
    (runner.VENDOR / "malibook-9.9.0-py3-none-any.whl").write_bytes(b"")
    assert "must hold one wheel" in runner.set_up() and "malibook-9.9.0" in runner.set_up()


def _runner(book: Path):
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("run_of_a_fork", book / "run.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Built


def test_both_build_green(built):
    for book in built.values():
        assert (book / "_build" / "html" / "index.html").exists()
    outputs = built["SOM"] / "_build"
    assert (outputs / "pdf" / "somalia.pdf").read_bytes().startswith(b"%PDF")
    with zipfile.ZipFile(outputs / "epub" / "somalia.epub") as archive:
        assert b">Somalia: Thirty years of war</dc:title>" in archive.read("EPUB/content.opf")


def test_the_pages_show_placeholders_and_the_country_s_numbers(built):
    page = (built["SOM"] / "_build" / "html" / "book" / "welcome.html").read_text(encoding="utf-8")
    dead = sum(int(e["best"]) for e in official.events() if e["country"] == "Somalia")
    yearly = sum(900 + year % 7 + 160 for year in range(1989, 2023))
    assert dead != yearly and f"{yearly:,}" in page, "the yearly table comes before the months"
    assert "To write: " in page


def test_the_first_book_s_country_is_nowhere_but_in_attribution(built):
    """In no page of a fork without it; in the other, where data or a chapter about the region name it."""
    said = re.compile(r"\b(?:Mali|Malian|Bamako|Barkhane)\b")
    for path in (built["SOM"] / "_build" / "html").rglob("*.html"):
        assert not said.search(path.read_text(encoding="utf-8")), path.name
    pages = [p for p in (built["NER"] / "book").glob("*.md") if p.name != "glossary.md"]
    pages += [p for p in (built["NER"] / "notebooks").glob("*.ipynb") if not p.name.startswith("05")]
    for path in pages:
        assert not said.search(path.read_text(encoding="utf-8")), path.name


def test_its_own_tests_pass(built, installed):
    env = os.environ | {"PYTEST_ADDOPTS": "-n 0", "PYTHONPATH": str(installed)}
    words = [sys.executable, "-m", "pytest", "-v", "-v", "-k", "valid or order or country"]
    done = subprocess.run(words, cwd=built["SOM"], env=env, capture_output=True, text=True)
    assert done.returncode == 0 and "3 passed" in done.stdout, done.stdout + done.stderr


# Refused


GOOD = ("--country", "NER", "--title", "Niger")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--country", "XYZ", "--title", "X"), "no country 'XYZ'"),
        (("--country", "MLI", "--title", "X"), "is the country of this book"),
        (("--country", "NER,BFA", "--title", "X"), "about one country"),
        (("--country", "SOM", "--title", "Somalia"), "no table holds violence in Somalia"),
        (("--country", "NER", "--title", "  "), "--title: is empty"),
        (("--country", "NER", "--title", "x" * 121), "too long"),
        (("--country", "NER", "--title", "Niger\nBuild: 1"), "which a title cannot"),
        (("--country", "NER", "--title", "`rm`"), "which a title cannot"),
        ((*GOOD, "--author", '"A" <b>'), "--author"),
        ((*GOOD, "--compare", "ZZZ"), "--compare"),
        ((*GOOD, "--ucdp-ged", str(ROOT / "README.md")), "refused; no fork was made"),
    ],
)
def test_what_is_refused_leaves_nothing(words, said, tmp_path):
    done = fork(tmp_path / "out", *words)
    assert done.returncode == 1 and said in done.stdout + done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_in_use_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    done = fork(tmp_path, *GOOD)
    assert done.returncode == 1 and "not empty" in done.stderr and "remedy" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]
    assert "is no folder" in fork(tmp_path / "no" / "such", *GOOD).stderr


def test_an_empty_folder_is_taken_and_years_are_the_events_added_up_without_a_yearly_table(tmp_path):
    ged = official.write_ged(tmp_path)
    (tmp_path / "book").mkdir()
    done = fork(tmp_path / "book", "--country", "SOM", "--title", "Somalia", "--ucdp-ged", str(ged))
    assert done.returncode == 0, done.stdout + done.stderr
    with (tmp_path / "book" / "data" / "tables" / "violence_year.csv").open(encoding="utf-8", newline="") as lines:
        years = [row for row in csv.DictReader(lines)]
    own = [e for e in official.events() if e["country"] == "Somalia"]
    assert {(r["iso3"], r["year"]) for r in years} == {("SOM", str(year)) for year in range(2018, 2023)}
    for name in ("low", "best", "high"):
        assert sum(int(row[f"deaths_{name}"]) for row in years) == sum(int(e[name]) for e in own)
    assert {row["vintage"] for row in years} == {"GED 23.1, events added up by year"}
    readers = {raw["name"]: raw["malibook:chapters"] for raw in package(tmp_path / "book")["resources"]}
    assert readers["violence_region_quarter"] == [] and "02-country-profile" in readers["violence_dyad_month"]
    for chapter in ("01", "02"):
        run = malibook(tmp_path / "book", "run", chapter, "--out", str(tmp_path / "runs"))
        assert run.returncode == 0, run.stdout + run.stderr


def test_without_years_the_profile_is_left_out_and_the_reason_said(tmp_path):
    candidate = official.write_candidate(tmp_path)
    done = fork(tmp_path / "book", "--country", "SOM", "--title", "Somalia", "--ucdp-candidate", str(candidate))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "country-profile: it needs deaths by year: give --ucdp-ged" in done.stdout
    assert [path.stem for path in (tmp_path / "book" / "notebooks").glob("*.ipynb")] == ["01-first-look"]
    check = malibook(tmp_path / "book", "check")
    assert check.returncode == 0, check.stdout + check.stderr


def test_the_guide_names_options_and_commands_that_there_are():
    guide = (ROOT / "docs" / "fork.md").read_text(encoding="utf-8")
    told = {
        name: malibook(ROOT, *name.split(), "--help").stdout
        for name in ("fork", "data refresh", "data chapters", "wheel", "build")
    }
    known = set(re.findall(r"--[a-z][a-z-]+", " ".join(told.values()))) | {"--no-pdf"}
    assert {option for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", guide)} <= known
    tops = malibook(ROOT, "--help").stdout
    for command in set(re.findall(r"malibook ([a-z]+)", guide)):
        assert re.search(rf"^\s+{command}\b", tops, re.M), command
