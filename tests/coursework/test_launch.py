"""The files by which others start the book (Binder, Codespaces, VS Code, conda) fit it: versions, paths, commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
import venv
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

import run as runner
from tests import commands
from tests.conftest import ROOT, copy_of_the_book

JSON = (".devcontainer/devcontainer.json", ".vscode/settings.json", ".vscode/extensions.json", ".vscode/tasks.json")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pythons() -> dict[str, str]:
    """The Python that each file asks for."""
    image = json.loads(read(".devcontainer/devcontainer.json"))["image"]
    conda = yaml.safe_load(read("environment.yml"))["dependencies"][0]
    return {
        ".binder/runtime.txt": read(".binder/runtime.txt").strip().removeprefix("python-"),
        ".devcontainer": re.search(r"python:\d+-(\d+\.\d+)-", image)[1],
        "environment.yml": conda.removeprefix("python="),
    }


@pytest.mark.parametrize("name", JSON)
def test_the_json_is_plain_json(name):
    assert isinstance(json.loads(read(name)), dict)


def test_all_ask_for_one_python_that_the_library_takes():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    asked = set(pythons().values())
    assert len(asked) == 1, pythons()
    assert asked.pop() in SpecifierSet(project["requires-python"])


def test_the_lock_is_the_only_list_of_packages():
    named = [line for line in read(".binder/requirements.txt").splitlines() if line and not line.startswith("#")]
    assert len(named) == 1 and named[0].startswith("-r ")
    assert (ROOT / ".binder" / named[0][3:]).resolve() == ROOT / "requirements.txt" == runner.LOCK
    conda = yaml.safe_load(read("environment.yml"))["dependencies"]
    assert [part for part in conda if isinstance(part, dict)] == [{"pip": ["-r requirements.txt"]}]
    assert not {p.name for p in (ROOT / ".binder").iterdir()} - {"runtime.txt", "requirements.txt", "postBuild"}


def test_post_build_is_a_script_that_asks_no_index():
    path = ROOT / ".binder" / "postBuild"
    text = path.read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n") and "\r" not in text
    assert os.name == "nt" or os.access(path, os.X_OK)
    assert subprocess.run(["bash", "-n", str(path)], capture_output=True).returncode == 0
    installs = [line for line in text.splitlines() if "pip install" in line]
    assert installs and all({"--no-index", "--no-deps", "--no-build-isolation"} <= set(x.split()) for x in installs)
    assert commands.ours(text) == [["malibook", "data", "list"]] and commands.faults(text) == []


@pytest.fixture
def image(tmp_path):
    """What Binder has when it runs postBuild: the repository, and an environment with the lock's packages but not the library."""
    book = copy_of_the_book(tmp_path / "home é")
    for name in (".binder", "src", "tests"):
        shutil.copytree(ROOT / name, book / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "sweeps.toml", "links.toml", "LICENSE"):
        shutil.copy(ROOT / name, book / name)
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    (site,) = (tmp_path / "env" / "lib").glob("python*/site-packages")
    packages = tmp_path / "packages"
    packages.mkdir()
    for path in Path(metadata.distribution("pandas").locate_file("")).iterdir():
        if "malibook" not in path.name:
            (packages / path.name).symlink_to(path)
    (site / "lock.pth").write_text(f"{packages}\n", encoding="utf-8")
    return book, tmp_path / "env"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a script for Binder's Linux")
