"""Checks the templates: Mustache against another implementation, and CI files against the published schemas of both services."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import chevron

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("STACKFERRY", str(ROOT / ".build/debug/stackferry"))
STACK = """
services:
  web: {image: nginx, environment: {API: "http://api:3000"}, logging: {driver: syslog}}
  api: {image: "shop/api:4", deploy: {replicas: 3, placement: {constraints: [node.labels.disk == ssd]}}}
"""
TEMPLATES = [
    "{{verdict}} {{readiness.percent}}\n",
    "{{#services}}\n- {{name}} as {{object}}\n  {{#rows}}\n  {{topic}}:{{#before}} {{{.}}};{{/before}}\n  {{/rows}}\n{{/services}}\n",
    "{{#findings}}{{rule}} {{disposition}}{{#key}} {{key}}{{/key}}{{^key}} default{{/key}}\n{{/findings}}",
    "{{#findings}}{{#location}}{{file}}:{{line}} {{#service}}{{service}}{{/service}}{{/location}}\n{{/findings}}",
    "{{=<% %>=}}<%#services%><%name%> {{name}} <%/services%><%={{ }}=%>{{format}}",
    "a\n{{! comment }}\nb {{! inline }} c\n  {{#services}}\n  x\n  {{/services}}\nend",
    "{{^none}}empty{{/none}} {{#estate}}{{#capacity.before}}{{pods}}{{/capacity.before}}{{/estate}} {{estate.capacity.after.pods}}",
    "{{&tool.name}} {{{tool.version}}} {{missing}}|{{estate.missing.more}}|",
]


def run(*arguments, folder):
    return subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=60).stdout


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "stack.yml").write_text(STACK)
        data = json.loads(run("report", "-c", "stack.yml", "shop", "--format", "json", folder=folder))
        for template in TEMPLATES:
            (folder / "template").write_text(template)
            ours = run("report", "-c", "stack.yml", "shop", "--template", "template", folder=folder)
            theirs = chevron.render(template, data)
            if ours != theirs:
                failures += 1
                print(f"template {template!r}\n  ours   {ours!r}\n  theirs {theirs!r}")
        for place, path, schema in (
            ("github", ".github/workflows/stackferry.yml", "vendor.github-workflows"),
            ("gitlab", ".gitlab-ci.yml", "vendor.gitlab-ci"),
        ):
            run("init-ci", place, "-c", "stack.yml", "shop", folder=folder)
            checker = pathlib.Path(sys.executable).parent / "check-jsonschema"
            options = ["--data-transform", "gitlab-ci"] if place == "gitlab" else []
            result = subprocess.run(
                [checker, "--builtin-schema", schema, *options, folder / path], capture_output=True, text=True
            )
            if result.returncode:
                failures += 1
                print(f"{path}: {result.stdout}{result.stderr}")
        run("init-ci", "pre-commit", "-c", "stack.yml", "shop", folder=folder)
        result = subprocess.run(["sh", "-n", folder / ".githooks/pre-commit"], capture_output=True, text=True)
        if result.returncode:
            failures += 1
            print(f"pre-commit: {result.stderr}")
    print(f"templates: {len(TEMPLATES)} rendered as another implementation renders them, 3 CI files, {failures} bad")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
