#!/usr/bin/env python3
"""Changes manifests one field at a time, and compares what kubernetes-validate and stackferry make of each.

Every field of every object is renamed, left out, set to null, and given values of other types. The
other side are the published schemas in strict mode, so the two must agree on fields and types. Rules
beyond the schemas (names, references, ports, fields that only the server's code asks for) make
stackferry refuse more: those are counted by their slug. What the schemas refuse and stackferry lets
pass is an error, and so is a word that no field takes (the schemas do not list them).
"""

import argparse
import collections
import copy
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent))
import schemas as table  # noqa: E402
from validate import CUSTOM, Reader, schemas  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
# Slugs that speak of what a schema speaks of.
SCHEMA = {"manifest/unknown-field", "manifest/type", "manifest/newer-version"}


def objects(paths):
    for path in paths:
        path = Path(path)
        files = [path] if path.is_file() else sorted(path.rglob("*.yaml"))
        for file in files:
            if file.parent.name == "invalid" or (path.is_dir() and file.name in ("stack.yml", "stackferry.yaml")):
                continue
            try:
                documents = list(yaml.load_all(file.read_bytes(), Loader=Reader))
            except yaml.YAMLError:
                continue
            for document in documents:
                if isinstance(document, dict) and document.get("kind") and document.get("apiVersion"):
                    if document["apiVersion"].rpartition("/")[0] not in CUSTOM:
                        yield document


def places(value, path=()):
    """Every place below a value, by its keys; of a list, the first item stands for all."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield path + (key,)
            yield from places(child, path + (key,))
    elif isinstance(value, list) and value:
        yield path + (0,)
        yield from places(value[0], path + (0,))


def parent_of(item, path):
    for key in path[:-1]:
        item = item[key]
    return item


OTHERS = [("text", "some text"), ("number", 12345), ("boolean", True), ("list", ["a"]), ("mapping", {"a": "b"}),
          ("null", None), ("fraction", 1.5)]
# The schemas allow null twice where a field takes text or a number, and refuse it for that; to the server null is no value.
NULL_TWICE = "is valid under each of"


def mutants(item):
    """(what, path, object) for every change of an object."""
    for path in places(item):
        if path in (("apiVersion",), ("kind",)):
            continue
        old = parent_of(item, path)[path[-1]]
        if isinstance(path[-1], str):
            changed = copy.deepcopy(item)
            del parent_of(changed, path)[path[-1]]
            yield "left out", path, changed
            changed = copy.deepcopy(item)
            parent_of(changed, path)[path[-1] + "x"] = parent_of(changed, path).pop(path[-1])
            yield "renamed", path, changed
        for what, value in OTHERS:
            if type(value) is type(old):
                continue
            changed = copy.deepcopy(item)
            parent_of(changed, path)[path[-1]] = value
            yield what, path, changed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("paths", nargs="+", help="folders of manifests, or single files")
    parser.add_argument("--version", default="1.36", metavar="1.NN")
    parser.add_argument("--show", type=int, default=20, help="how many differences to show of each sort")
    options = parser.parse_args()

    jobs, seen = [], set()
    enumerated = {key.partition(".")[2] for key in table.WORDS} - {"name", "kind"}
    validators = schemas(options.version)
    for item in objects(options.paths):
        validator = validators.validator(item["apiVersion"], item["kind"])
        if validator is None or list(validator.iter_errors(item)):
            continue
        for what, path, changed in mutants(item):
            key = (item["kind"], what, tuple("*" if isinstance(step, int) else step for step in path))
            if key not in seen:
                seen.add(key)
                errors = [error for error in validator.iter_errors(changed)
                          if what != "null" or NULL_TWICE not in error.message]
                jobs.append((item["kind"], what, path, changed, not errors))
        for path in places(item):
            # Words are the same in every kind that has the field.
            # The type of a Secret, and the parameters of a StorageClass, are free text.
            if path[-1] in enumerated and path != ("type",) and "parameters" not in path and isinstance(parent_of(item, path)[path[-1]], str):
                changed = copy.deepcopy(item)
                parent_of(changed, path)[path[-1]] = "Bogus"
                key = (item["kind"], "another word", path)
                if key not in seen:
                    seen.add(key)
                    jobs.append((item["kind"], "another word", path, changed, None))

    program = os.environ.get("STACKFERRY", str(ROOT / ".build/release/stackferry"))
    with tempfile.TemporaryDirectory() as folder:
        for number, job in enumerate(jobs):
            Path(folder, f"{number:06}.json").write_text(json.dumps(job[3]))
        result = subprocess.run(
            [program, "validate", "--manifests-only", "--manifests", folder, "--format", "json", "--quiet",
             "--kubernetes", options.version], capture_output=True, text=True)
        if result.returncode not in (0, 1):
            sys.exit(f"error: {program} ended with {result.returncode}: {result.stderr}")
    slugs = collections.defaultdict(set)
    for check in json.loads(result.stdout)["checks"]:
        # All mutants of an object have its name.
        if check["severity"] == "error" and check["rule"] != "manifest/duplicate-object":
            slugs[int(Path(check["location"]["file"]).stem)].add(check["rule"])

    agreed = refused = 0
    missed, stricter, beyond, wordless = [], [], collections.Counter(), []
    for number, (kind, what, path, _, accepted) in enumerate(jobs):
        name = f"{kind}: {'.'.join(map(str, path))}: {what}"
        found = slugs[number]
        if accepted is None:
            if not found:
                wordless.append(name)
        elif accepted != bool(found):
            agreed += 1
            refused += not accepted
        elif not accepted:
            missed.append(name)
        elif found & SCHEMA:
            stricter.append(f"{name}: {', '.join(sorted(found))}")
        else:
            beyond.update(found)
    for title, names in (("refused by the schemas alone", missed), ("refused for fields and types by stackferry alone", stricter),
                         ("another word that stackferry lets pass", wordless)):
        print(f"{len(names)} {title}")
        for name in names[:options.show]:
            print(f"  {name}")
    compared = sum(job[4] is not None for job in jobs)
    print("refused by rules beyond the schemas: " + (", ".join(f"{slug} {count}" for slug, count in beyond.most_common())))
    print(f"{agreed} verdicts of {compared} the same ({100 * agreed / max(1, compared):.2f} %, {refused} of them refusals); "
          f"{len(jobs) - compared} other words tried; Kubernetes {options.version}")
    return 1 if missed or stricter or wordless or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
