"""The `malibook data` commands: what they print, how they end, what they never print."""

from __future__ import annotations

import inspect
import re
import shutil
import sys
from pathlib import Path

import pytest

from malibook import cli
from malibook.cli_data import data_app
from malibook.errors import BookError
from malibook.evidence import resources
from malibook.evidence.citing import cite
from tests import upstream as up

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process; return exit code, output and error output."""

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["malibook", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return int(ended.value.code or 0), captured.out, captured.err

    return call


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def ged(folder: Path, **changes: object) -> str:
    events = [up.event(1, "SOM", "1992-03-04", 10), up.event(2, "SOM", "2022-12-30", 7, 2, **changes)]
    return str(up.write_ged(folder / "GEDEvent_v23_1.csv", events))


def test_a_refresh_says_what_it_read_changed_and_wrote(run, data, tmp_path):
    code, out, _ = run("data", "refresh", "--ucdp-ged", ged(tmp_path), "--countries", "SOM", "--data", str(data))
    assert code == 0
    assert "UCDP GED 23.1; 2 rows, 2 of SOM" in out and "violence_events: 0 -> 2 rows; 2 added" in out
    assert out.rstrip().endswith("violence_events.csv, tables/violence_month.csv, datapackage.json")
    code, out, _ = run("data", "refresh", "--ucdp-ged", ged(tmp_path), "--countries", "SOM", "--data", str(data))
    assert code == 0 and out.rstrip().endswith("no change: nothing was written")


def test_a_dry_run_says_so(run, data, tmp_path):
    words = ("--ucdp-ged", ged(tmp_path), "--countries", "SOM", "--data", str(data), "--dry-run")
    code, out, _ = run("data", "refresh", *words)
    assert code == 0 and out.rstrip().endswith("dry run: nothing was written")


def test_a_refusal_is_one_screen_and_exit_code_1(run, data, tmp_path):
    rows = [up.event(n, "SOM", "2020-01-01", 1) | {"best": "many"} for n in range(1, 200)]
    path = up.write_ged(tmp_path / "GEDEvent_v23_1.csv", rows)
    code, out, err = run("data", "refresh", "--ucdp-ged", str(path), "--countries", "SOM", "--data", str(data))
    assert code == 1 and out == ""
    lines = err.strip().splitlines()
    assert len(lines) <= 24 and "refused; the data folder is as it was" in lines[-1]
    assert f"{path}, row 2, field best, value 'many': is no whole number; remedy: download the file again" in lines[0]
    assert any(line.startswith("… and ") for line in lines)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("data", "refresh"), "no file to refresh from"),
        (("data", "refresh", "--vdem", "nowhere.csv"), "nowhere.csv: cannot be read"),
        (("data", "refresh", "--vdem", "x.csv", "--countries", "MALI"), "no country 'MALI'"),
        (("data", "refresh", "--vdem", "x.csv", "--accessed", "April"), "'April' is no month"),
        (("data", "refresh", "--vdem", "x.csv", "--data", "/nowhere"), "no data package here"),
        (("data", "cite", "violence_mont"), "did you mean 'violence_month'?"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(run, words, says):
    code, _, err = run(*words)
    assert code == 1 and says in err and "remedy: " in err


def test_cite_prints_citation_licence_and_bibtex(run):
    code, out, _ = run("data", "cite", "violence_region_quarter")
    assert code == 0
    assert (
        "Source: ACLED, acleddata.com, accessed April 2026 (aggregated by region and quarter; non-commercial use)"
        in out
    )
    assert (
        "Licence: ACLED's own terms, non-commercial, aggregates only" in out and "redistribution: aggregate-only" in out
    )
    assert "author = {Raleigh, C. and Linke, A. and Hegre, H. and Karlsen, J.}" in out and "year = {2010}" in out


def test_every_option_is_in_the_handbook():
    handbook = (DATA.parent / "docs" / "refresh.md").read_text(encoding="utf-8")
    command = next(c for c in data_app.registered_commands if c.name == "refresh")
    options = {name.replace("_", "-") for name in inspect.signature(command.callback).parameters}
    assert len(options) == 15 and [name for name in options if f"`--{name}" not in handbook] == []


@pytest.mark.parametrize("table", ["events", "mali_regions", "democracy", "violence_month"])
def test_bibtex_is_sound(table):
    text = cite(table)
    assert text.count("{") == text.count("}") and f"@misc{{malibook_{table}," in text
    keys = [line for line in text.splitlines() if line.startswith("@")]
    assert len(keys) == len(set(keys)) >= 2
    with pytest.raises(BookError, match="no table"):
        cite("nothing")


def test_what_bibtex_takes_for_a_command_is_escaped():
    texts = "\n".join(cite(table).partition("\n\n")[2] for table in resources())
    fields = [line for line in texts.splitlines() if line.startswith("  ") and not line.startswith("  url")]
    assert not [line for line in fields if re.search(r"(?<!\\)[&%#_$]", line)]
    assert any(r"Research \& Politics" in line for line in fields)
