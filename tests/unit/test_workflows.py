"""The workflows and forms on GitHub, as far as they can be held here: form, permissions, versions, and that our commands exist."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from malibook.press.furniture.book import ADDRESS
from tests import commands
from tests.conftest import ROOT
from tests.coursework.test_launch import pythons

FOLDER = ROOT / ".github"
WORKFLOWS = sorted((FOLDER / "workflows").glob("*.yml"))
FORMS = sorted(p for p in (FOLDER / "ISSUE_TEMPLATE").glob("*.yml") if p.name != "config.yml")
WRITES = {
    ("pages.yml", "deploy"): {"pages": "write", "id-token": "write"},
    ("release.yml", "publish"): {"contents": "write"},
}
ACTION = re.compile(r"actions/[\w-]+@v\d+\.\d+\.\d+")


def workflow(name: str) -> dict:
    """A workflow; YAML 1.1 reads the key `on` as true."""
    raw = yaml.safe_load((FOLDER / "workflows" / name).read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in raw.items()}


def jobs():
    return [(p.name, name, job) for p in WORKFLOWS for name, job in workflow(p.name)["jobs"].items()]


def steps():
    return [(file, step) for file, _, job in jobs() for step in job["steps"]]


def test_there_are_the_five_that_are_promised():
    assert [p.stem for p in WORKFLOWS] == ["gate", "links", "pages", "rebuild", "release"]
    assert "pull_request" in workflow("gate.yml")["on"] and workflow("release.yml")["on"]["push"] == {"tags": ["v*"]}
    assert "pull_request_target" not in "".join(p.read_text(encoding="utf-8") for p in WORKFLOWS)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_each_may_only_read_and_runs_once_at_a_time(path):
    made = workflow(path.name)
    assert made["permissions"] == {"contents": "read"}
    assert set(made["concurrency"]) == {"group", "cancel-in-progress"}


@pytest.mark.parametrize(("file", "name", "job"), jobs(), ids=lambda x: x if isinstance(x, str) else "")
def test_each_job_has_an_end_and_no_more_rights_than_it_needs(file, name, job):
    assert 0 < job["timeout-minutes"] <= 90
    assert re.fullmatch(r"ubuntu-\d\d\.\d\d", job["runs-on"]), "a runner that moves by itself changes builds"
    writes = {k: v for k, v in job.get("permissions", {}).items() if v != "read"}
    assert writes == WRITES.get((file, name), {})
    if writes:  # a job that may write runs nothing of the repository
        text = yaml.safe_dump(job["steps"])
        assert "checkout" not in text and "run.py" not in text and ".ci/run" not in text


def test_every_action_is_github_s_own_at_a_full_version_and_the_same_everywhere():
    used = {step["uses"] for _, step in steps() if "uses" in step}
    assert all(ACTION.fullmatch(name) for name in used), used
    assert len({name.partition("@")[0] for name in used}) == len(used)
    for _, step in steps():
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_every_command_of_ours_exists():
    found = []
    for file, step in steps():
        assert ("run" in step) != ("uses" in step), (file, step)
        text = step.get("run", "")
        assert commands.faults(text) == [], file
        assert subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True).returncode == 0, (file, text)
        assert "${{" not in text, "a value goes through the environment, never into the text of a command"
        found += [" ".join(words[:3]) for words in commands.ours(text)]
    said = {"run.py build", "run.py malibook verify", "run.py malibook links", "run.py malibook release"}
    assert said <= set(found)
    runs = [step["run"] for file, step in steps() if file == "gate.yml" and "run" in step]
    assert runs == ["bash .ci/run"]


def test_python_is_the_one_that_everything_else_asks_for():
    asked = {s["with"]["python-version"] for _, s in steps() if s.get("uses", "").startswith("actions/setup-python@")}
    assert asked == set(pythons().values())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert asked.pop() in SpecifierSet(project["requires-python"])


def test_the_gate_asks_no_other_host_and_the_weekly_ones_are_weekly():
    gate = "".join(step.get("run", "") for file, step in steps() if file == "gate.yml") + (ROOT / ".ci/run").read_text()
    assert "links" not in gate
    for name in ("links.yml", "rebuild.yml"):
        minute, hour, day, month, weekday = workflow(name)["on"]["schedule"][0]["cron"].split()
        assert (day, month) == ("*", "*") and all(part.isdigit() for part in (minute, hour, weekday))


def test_variables_of_ours_are_ones_that_the_library_reads():
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py"))
    named = {name for p in WORKFLOWS for name in re.findall(r"\bMALIBOOK_\w+", p.read_text(encoding="utf-8"))}
    assert ADDRESS in named and all(f'"{name}"' in source for name in named), named


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_each_form_is_one_that_github_takes(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(form) == {"name", "description", "labels", "body"}
    fields = [part for part in form["body"] if part["type"] != "markdown"]
    assert {part["type"] for part in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    ids = [part["id"] for part in fields]
    assert len(set(ids)) == len(ids) >= 5
    labels = [part["attributes"]["label"] for part in fields]
    assert len(set(labels)) == len(labels) and all(labels)
    assert any(part.get("validations", {}).get("required") for part in fields)
    for part in fields:
        if part["type"] in ("dropdown", "checkboxes"):
            options = [o if isinstance(o, str) else o["label"] for o in part["attributes"]["options"]]
            assert len(set(options)) == len(options) >= 2 and all(isinstance(o, str) for o in options)


def test_the_forms_are_the_five_that_contributing_and_the_template_serve():
    assert [p.stem for p in FORMS] == ["bug", "correction", "new-claim", "new-source", "peer-review"]
    for path in (FOLDER / "PULL_REQUEST_TEMPLATE.md", ROOT / "CONTRIBUTING.md"):
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.S)
        lines = re.findall(r"`([^`]+)`", text)
        assert [fault for line in lines for fault in commands.faults(line)] == []
        named = [x for x in lines if re.fullmatch(r"[\w./-]+\.(?:csv|json|toml|txt|md)", x)]
        assert named and all((ROOT / x).exists() or (ROOT / "data/tables" / x).exists() for x in named), named
    assert (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").count("- [ ]") >= 12
