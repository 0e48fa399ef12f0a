#!/usr/bin/env python3
"""Measures speed and memory of the released program, as ratios that hold on any machine.

The runs of what is compared alternate (A B A B …), and the median counts. It measures; it never
fails a build. docs/performance.md tells what the figures mean.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "corpus"))
import corpus as files  # noqa: E402

HERE = Path(__file__).resolve().parent
WORK = files.ROOT / ".build-bench"
SIZES = (10, 1000, 10000)
# Megabytes of an image archive, and Dockerfiles in a folder.
ARCHIVES = (100, 1000)
DOCKERFILES = (100, 1000)
# The same work with the system's programs: all layers unpacked, all their files listed.
LISTING = ("tar -xOf {0} --wildcards 'packed*' | gzip -dc | tar -ti; "
           "tar -xOf {0} --wildcards 'plain*' | tar -ti")


def build():
    """Builds what stackferry is compared with, where the sources are newer."""
    WORK.mkdir(exist_ok=True)
    compiler = shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        sys.exit("error: the comparison programs want a C compiler (cc or clang)")
    package = subprocess.run(["pkg-config", "--cflags", "--libs", "yaml-0.1"],
                             capture_output=True, text=True, check=True).stdout.split()
    recipes = {
        "measure": [[compiler, "-O2", HERE / "measure.c"]],
        "yamlpass": [[compiler, "-O2", "-static", HERE / "yamlpass.c", *package],
                     [compiler, "-O2", HERE / "yamlpass.c", *package]],
        "empty": [["swiftc", "-O", "-static-executable", HERE / "empty.swift"],
                  ["swiftc", "-O", "-static-stdlib", HERE / "empty.swift"]],
    }
    for name, attempts in recipes.items():
        target = WORK / name
        source = next(part for part in attempts[0] if isinstance(part, Path))
        if target.exists() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        for attempt in attempts:
            done = subprocess.run([*attempt, "-o", target], capture_output=True, text=True, check=False)
            if done.returncode == 0:
                break
        else:
            sys.exit(f"error: {name} does not build:\n{done.stderr}")
    for size in SIZES:
        with open(WORK / f"{size}.yml", "wb") as output:
            subprocess.run([sys.executable, HERE / "generate.py", str(size)], stdout=output, check=True)
    for size in ARCHIVES:
        archive = WORK / f"{size}.tar"
        if not archive.exists():
            subprocess.run([sys.executable, HERE / "archive.py", str(size), archive], check=True)
    for count in DOCKERFILES:
        subprocess.run([sys.executable, HERE / "dockerfiles.py", str(count), WORK / f"dockerfiles-{count}"],
                       check=True)


class Series:
    """The runs of one command: seconds and peak bytes of each."""

    def __init__(self, name, command):
        self.name, self.command = name, [str(part) for part in command]
        self.seconds, self.bytes, self.failed = [], [], None

    def run(self):
        answer = subprocess.run([WORK / "measure", *self.command], cwd=WORK,
                                capture_output=True, text=True, check=True).stdout.split()
        nanoseconds, kibibytes, status = map(int, answer)
        if status:
            self.failed = status
        self.seconds.append(nanoseconds / 1e9)
        self.bytes.append(kibibytes * 1024)

    @property
    def time(self):
        return statistics.median(self.seconds)

    @property
    def memory(self):
        return max(self.bytes)

    def line(self):
        note = f"  (exit status {self.failed})" if self.failed else ""
        return (f"  {self.name:<34} {self.time * 1000:10.2f} ms  (fastest {min(self.seconds) * 1000:.2f})"
                f"  {self.memory / 2**20:8.1f} MiB{note}")


def alternate(runs, *series):
    """Runs the series in turn, once unmeasured to warm the caches."""
    for one in series:
        subprocess.run([WORK / "measure", *one.command], cwd=WORK, stdout=subprocess.DEVNULL, check=True)
    for _ in range(runs):
        for one in series:
            one.run()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="runs of each large measurement (7)")
    parser.add_argument("--small-runs", type=int, default=101, help="runs of each small one (101)")
    options = parser.parse_args()
    program = files.program()
    build()

    def convert(size):
        return Series(f"stackferry, {size:,} services",
                      [program, "convert", "-c", WORK / f"{size}.yml", "bench", "-o", "-"])

    ten, thousand, myriad = map(convert, SIZES)
    empty = Series("empty static Swift program", [WORK / "empty"])
    bare = Series("bare libyaml pass, 10,000 services", [WORK / "yamlpass", WORK / "10000.yml"])
    docker = Series("docker stack config, 10 services",
                    ["docker", "stack", "config", "-c", WORK / "10.yml"])
    docker_large = Series("docker stack config, 1,000 services",
                          ["docker", "stack", "config", "-c", WORK / "1000.yml"])
    with_docker = shutil.which("docker") is not None
    hundred, thousands = (Series(f"audit of {count:,} Dockerfiles",
                                 [program, "audit", "--quiet", "--fail-on", "none", WORK / f"dockerfiles-{count}"])
                          for count in DOCKERFILES)
    reading = Series("reading 1,000 Dockerfiles (cat)",
                     ["sh", "-c", f"cat {WORK}/dockerfiles-{DOCKERFILES[-1]}/*/Dockerfile"])
    small, large = (Series(f"audit of an archive of {size:,} MB",
                           [program, "audit", "--quiet", "--image", WORK / f"{size}.tar"]) for size in ARCHIVES)
    listing = Series("gzip and tar over 1,000 MB", ["sh", "-c", LISTING.format(WORK / f"{ARCHIVES[-1]}.tar")])

    alternate(options.small_runs, ten, empty)
    if with_docker:
        alternate(max(options.small_runs // 5, 3), docker)
    alternate(options.runs, thousand, myriad, bare)
    alternate(options.runs, hundred, thousands, reading)
    alternate(max(options.runs // 2, 1), small, large, listing)
    if with_docker:
        alternate(3, docker_large)

    size = os.path.getsize(WORK / "10000.yml")
    print(f"input: {os.path.getsize(WORK / '10.yml'):,}, {os.path.getsize(WORK / '1000.yml'):,} "
          f"and {size:,} bytes; median of {options.small_runs} small and {options.runs} large runs")
    audits = (hundred, thousands, reading, small, large, listing)
    for series in (ten, empty, thousand, myriad, bare) + audits + ((docker, docker_large) if with_docker else ()):
        print(series.line())
    print()
    ratios = [
        ("10 services / empty static program", ten.time / empty.time, 3),
        ("10,000 services / 1,000 services", myriad.time / thousand.time, 11),
        ("10,000 services / bare libyaml pass", myriad.time / bare.time, 3),
        ("peak memory of 10,000 / input size", myriad.memory / size, 25),
        ("1,000 Dockerfiles / 100 Dockerfiles", thousands.time / hundred.time, 11),
        ("archive of 1,000 MB / gzip and tar", large.time / listing.time, 1),
        ("peak memory of 1,000 MB / of 100 MB", large.memory / small.memory, 1.2),
    ]
    for name, ratio, wanted in ratios:
        print(f"  {name:<40} {ratio:7.2f}   wanted: at most {wanted:<3} {'yes' if ratio <= wanted else 'NO'}")
    print(f"  {'1,000 Dockerfiles / reading them':<40} {thousands.time / reading.time:7.2f}")
    if with_docker:
        print(f"  {'10 services / docker stack config':<40} {ten.time / docker.time:7.2f}")
        print(f"  {'1,000 services / docker stack config':<40} {thousand.time / docker_large.time:7.2f}")
    else:
        print("  notice: no docker client on the PATH: not compared with it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
