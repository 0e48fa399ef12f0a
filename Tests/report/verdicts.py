"""Checks the documents of `stackferry validate` against their schemas: JSON against docs/validation.schema.json, SARIF and JUnit
against the published ones. A stack with known, accepted and new findings, drift, and the broken manifests of testdata.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import jsonschema

from validate import PROGRAM, ROOT, junit_schema, sarif_validator

schema = json.loads((ROOT / "docs/validation.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

KNOWN = "services:\n  web:\n    image: nginx:1.27\n    logging: {driver: syslog}\n"
MORE = """\
  api:
    image: api:1
    # stackferry: accept logging/driver: Loki <collects> & keeps
    logging: {driver: gelf}
  job:
    image: job:1
    logging: {driver: fluentd}
"""


def run(folder, *arguments):
    result = subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    if result.returncode not in (0, 1):
        sys.exit(f"error: {' '.join(arguments)}: {result.returncode}: {result.stderr}")
    return result.stdout


def check(name, folder, *arguments):
    """The problems of the three documents of one call."""
    document = json.loads(run(folder, *arguments, "--format", "json"))
    yield from (f"json: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document))
    log = json.loads(run(folder, *arguments, "--format", "sarif"))
    yield from (f"sarif: {error.json_path}: {error.message[:200]}" for error in sarif_validator.iter_errors(log))
    results = log["runs"][0]["results"]
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    for result in results:
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            yield f"sarif: {result['ruleId']}: wrong ruleIndex"
        physical = result["locations"][0]["physicalLocation"]
        path = pathlib.Path(folder, physical["artifactLocation"]["uri"])
        if path.exists():
            lines = path.read_text(errors="replace").splitlines()
            region = physical["region"]
            if region["startLine"] > max(1, len(lines)):
                yield f"sarif: {result['ruleId']}: line {region['startLine']} of {len(lines)}"
            elif region["startColumn"] > len(lines[region["startLine"] - 1]) + 1:
                yield f"sarif: {result['ruleId']}: column {region['startColumn']} of line {region['startLine']}"
    expected = len(document["findings"]) + len(document["checks"])
    if len(results) != expected:
        yield f"sarif: {len(results)} results for {expected} findings"
    junit = run(folder, *arguments, "--format", "junit")
    yield from (f"junit: {error.path}: {error.reason}" for error in junit_schema.iter_errors(junit))
    root = ElementTree.fromstring(junit)
    for suite in [root, *root]:
        for attribute, element in (("tests", "testcase"), ("failures", "failure")):
            if int(suite.get(attribute)) != len(list(suite.iter(element))):
                yield f"junit: {suite.get('name')}: wrong number of {attribute}"
    if document["failures"] != int(root.get("failures")):
        yield f"{name}: {document['failures']} failures in JSON, {root.get('failures')} in JUnit"


def main():
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        stack = pathlib.Path(folder, "stack.yml")
        stack.write_text(KNOWN)
        run(folder, "validate", "shop", "--baseline", "known.json", "--write-baseline")
        run(folder, "convert", "shop", "-o", "k8s")
        stack.write_text(KNOWN + MORE)
        shutil.copytree(ROOT / "testdata/manifests", pathlib.Path(folder, "more"))
        calls = {
            "manifests alone": ["validate", "--manifests-only", "--manifests", "more"],
            "a stack": ["validate", "shop"],
            "a stack, its manifests and others": ["validate", "shop", "--manifests", "k8s", "--manifests", "more"],
            "a baseline": ["validate", "shop", "--manifests", "k8s", "--baseline", "known.json"],
        }
        for name, arguments in calls.items():
            for problem in check(name, folder, *arguments):
                bad += 1
                print(f"{name}: {problem}")
    print(f"verdicts: {len(calls)} calls in three formats, {bad} problems")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