def test_post_build_installs_this_copy_and_opens_its_data(image):
    book, environment = image
    env = {
        "PATH": f"{environment / 'bin'}:/usr/bin:/bin",
        "HOME": str(book),
        "PIP_CONFIG_FILE": os.devnull,
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(["./.binder/postBuild"], cwd=book, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and "violence_year" in done.stdout, done.stdout + done.stderr
    told = "import malibook; print(malibook.__file__, malibook.__version__)"
    python = environment / "bin" / "python"
    asked = subprocess.run([python, "-c", told], cwd=environment, env=env, capture_output=True, text=True)
    file, version = asked.stdout.strip().rsplit(" ", 1)
    assert Path(file) == book / "src" / "malibook" / "__init__.py"
    assert version == tomllib.loads(read("pyproject.toml"))["project"]["version"]


def test_the_container_runs_what_exists_and_forwards_what_is_served():
    made = json.loads(read(".devcontainer/devcontainer.json"))
    assert commands.ours(made["postCreateCommand"]) and commands.faults(made["postCreateCommand"]) == []
    serve = next(p for p in commands.ROOT_COMMAND.commands["serve"].params if p.name == "port")
    assert serve.default in made["forwardPorts"]
    assert {str(port) for port in made["forwardPorts"]} == set(made["portsAttributes"])
    inside = made["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert inside == f"${{containerWorkspaceFolder}}/{runner.ENV.name}"


def test_the_container_has_only_fields_that_the_specification_knows():
    made = json.loads(read(".devcontainer/devcontainer.json"))
    known = {
        "name",
        "image",
        "features",
        "onCreateCommand",
        "updateContentCommand",
        "postCreateCommand",
        "postStartCommand",
    }
    known |= {"postAttachCommand", "forwardPorts", "portsAttributes", "otherPortsAttributes", "customizations"}
    known |= {"containerEnv", "remoteEnv", "remoteUser", "containerUser", "hostRequirements", "waitFor", "init"}
    assert set(made) <= known and {"name", "image"} <= set(made)
    assert all(type(port) is int and 0 < port < 65536 for port in made["forwardPorts"])
    for facts in made["portsAttributes"].values():
        assert set(facts) <= {"label", "protocol", "onAutoForward", "requireLocalPort", "elevateIfNeeded"}
        assert facts["onAutoForward"] in ("notify", "openBrowser", "openBrowserOnce", "openPreview", "silent", "ignore")
    assert set(made["customizations"]) <= {"vscode", "codespaces"}
    assert set(made["customizations"]["vscode"]) == {"extensions", "settings"}


def test_vs_code_points_at_what_is_there():
    settings = json.loads(read(".vscode/settings.json"))
    assert settings["python.defaultInterpreterPath"] == f"${{workspaceFolder}}/{runner.ENV.name}"
    paths = [word for word in settings["python.testing.pytestArgs"] if "/" in word]
    assert paths and all((ROOT / path).is_dir() for path in paths)
    files = [name for name in settings["search.exclude"] if "*" not in name]
    files += [name for name in settings["files.associations"] if "*" not in name]
    assert files and all((ROOT / name).exists() for name in files)
    limit = tomllib.loads(read("pyproject.toml"))["tool"]["ruff"]["line-length"]
    assert settings["[python]"]["editor.rulers"] == [limit]


def test_editor_and_container_ask_for_the_same_extensions():
    recommended = json.loads(read(".vscode/extensions.json"))["recommendations"]
    made = json.loads(read(".devcontainer/devcontainer.json"))
    assert made["customizations"]["vscode"]["extensions"] == recommended
    assert all(re.fullmatch(r"[\w-]+\.[\w-]+", name) for name in recommended)


def test_every_task_is_a_command_that_exists():
    tasks = json.loads(read(".vscode/tasks.json"))["tasks"]
    assert len({task["label"] for task in tasks}) == len(tasks) >= 5
    for task in tasks:
        line = " ".join([task["command"], *task["args"]])
        assert commands.ours(line), line
        assert commands.faults(line) == []
        assert task["windows"]["command"] == "py"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("python run.py biuld", "run.py has no command"),
        ("python3 run.py malibook chek", "malibook has no command 'chek'"),
        (".venv/bin/malibook build --wy", "no option --wy"),
        ("malibook data lst", "malibook has no command 'lst'"),
        ("A=1 malibook build --no-such && true", "no option --no-such"),
        ("bash .ci/ran", ".ci/ran is not there"),
    ],
)
def test_a_command_that_does_not_exist_is_found(line, told):
    assert any(told in fault for fault in commands.faults(line)), commands.faults(line)
