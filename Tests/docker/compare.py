#!/usr/bin/env python3
"""Compares `stackferry config` with `docker stack config`, file by file.

Both run with the same environment. The documents must be equal but for the order of keys: a scalar
is its type and its value, so `80` differs from `"80"`, while `a` and `"a"` are the same. What Docker
refuses must be refused. The docker client needs no engine for this; without a client, nothing is
compared.
"""

import argparse
import os
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "corpus"))
import corpus as files  # noqa: E402


class Loader(yaml.loader.BaseLoader):
    """Reads scalars as YAML's core schema types them; plain 1.1 booleans are booleans too."""


for tag, pattern, first in [
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF", "tTfFyYnNoO"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)"
              r"|\.(?:nan|NaN|NAN)", "-+.0123456789"),
]:
    Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"),
        [c if c != "\0" else "" for c in first])


def scalar(node):
    """(type, value) of a scalar: numbers by their value, so that `1e3` and `1000.0` are the same float."""
    kind = node.tag.rpartition(":")[2]
    text = node.value
    if kind == "null":
        return (kind, "")
    if kind == "bool":
        return (kind, str(text.lower() in ("true", "yes", "on")).lower())
    if kind == "int":
        return (kind, str(int(text, 0) if re.match(r"0[ox]", text) else int(text)))
    if kind == "float":
        # Go takes what 64 bits cannot hold for a text.
        if "inf" not in text.lower() and float(text) in (float("inf"), float("-inf")):
            return ("str", text)
        return (kind, repr(float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))))
    return (kind, text)


class Twice(Exception):
    """A key stands twice in one mapping."""


def plain(node, path=""):
    """A node as nested dicts and lists of scalars."""
    if isinstance(node, yaml.MappingNode):
        result = {}
        for key, value in node.value:
            name = scalar(key) if isinstance(key, yaml.ScalarNode) else ("complex", str(plain(key)))
            if name in result:
                raise Twice(f"{path}.{name[1]}")
            result[name] = plain(value, f"{path}.{name[1]}")
        return result
    if isinstance(node, yaml.SequenceNode):
        return [plain(item, f"{path}[{index}]") for index, item in enumerate(node.value)]
    return scalar(node) if node is not None else ("null", "")


def flow(value):
    """A value in one line, as YAML's flow style has it."""
    if isinstance(value, tuple):
        kind, text = value
        return {"str": f'"{text}"', "null": "null"}.get(kind, text)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key[1]}: {flow(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(flow, value)) + "]"


def show(value):
    text = flow(value).replace("\n", "\\n")
    return text if len(text) <= 160 else text[:157] + "..."


def differences(docker, ours, path=""):
    """Every difference, as lines `key.path: docker … / stackferry …`."""
    if isinstance(docker, dict) and isinstance(ours, dict):
        lines = []
        for key in list(docker) + [key for key in ours if key not in docker]:
            place = f"{path}.{key[1]}" if path else key[1]
            if key not in ours:
                lines.append(f"{place}: only docker has it: {show(docker[key])}")
            elif key not in docker:
                lines.append(f"{place}: only stackferry has it: {show(ours[key])}")
            else:
                lines += differences(docker[key], ours[key], place)
        return lines
    if isinstance(docker, list) and isinstance(ours, list):
        lines = []
        for index in range(max(len(docker), len(ours))):
            place = f"{path}[{index}]"
            if index >= len(ours):
                lines.append(f"{place}: only docker has it: {show(docker[index])}")
            elif index >= len(docker):
                lines.append(f"{place}: only stackferry has it: {show(ours[index])}")
            else:
                lines += differences(docker[index], ours[index], place)
        return lines
    return [] if docker == ours else [f"{path or '(the document)'}: docker {show(docker)}, stackferry {show(ours)}"]


def compare(job):
    """(file, verdict, lines): `equal`, `alike` (both refuse) or `different`."""
    file, ones, program, timeout = job
    env = files.environment(file, ones=ones)
    results = []
    for command in (["docker", "stack", "config"], [program, "config"]):
        results.append(files.run(
            command + ["-c", file.name], env=env, cwd=file.parent, timeout=timeout))
    (docker, expected, why), (ours, actual, messages) = results
    if docker is None:
        return file, "different", ["docker did not end: nothing to compare with"]
    if ours is None or ours < 0 or ours not in (0, 2):
        return file, "different", [f"stackferry: exit status {ours}"] + messages.strip().splitlines()[:4]
    why = why.strip().splitlines()[-1:] or [""]
    if docker != 0:
        if ours != 0:
            return file, "alike", [f"docker: {why[0]}"] + [
                f"stackferry: {line}" for line in messages.splitlines() if "error:" in line][:3]
        return file, "different", [f"only docker refuses it: {why[0]}"]
    if ours != 0:
        return file, "different", ["only stackferry refuses it:"] + messages.strip().splitlines()[:4]
    try:
        documents = [plain(yaml.compose(text, Loader=Loader)) for text in (expected, actual)]
    except (yaml.YAMLError, Twice) as error:
        return file, "different", [f"the output cannot be read: {error!s:.300}".replace("\n", " ")]
    lines = differences(*documents)
    return file, "different" if lines else "equal", lines


def find(places):
    """The stack files of the places: folders of the corpus, or folders or files of the checkout."""
    corpus, found = None, []
    for place in places:
        path = files.ROOT / place
        if path.is_file():
            found.append(path)
        elif path.is_dir():
            found += sorted(file for file in path.rglob("*.y*ml")
                            if file.name.startswith("stack") and "invalid" not in file.parts)
        else:
            corpus = corpus or files.folder()
            if corpus is None:
                return found
            found += files.stacks(corpus, place)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("places", nargs="*", default=["swarm"],
                        help="subfolders of the corpus, or folders or files of the checkout (swarm)")
    parser.add_argument("--environment", choices=["ones", "empty"], default="ones",
                        help="variables without default are `1` (ones), or unset (empty)")
    parser.add_argument("--list", action="store_true", help="print every file with its verdict")
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 2) + 1)
    parser.add_argument("--timeout", type=float, default=20, help="seconds a run may take (20)")
    options = parser.parse_args()

    if shutil.which("docker") is None:
        print("notice: no docker client on the PATH: nothing to compare with, skipped")
        return 0
    found = find(options.places)
    program = files.program()
    jobs = [(file, options.environment == "ones", program, options.timeout) for file in found]
    with ProcessPoolExecutor(options.jobs) as pool:
        results = list(pool.map(compare, jobs, chunksize=4))
    count = {verdict: sum(result[1] == verdict for result in results)
             for verdict in ("equal", "alike", "different")}
    for file, verdict, lines in results:
        if verdict == "different" or options.list:
            print(f"{files.short(file)}: {'refused alike' if verdict == 'alike' else verdict}")
            for line in lines:
                print(f"  {line}")
    print(f"{', '.join(options.places)} (environment: {options.environment}): "
          f"equal {count['equal']} of {count['equal'] + count['different']}, "
          f"refused alike {count['alike']}")
    return 1 if count["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
