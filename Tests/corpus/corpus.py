"""The corpus of real stack files: where it is, which files there are, and the environment for each.

The corpus is not part of the project. $STACKFERRY_CORPUS names its folder; without it, it is looked
for beside the checkout. Python's standard library only.
"""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def folder():
    """The corpus folder, or None, with a notice, where it is absent."""
    path = Path(os.environ.get("STACKFERRY_CORPUS") or ROOT.parent / "shared" / "corpus")
    if (path / "INDEX.tsv").is_file():
        return path
    print(f"notice: no corpus at {path} (set STACKFERRY_CORPUS to its folder): skipped")
    return None


def program():
    """The stackferry program to try; ends the run where it is not there."""
    path = Path(os.environ.get("STACKFERRY") or ROOT / ".build" / "release" / "stackferry")
    if not os.access(path, os.X_OK):
        sys.exit(f"error: {path} is not there; run `make release` first, or set STACKFERRY")
    return str(path.absolute())


def stacks(corpus, *places):
    """The stack files of the corpus below the given places (`swarm`, `loader/docker__cli`, …)."""
    with open(corpus / "INDEX.tsv", encoding="utf-8", newline="") as index:
        rows = csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE)
        names = sorted({row["file"] for row in rows})
    return [
        corpus / name
        for name in names
        if name.endswith((".yml", ".yaml"))
        and any(name == place or name.startswith(place.rstrip("/") + "/") for place in places)
        and (corpus / name).is_file()
    ]


# `$$` is an escaped dollar; in braces, an operator may follow the name.
VARIABLE = re.compile(r"\$(?:\$|(\{)?([A-Za-z_][A-Za-z0-9_]*)(:?[-+?])?)")
ENV_FILE = re.compile(r"^\s*(?:-\s*)?(?:(?:env_file|path):\s*(?:-\s*)?)?\[?[\"']?([^\s\"',\]:]+)", re.M)


def variables(text):
    """The names of the variables that the text uses somewhere without giving a default."""
    names = set()
    for match in VARIABLE.finditer(text):
        brace, name, operator = match.groups()
        if name and not (brace and operator and operator.endswith(("-", "+"))):
            names.add(name)
    return names


def env_files(path, text):
    """The files beside `path` that lines under `env_file` seem to name; guessed without a YAML reader."""
    found = []
    for block in re.finditer(r"env_file:(?:[^\n]*\n)(?:\s*-[^\n]*\n|\s*(?:path|required):[^\n]*\n)*", text):
        for match in ENV_FILE.finditer(block.group()):
            file = path.parent / match.group(1)
            if file.is_file():
                found.append(file)
    return found


def environment(path, ones=True):
    """A clean environment for one file; with `ones`, each variable without default is `1`."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    if not ones:
        return clean
    text = path.read_bytes().decode("utf-8", "replace")
    names = variables(text)
    for file in env_files(path, text):
        names |= variables(file.read_bytes().decode("utf-8", "replace"))
    return {name: "1" for name in sorted(names)} | clean


def run(arguments, *, env, cwd, timeout):
    """Runs a program: (status, output, messages), where a status of None means that it hung."""
    try:
        done = subprocess.run(
            arguments, env=env, cwd=cwd, timeout=timeout, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    except subprocess.TimeoutExpired as late:
        return None, late.stdout or b"", (late.stderr or b"").decode("utf-8", "replace")
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def short(path):
    """A path as people write it: from the corpus or the checkout on."""
    for base in (Path(os.environ.get("STACKFERRY_CORPUS") or ROOT.parent / "shared" / "corpus"), ROOT):
        try:
            return str(Path(path).resolve().relative_to(base.resolve()))
        except ValueError:
            continue
    return str(path)


def folder_of(path):
    """The folder that holds all that a stack file may name: its repository, or its case in the checkout."""
    corpus = Path(os.environ.get("STACKFERRY_CORPUS") or ROOT.parent / "shared" / "corpus").resolve()
    path = Path(path).resolve()
    if corpus in path.parents:
        return corpus.joinpath(*path.relative_to(corpus).parts[:2])
    return path.parent
