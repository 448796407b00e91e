"""Commands of ours in files that cannot be run here (workflows, launch files, instructions): do they exist, with these options?"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import typer

import run as runner
from malibook.cli import app

ROOT = Path(__file__).resolve().parents[1]
ROOT_COMMAND = typer.main.get_command(app)
PYTHONS = ("python", "python3", "py")
TAKES_ANYTHING = ("run",)  # its options are a chapter's parameters


def faults(text: str) -> list[str]:
    """Return what is wrong with the commands of ours in a piece of shell; empty where all exist."""
    found = []
    for words in ours(text):
        found += _of_runner(words[1:]) if words[0] == "run.py" else _of_malibook(words[1:])
    return [f"{fault} in {' '.join(text.split())!r}" for fault in found] + _missing_files(text)


def ours(text: str) -> list[list[str]]:
    """Return the commands of ours in a piece of shell, each as its words from `run.py` or `malibook` on."""
    found = []
    for line in re.split(r"\n|&&|\|\||;|\|", text.replace("\\\n", " ")):
        words = _words(re.sub(r"\$\{\{.*?\}\}|\$\([^)]*\)", "VALUE", line))
        while words and re.fullmatch(r"[A-Z_]+=.*|if|then|!", words[0]):
            words = words[1:]
        if words[:1] and Path(words[0]).name in PYTHONS and words[1:2] == ["run.py"]:
            found.append(words[1:])
        elif words[:1] and Path(words[0]).name == "malibook":
            found.append(["malibook", *words[1:]])
    return found


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:  # a quotation that goes on behind one of the marks that divide commands: no command of ours
        return line.split()


def _of_runner(words: list[str]) -> list[str]:
    if not words or words[0] not in runner.TASKS:
        return [f"run.py has no command {words[:1]}"]
    return _of_malibook(words[1:]) if words[0] == "malibook" else []


def _of_malibook(words: list[str]) -> list[str]:
    command = ROOT_COMMAND
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return [f"malibook has no command {words[0]!r}"]
        command, words = command.commands[words[0]], words[1:]
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
    given = {word.partition("=")[0] for word in words if word.startswith("--")}
    return (
        [] if command.name in TAKES_ANYTHING else [f"{command.name} has no option {o}" for o in sorted(given - known)]
    )


def _missing_files(text: str) -> list[str]:
    named = re.findall(r"(?:bash|sh) (\S+)|pip install.* -r (\S+)", text)
    paths = [a or b for a, b in named]
    return [f"{path} is not there" for path in paths if not path.startswith("-") and not (ROOT / path).exists()]
