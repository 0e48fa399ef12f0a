#!/usr/bin/env python3
"""Converts every stack file of the corpus, and says what did not go as it must.

A `swarm` file must convert, or be refused with a located error where Docker refuses it too. A file
of `loader` or `compose` may be refused, with a located error. Nothing may crash, hang, end as a
fault of stackferry's own, or leave half an output behind.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import corpus as files  # noqa: E402

LOCATED = re.compile(r"^(?:\x1b\[[0-9;]*m)*[^\s:][^:\n]*:\d+:\d+: (?:\x1b\[[0-9;]*m)*error: (.*)", re.M)
# What `docker stack config` lets pass and `docker stack deploy` does not: references to what the file
# does not define, and what the engine refuses (`make test-swarm` shows that it does).
DEPLOY_TIME = re.compile(r"undefined|does not define|has no image|`docker stack deploy` refuses", re.I)


class Outcome:
    """What became of one file: `converted`, `refused` or `failed`, and why."""

    def __init__(self, file, verdict, reason="", messages=""):
        self.file, self.verdict, self.reason, self.messages = file, verdict, reason, messages


def stack_name(file, corpus):
    """`swarm/a__b/dir/stack.yml` → `swarm-a-b-dir-stack`: a legal stack name, one for each file."""
    name = str(file.relative_to(corpus).with_suffix(""))
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def left_behind(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) \
        if folder.exists() else []


def docker_refuses(file, env):
    status, _, messages = files.run(
        ["docker", "stack", "config", "-c", file.name], env=env, cwd=file.parent, timeout=20)
    return status != 0, (messages.strip().splitlines() or [""])[-1]


def convert(file, options):
    env = files.environment(file)
    name = stack_name(file, options.corpus)
    out = options.out / name
    command = [options.program, "convert", "--allow-missing", "-c", file.name, name[-40:].strip("-"),
               "-o", str(out)]
    if options.kubernetes:
        command[2:2] = ["--kubernetes", options.kubernetes]
    if options.dialect:
        command[2:2] = ["--dialect", options.dialect]
    for _ in range(2):  # once more, should the machine have been busy
        status, _, messages = files.run(command, env=env, cwd=file.parent, timeout=options.timeout)
        if status is not None:
            break
        shutil.rmtree(out, ignore_errors=True)

    def failed(reason):
        return Outcome(file, "failed", reason, messages)

    if status is None:
        return failed(f"did not end within {options.timeout:g} s")
    if status < 0:
        return failed(f"was ended by signal {-status}")
    located = LOCATED.findall(messages)
    if status == 0:
        written = left_behind(out)
        if not any(path.endswith("report.md") for path in written):
            return failed("exit status 0, but there is no report.md")
        if not any(path.endswith((".yaml", ".json")) for path in written):
            return failed("exit status 0, but there are no manifests")
        if any(path.endswith((".tmp", "~")) for path in written):
            return failed("left temporary files behind")
        return Outcome(file, "converted", messages=messages)
    if left_behind(out):
        return failed(f"exit status {status}, but files were written: {', '.join(left_behind(out)[:3])}")
    if status != 2:
        return failed(f"exit status {status}")
    if not located and file.read_bytes().strip():
        return failed("refused, but no error has a file:line:column")
    if file.relative_to(options.corpus).parts[0] != "swarm":
        return Outcome(file, "refused", messages=messages)
    if options.docker:
        refused, why = docker_refuses(file, env)
        if refused:
            return Outcome(file, "refused", f"as Docker does: {why}", messages)
    if located and all(DEPLOY_TIME.search(message) for message in located):
        return Outcome(file, "refused", f"as Docker does at deploy: {located[0]}", messages)
    if not options.docker:
        return Outcome(file, "refused", f"(no docker client to compare with): {located[0]}", messages)
    return failed(f"refused, and Docker accepts it: {located[0] if located else messages.strip()[:200]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("places", nargs="*", default=["swarm", "loader", "compose"],
                        help="folders or files of the corpus (default: swarm loader compose)")
    parser.add_argument("--keep", metavar="DIR", help="keep the manifests there; what it held is removed")
    parser.add_argument("--timeout", type=float, default=2, help="seconds until a run counts as hung (2)")
    parser.add_argument("--kubernetes", help="handed on to stackferry")
    parser.add_argument("--dialect", help="handed on to stackferry")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--list", action="store_true", help="print every file with its outcome")
    parser.add_argument("--summary", action="store_true", help="the figures only; the exit status is 0")
    options = parser.parse_args()

    options.corpus = files.folder()
    if options.corpus is None:
        return 0
    options.program = files.program()
    options.docker = shutil.which("docker") is not None
    if options.keep:
        options.out = Path(options.keep).resolve()
        shutil.rmtree(options.out, ignore_errors=True)
        options.out.mkdir(parents=True)
    else:
        options.out = Path(tempfile.mkdtemp(prefix="stackferry-corpus-"))

    bad = 0
    try:
        for place in options.places:
            stacks = files.stacks(options.corpus, place)
            with ThreadPoolExecutor(options.jobs) as pool:
                outcomes = list(pool.map(lambda file: convert(file, options), stacks))
            count = {verdict: sum(outcome.verdict == verdict for outcome in outcomes)
                     for verdict in ("converted", "refused", "failed")}
            bad += count["failed"]
            like = " (as Docker)" if place.startswith("swarm") else ""
            print(f"{place}: converted {count['converted']}, refused {count['refused']}{like}, "
                  f"failed {count['failed']}")
            for outcome in outcomes:
                if options.summary or not (options.list or outcome.verdict == "failed" or outcome.reason):
                    continue
                print(f"  {outcome.verdict}: {files.short(outcome.file)}"
                      + (f"\n    {outcome.reason}" if outcome.reason else ""))
                if outcome.verdict == "failed":
                    for line in outcome.messages.strip().splitlines()[:6]:
                        print(f"    | {line}")
    finally:
        if not options.keep:
            shutil.rmtree(options.out, ignore_errors=True)
    return 1 if bad and not options.summary else 0


if __name__ == "__main__":
    sys.exit(main())
