#!/usr/bin/env python3
"""Compares `stackferry config` with `docker stack config` on thousands of small generated stacks.

Each probe puts a few keys, in any of their forms or in none, into one file or into two or three that
are merged. The same seed makes the same probes. A difference is printed with its files, so that it
can be pasted into a test. A key that Docker refuses because of the file's version may be taken with
the warning that it needs a later one.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "corpus"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import corpus as files  # noqa: E402
import pools  # noqa: E402
from compare import Loader, Twice, differences, plain  # noqa: E402

TOP = ("networks: {front: , back: {internal: true}}\nvolumes: {data: }\n"
       "secrets: {one: {external: true}, two: {file: ./two}}\nconfigs: {one: {external: true}, two: {file: ./two}}\n")


def flow(name, keys, pick):
    """`name: {…}` of some of the keys of a mapping."""
    chosen = pick.sample(sorted(keys), pick.randint(0, min(3, len(keys))))
    # Blocks cannot stand between braces.
    values = {key: pick.choice([value for value in keys[key] if "\n" not in value]) for key in chosen}
    return name + ": {" + ", ".join(f"{key}: {value}" for key, value in values.items()) + "}"


def service_key(pick):
    """One key of a service with a value, as a line or a block."""
    structure = pick.random()
    if structure < 0.35:
        nested = pick.choice(["deploy", "deploy", "update_config", "rollback_config", "restart_policy", "limits", "reservations",
                              "placement", "healthcheck", "build", "credential_spec"])
        if nested == "deploy":
            return flow("deploy", pools.DEPLOY, pick)
        if nested in ("healthcheck", "build", "credential_spec"):
            return flow(nested, pools.FLOWMAP[nested], pick)
        inner = flow(nested, pools.FLOWMAP["update_config" if nested == "rollback_config" else nested], pick)
        return f"deploy: {{resources: {{{inner}}}}}" if nested in ("limits", "reservations") else f"deploy: {{{inner}}}"
    key = pick.choice(sorted(pools.SERVICE))
    pool = pools.SERVICE[key]
    if key in pools.LISTS:
        items = [pick.choice([value for value in pool if "\n" not in value]) for _ in range(pick.choice([1, 1, 1, 2, 3]))]
        return f"{key}: [{', '.join(items)}]"
    value = pick.choice(pool)
    # Most pools have more wrong values than right ones; a text with a variable fits many places.
    if pick.random() < 0.08:
        value = '"' + pick.choice(pools.TEMPLATES) + '"'
    return f"{key}: {value}"


def indented(line, by):
    return "\n".join((" " * by + part if part.strip() else part) for part in line.rstrip("\n").split("\n")) + "\n"


def service(pick, count):
    """The keys of a service, each key once."""
    lines = {"image": "image: a"} if pick.random() < 0.7 else {}
    for _ in range(count):
        line = service_key(pick)
        lines[line.split(":")[0]] = line
    return "".join(indented(line, 4) for line in lines.values())


def stack(pick, count):
    return "services:\n  web:\n" + (service(pick, count) or "    {}\n") + TOP


def sections(pick):
    name = pick.choice(sorted(pools.SECTIONS))
    keys = dict(pools.SECTIONS[name])
    lines = [f"{key}: {pick.choice([value for value in keys[key] if key[0] == 'x' or chr(10) not in value])}"
             for key in pick.sample(sorted(keys), pick.randint(1, 3))]
    if name == "networks" and pick.random() < 0.3:
        lines.append(flow("ipam", pools.FLOWMAP["ipam"], pick))
    return f"{name}:\n  it:\n" + "".join(indented(line, 4) for line in lines)


def scalars(pick):
    """Scalars where they are printed as they were typed, and where they become texts."""
    values = [pick.choice(pools.SCALARS) for _ in range(3)]
    return "".join(f"x-{index}: {value}\n".replace("\n   ", "\n  ") for index, value in enumerate(values))


def templates(pick):
    text = "".join(pick.choice(pools.TEMPLATES) for _ in range(pick.choice([1, 1, 2, 3])))
    place = pick.choice(["image: {}", "labels: {{a: {}}}", "environment: [A={}]", "command: {}", "deploy: {{replicas: {}}}", "tty: {}",
                         "ports: [{}]", "x-a: {}", "volumes: [{}:/b]", "deploy: {{resources: {{limits: {{memory: {}}}}}}}"])
    quoted = '"' + text + '"' if "A=" not in place and "/b" not in place else text
    if place.startswith(("environment", "volumes")):
        quoted = text.replace(",", "").replace("]", "").replace("}", "}")
        place = place.replace("[", "['").replace("]", "']")
    return "services:\n  web:\n    " + place.format(quoted) + "\n"


def versions(pick):
    version = pick.choice(["3"] + [f"3.{minor}" for minor in range(14)])
    return f"version: '{version}'\n" + (stack(pick, pick.randint(1, 3)) if pick.random() < 0.7 else sections(pick))


def probe(number, seed):
    """The files of a probe: {name: text}, and those that are given with -c."""
    pick = random.Random(f"{seed}/{number}")
    texts = {name: "\n".join(pick.choice(pools.ENV_LINES) for _ in range(pick.randint(0, 4))) + pick.choice(["", "\n"])
             for name in ("a.env", "b.env")}
    if number < len(pools.DOCUMENTS):
        return texts | {"0.yml": pools.DOCUMENTS[number]}, 1
    kind = pick.random()
    if kind < 0.28:
        made = [stack(pick, pick.choice([1, 1, 1, 2, 3]))]
    elif kind < 0.40:
        made = [sections(pick)]
    elif kind < 0.52:
        made = [scalars(pick)]
    elif kind < 0.64:
        made = [templates(pick)]
    elif kind < 0.70:
        made = [versions(pick)]
    elif kind < 0.76:
        made = ["services:\n  web:\n    image: a\n    " + pick.choice(["env_file: a.env", "env_file: [a.env, b.env]"]) + "\n"
                + ("    environment: " + pick.choice(pools.PAIRS) + "\n" if pick.random() < 0.5 else "")]
    elif kind < 0.80:
        made = [pick.choice(pools.DOCUMENTS), pick.choice(pools.DOCUMENTS)]
    else:
        keys = pick.sample(sorted(pools.MERGES), pick.randint(1, 3))
        top = pick.sample(sorted(pools.TOP_MERGES), pick.choice([0, 0, 1, 2]))
        made = []
        for _ in range(pick.choice([2, 2, 2, 3])):
            lines = [f"    {key}: {pick.choice(pools.MERGES[key])}\n" for key in keys if pick.random() < 0.85]
            made.append(f"services:\n  {pick.choice(['web', 'web', 'web', 'db'])}:\n" + ("".join(lines) or "    {}\n")
                        + "".join(f"{key}: {pick.choice(pools.TOP_MERGES[key])}\n" for key in top))
    return texts | {f"{index}.yml": text for index, text in enumerate(made)}, len(made)


def run(job):
    """(number, verdict, lines, texts) of one probe."""
    number, seed, program, folder = job
    texts, count = probe(number, seed)
    place = Path(folder) / str(number)
    place.mkdir()
    for name, text in texts.items():
        (place / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    env = {"PATH": os.environ["PATH"], "HOME": "/home/me"} | pools.ENVIRONMENT
    arguments = [part for index in range(count) for part in ("-c", f"{index}.yml")]
    docker, expected, why = files.run(["docker", "stack", "config"] + arguments, env=env, cwd=place, timeout=20)
    ours, actual, messages = files.run([program, "config"] + arguments, env=env, cwd=place, timeout=20)
    shutil.rmtree(place)
    shown = [f"{name}: {text!r}" for name, text in texts.items() if name[0].isdigit() or "env_file" in str(texts)]
    why = (why.strip().splitlines() or [""])[-1]
    if ours not in (0, 2):
        return number, "different", [f"stackferry: exit status {ours}"] + messages.splitlines()[:4] + shown
    if docker != 0:
        if ours != 0 or "needs version" in messages:
            return number, "alike", []
        if "panic" in why or "goroutine" in why:
            return number, "alike", []
        return number, "different", [f"only docker refuses it: {why}"] + shown
    if ours != 0:
        return number, "different", ["only stackferry refuses it:"] + messages.splitlines()[:3] + shown
    try:
        documents = [plain(yaml.compose(text, Loader=Loader)) for text in (expected, actual)]
    except (yaml.YAMLError, Twice, UnicodeDecodeError) as error:
        if expected == actual:
            return number, "equal", []
        return number, "different", [f"the output cannot be read: {error!s:.200}".replace("\n", " ")] + shown
    lines = differences(*documents)
    return number, "different" if lines else "equal", lines + (shown if lines else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--count", type=int, default=1500, help="number of probes (1500)")
    parser.add_argument("--seconds", type=float, default=90, help="stop after this time, and say so (90)")
    parser.add_argument("--from", dest="first", type=int, default=0, help="number of the first probe")
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 2) + 1)
    options = parser.parse_args()
    if shutil.which("docker") is None:
        print("notice: no docker client on the PATH: nothing to compare with, skipped")
        return 0
    program = files.program()
    end = time.monotonic() + options.seconds
    count = {"equal": 0, "alike": 0, "different": 0}
    with tempfile.TemporaryDirectory(prefix="stackferry-probes-") as folder, ThreadPoolExecutor(options.jobs) as pool:
        for start in range(options.first, options.first + options.count, 60):
            if time.monotonic() > end:
                break
            numbers = range(start, min(start + 60, options.first + options.count))
            for number, verdict, lines, in pool.map(run, [(n, options.seed, program, folder) for n in numbers]):
                count[verdict] += 1
                if verdict == "different":
                    print(f"probe {number} of seed {options.seed}:")
                    for line in lines:
                        print(f"  {line}")
    done = sum(count.values())
    late = "" if done == options.count else f", {options.count - done} left out for lack of time"
    print(f"probes (seed {options.seed}): equal {count['equal']} of {count['equal'] + count['different']}, "
          f"refused alike {count['alike']}{late}")
    return 1 if count["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
