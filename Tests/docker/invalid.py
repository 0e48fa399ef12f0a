#!/usr/bin/env python3
"""Checks the broken stacks in testdata/invalid: each is refused, at the place where it is broken.

`stackferry validate` must end with status 2 and print an error for every place that NAME.expected
lists; testdata/invalid/README.md explains the form. Where there is a docker client, it must refuse
the file too, or the test data would be wrong.
"""

import argparse
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "corpus"))
import corpus as files  # noqa: E402

FOLDER = files.ROOT / "testdata" / "invalid"
ERROR = re.compile(r"^[^\s:][^:\n]*:(\d+):(\d+): (error|warning|note): ")


def expectations(file):
    """(at deploy only, [(line, column, fragment)]) of a broken stack."""
    text = file.with_suffix(".expected").read_text("utf-8")
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            row, column, fragment = line.split(":", 2)
            found.append((int(row), int(column), fragment.strip()))
    return text.startswith("#"), found


def errors(messages):
    """The errors of a run, each with all its lines: {(line, column): [text]}."""
    found, current = {}, None
    for line in messages.splitlines():
        match = ERROR.match(line)
        if match and match.group(3) == "error":
            current = found.setdefault((int(match.group(1)), int(match.group(2))), [])
            current.append(line)
        elif match and match.group(3) == "warning":
            current = None
        elif current:
            current[-1] += "\n" + line
    return found


def check(file, program, docker):
    """(problems, number of errors beyond those expected) of one broken stack."""
    at_deploy, expected = expectations(file)
    env = files.environment(file, ones=False)
    problems = []
    status, _, messages = files.run(
        [program, "validate", "-c", file.name, "broken"], env=env, cwd=FOLDER, timeout=10)
    if status != 2:
        outcome = "it hung" if status is None else f"exit status {status}"
        problems.append(f"stackferry validate: {outcome}, not 2")
    got = errors(messages)
    for line, column, fragment in expected:
        texts = got.get((line, column), [])
        if not any(fragment.lower() in text.lower() for text in texts):
            problems.append(f"no error at {line}:{column} mentions '{fragment}'")
    if problems:
        problems += [f"  | {line}" for line in messages.splitlines()[:12]]
    if docker:
        refused, _, why = files.run(
            ["docker", "stack", "config", "-c", file.name], env=env, cwd=FOLDER, timeout=20)
        if (refused == 0) != at_deploy:
            problems.append("docker stack config " + (
                "accepts it" if refused == 0 else f"refuses it: {why.strip()[-200:]}"))
    return problems, len(set(got) - {(line, column) for line, column, _ in expected})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these (`unknown-key-deploy`)")
    parser.add_argument("--extra", action="store_true", help="also name files with errors beyond the expected")
    options = parser.parse_args()
    program = files.program()
    docker = shutil.which("docker") is not None
    if not docker:
        print("notice: no docker client on the PATH: the test data is not checked against it")
    broken = [file for file in sorted(FOLDER.glob("*.yml"))
              if not options.names or file.stem in options.names]
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda file: check(file, program, docker), broken))
    bad = 0
    for file, (problems, extra) in zip(broken, results):
        bad += bool(problems)
        if problems:
            print(f"testdata/invalid/{file.name}:")
        for problem in problems:
            print(f"  {problem}")
        if options.extra and extra:
            print(f"testdata/invalid/{file.name}: {extra} more errors than expected")
    print(f"testdata/invalid: refused at the right place {len(broken) - bad} of {len(broken)}")
    return 1 if bad or not broken else 0


if __name__ == "__main__":
    sys.exit(main())
