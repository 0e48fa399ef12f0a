"""Deploying real stack files to the test engine, with what they need around them.

A stack is deployed from a copy of its folder, in which files that it names and that are not there are
made up. External networks, secrets and configs are made up, too. `docker stack config` says what there is
to make up, so that nothing here depends on the program that is tested.
"""

import os
import re
import shutil
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "corpus"))
import corpus as files  # noqa: E402

STUB = "made up for the test\n"
PREDEFINED = ("host", "none", "bridge", "default")
# The client's words for a file that is not there.
MISSING = re.compile(r"open (/[^:]+): no such file or directory")


# More tasks than an engine bears to make.
TOO_MANY = re.compile(r"replicas: *[0-9]{5,}")


def is_deployable(file):
    """Whether a fixture's file is a stack of its own, for Swarm, that an engine can hold."""
    if not file.name.startswith("stack") or re.fullmatch(r"stack\.[0-9]+\.yml", file.name):
        return False
    options = file.parent / "options.txt"
    if options.is_file() and "--dialect compose" in options.read_text():
        return False
    if TOO_MANY.search(file.read_text(errors="replace")):
        print(f"{files.short(file)}: not deployed: it asks for more tasks than an engine bears")
        return False
    return True


def find(testdata=True):
    """The stack files of the corpus and of the checkout."""
    corpus = files.folder()
    found = files.stacks(corpus, "swarm") if corpus else []
    if testdata:
        folder = files.ROOT / "testdata"
        found += sorted(
            file for part in ("features", "stacks") for file in (folder / part).rglob("*.y*ml")
            if is_deployable(file))
        found += sorted((Path(__file__).parent / "stacks").glob("*.yml"))
    return found


def name(file):
    """A short name for a stack, different for each file."""
    text = re.sub(r"[^a-z0-9]+", "-", files.short(file).lower())
    return f"s{sum(ord(c) * 31 ** (i % 5) for i, c in enumerate(text)) % 100000}-{text[-30:].strip('-')}"


class Stack:
    """A stack file in a folder of its own."""

    def __init__(self, engine, file, scratch):
        self.engine, self.original, self.name = engine, file, name(file)
        # What lies above the file may be named, too (`../config`): the whole repository is copied.
        base = files.folder_of(file)
        self.folder = scratch / self.name
        shutil.copytree(base, self.folder, symlinks=True)
        self.file = self.folder / file.relative_to(base)
        self.env = {
            key: value for key, value in files.environment(file).items() if key not in ("HOME",)}
        self.arguments = ["-c", self.file.name]
        self.config, self.made_up = None, []
        base_file = self.file.parent / "docker-compose.yml"
        if "image:" not in self.file.read_text(errors="replace") and base_file.is_file():
            # What only changes another file (`docker-compose.aws.yml`) is deployed on top of it.
            self.arguments = ["-c", base_file.name, *self.arguments]
            self.env = files.environment(base_file) | self.env
            self.env.pop("HOME", None)

    def docker(self, *arguments, **options):
        return self.engine.docker(*arguments, cwd=self.file.parent, env=self.env, **options)

    def make_up(self, path):
        """Makes a file, if it lies inside the copy."""
        path = Path(os.path.normpath(path))
        if self.folder not in path.parents or path.exists():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STUB if path.suffix != ".env" else "")
        return True

    def prepare(self):
        """Makes up all that the file needs; the reason why the client does not read it, or None."""
        for _ in range(40):
            done = self.docker("stack", "config", *self.arguments, check=False)
            if done.returncode == 0:
                break
            missing = MISSING.search(done.stderr)
            if not missing or not self.make_env_file(Path(missing.group(1))):
                return last_line(done.stderr)
        self.config = yaml.safe_load(done.stdout)
        for kind in ("secrets", "configs"):
            for entry in (self.config.get(kind) or {}).values():
                entry = entry or {}
                if not entry.get("external") and entry.get("file"):
                    self.make_up(entry["file"])
                elif entry.get("external"):
                    self.make_up_object(kind[:-1], entry["name"], "-")
        for entry in (self.config.get("networks") or {}).values():
            if entry and entry.get("external") and entry["name"] not in PREDEFINED:
                self.make_up_object("network", entry["name"], driver="overlay")
        return None

    def make_up_object(self, kind, name, *arguments, driver=None):
        """Makes an external network, secret or config, and notes it for `remove`."""
        options = ["--driver", driver] if driver else []
        done = self.engine.docker(
            kind, "create", *options, name, *arguments, text=None if driver else STUB, check=False)
        if done.returncode == 0:
            self.made_up.append((kind, name))

    def make_env_file(self, path):
        if self.folder not in path.parents or path.exists():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        return True

    def deploy(self):
        """Deploys the stack; the engine's reason why it cannot be, or None."""
        reason = self.prepare()
        if reason:
            return reason
        done = self.docker(
            "stack", "deploy", "--detach=true", "--resolve-image", "never", *self.arguments, self.name,
            check=False)
        return last_line(done.stderr) if done.returncode else None

    def remove(self):
        """Removes the stack; its networks stay a moment longer, as their tasks do."""
        self.docker("stack", "rm", "--detach=true", self.name, check=False)
        for kind, name in self.made_up:
            self.engine.wait(
                lambda kind=kind, name=name:
                    self.engine.docker(kind, "rm", name, check=False).returncode == 0,
                20, f"{kind} {name} to go")
        shutil.rmtree(self.folder, ignore_errors=True)


def last_line(text):
    return (text.strip().splitlines() or ["(no reason given)"])[-1]
