"""Kills `stackferry convert` at random moments, runs many at once, and makes a rename fail.

After a kill the next run must succeed and leave exactly what the stack gives; runs at the same time must all end well; a run
that fails must leave the folder as it was. The whole takes less than a minute.
"""

import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("STACKFERRY", str(ROOT / ".build/debug/stackferry"))


def stack(services, tag):
    """A stack of these services; the tag changes the content of every manifest."""
    lines = ["services:"]
    for name in services:
        lines += [f"  {name}:", f"    image: example/{name}:{tag}", '    ports: ["80"]', "    secrets: [password]"]
    lines += ["secrets:", "  password: {file: ./password.txt}"]
    return "\n".join(lines) + "\n"


def start(folder, name, output="k"):
    command = [PROGRAM, "convert", "--quiet", "-c", f"{name}.yml", "shop", "-o", output]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(process):
    error = process.communicate(timeout=60)[1].decode(errors="replace")
    return process.returncode, error


def contents(folder):
    """All that is below a folder, with what it holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def prepare(folder):
    """Two stacks that share some services and differ in the rest, and what each of them gives."""
    (folder / "password.txt").write_text("not a password")
    shared = [f"shared{number}" for number in range(15)]
    (folder / "one.yml").write_text(stack(shared + [f"one{number}" for number in range(15)], "1"))
    (folder / "two.yml").write_text(stack(shared + [f"two{number}" for number in range(15)], "2"))
    expected = {}
    for name in ("one", "two"):
        status, error = finish(start(folder, name, f"expected-{name}"))
        if status != 0:
            sys.exit(f"error: {name}.yml does not convert:\n{error}")
        expected[name] = contents(folder / f"expected-{name}")
        # The page of the report names the folder.
        expected[name]["report.md"] = None
    return expected


def given(folder):
    found = contents(folder)
    if "report.md" in found:
        found["report.md"] = None
    return found


def same(found, expected):
    # The list holds the hash of the report, which names its folder.
    def bare(files):
        return {name: content for name, content in files.items() if name != ".stackferry-files"}

    return bare(found) == bare(expected) and found.keys() == expected.keys()


def duration(folder, name):
    begin = time.monotonic()
    finish(start(folder, name))
    return time.monotonic() - begin


def kills(folder, expected, count, rng):
    """Kills runs, half of them anywhere, half of them while they write."""
    output = folder / "k"
    output.mkdir()
    whole = max(duration(folder, name) for name in ("one", "two"))
    killed = midway = 0
    for number in range(count):
        name = ("one", "two")[number % 2]
        process = start(folder, name)
        if number % 4 < 2:
            time.sleep(rng.uniform(0, whole))
        else:
            # Not before it has begun to write.
            limit = time.monotonic() + 5
            while process.poll() is None and time.monotonic() < limit:
                if any(len(entry) == 28 and entry.startswith(".stackferry-") for entry in os.listdir(output)):
                    break
            time.sleep(rng.uniform(0, 0.004))
        process.send_signal(signal.SIGKILL)
        status, _ = finish(process)
        killed += status == -signal.SIGKILL
        state = given(output)
        midway += not any(same(state, files) for files in expected.values())
        # The next run is of the same stack, or of the other one.
        follower = rng.choice(("one", "two"))
        status, error = finish(start(folder, follower))
        if status != 0:
            sys.exit(f"error: kill {number}: the run that followed ended with {status}:\n{error}")
        if not same(given(output), expected[follower]):
            sys.exit(f"error: kill {number}: the folder is not what {follower}.yml gives: {sorted(given(output))}")
    print(f"kills: {count} runs, {killed} of them ended by the kill, {midway} of them while writing: all were followed by a good one")
    if midway == 0:
        sys.exit("error: no run was killed while it wrote")


def at_once(folder, expected, count):
    """Many runs at the same time in one folder that is not there yet."""
    for names in (["one"], ["one", "two"]):
        output = f"many-{len(names)}"
        processes = [start(folder, names[number % len(names)], output) for number in range(count)]
        failed = [error for status, error in map(finish, processes) if status != 0]
        if failed:
            sys.exit(f"error: {len(failed)} of {count} runs at once failed; the first one said:\n{failed[0]}")
        if not any(same(given(folder / output), expected[name]) for name in names):
            sys.exit(f"error: {count} runs at once left {sorted(given(folder / output))}")
    print(f"at once: {count} runs in one folder, twice: all ended well")


def failing_rename(folder, expected):
    """A file that something is mounted on cannot be replaced; then nothing is."""
    if os.geteuid() != 0:
        print("failing rename: left out, for mounting needs root")
        return
    status, error = finish(start(folder, "one", "fixed"))
    if status != 0:
        sys.exit(f"error: {error}")
    before = contents(folder / "fixed")
    # One that is replaced late.
    target = "fixed/50-deployment-shared9.yaml"
    script = f'mount --bind {target} {target} && exec "$@"'
    command = ["unshare", "-m", "sh", "-c", script, "sh", PROGRAM, "convert", "-q", "-c", "two.yml", "shop", "-o", "fixed"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if "unshare" in result.stderr or "mount:" in result.stderr:
        print(f"failing rename: left out, for nothing can be mounted here: {result.stderr.strip()}")
        return
    if result.returncode != 2 or "busy" not in result.stderr:
        sys.exit(f"error: a rename should have failed, and the run ended with {result.returncode}:\n{result.stderr}")
    if contents(folder / "fixed") != before:
        sys.exit(f"error: a rename failed, and the folder is not as it was: {sorted(contents(folder / 'fixed'))}")
    status, error = finish(start(folder, "two", "fixed"))
    if status != 0 or not same(given(folder / "fixed"), expected["two"]):
        sys.exit(f"error: the run after the failed one ended with {status}:\n{error}")
    print("failing rename: the folder stays as it was")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=30)
    parser.add_argument("--seed", type=int, default=None, help="default: a new one, which is printed")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    print(f"seed: {seed}")
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        expected = prepare(folder)
        at_once(folder, expected, options.at_once)
        failing_rename(folder, expected)
        kills(folder, expected, options.kills, rng)


if __name__ == "__main__":
    main()
