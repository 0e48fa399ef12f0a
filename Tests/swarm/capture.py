#!/usr/bin/env python3
"""Moves a whole running Swarm: three stacks that share a network, a service of no stack, a global service,
jobs, and nodes with labels, through `stackferry capture | stackferry convert --from -`."""

import json
import re
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

import engine as engines
from stacks import files

STACKS = {
    "edge": """
services:
  proxy:
    image: busybox:test
    command: sleep 1000
    networks: [shared, default]
    ports: ["80:80"]
    stop_grace_period: 1s
    deploy: {mode: global}
networks: {shared: {external: true}}
""",
    "shop": """
services:
  web:
    image: busybox:test
    command: sleep 1000
    environment: {DB: "db:5432"}
    networks: {shared: {aliases: [front]}, back: }
    secrets: [key]
    configs: [{source: text, target: /etc/text, mode: 0440}]
    stop_grace_period: 1s
    deploy:
      replicas: 2
      placement: {constraints: [node.labels.disk==ssd], preferences: [{spread: node.labels.zone}]}
  db:
    image: busybox:test
    command: sleep 1000
    networks: [back]
    volumes: ["data:/data"]
    stop_grace_period: 1s
    deploy: {placement: {constraints: ["node.id==$NODE"]}}
networks: {shared: {external: true}, back: {internal: true}}
volumes: {data: }
secrets: {key: {file: ./value}}
configs: {text: {file: ./text}}
""",
    "jobs": """
services:
  once: {image: busybox:test, command: "true", deploy: {mode: replicated-job, replicas: 2}}
  each: {image: busybox:test, command: "true", deploy: {mode: global-job}}
""",
}
VALUE = "the value that nobody may see"


def main():
    begin = time.monotonic()
    program, failures, count = files.program(), [], 0

    def check(claim, holds, seen=""):
        nonlocal count
        count += 1
        if not holds:
            failures.append(claim)
            print(f"does not hold: {claim}\n    seen: {str(seen)[:2000]}")

    try:
        with engines.Engine() as engine, tempfile.TemporaryDirectory(prefix="stackferry-estate-") as name:
            folder = Path(name)

            def run(*arguments, stdin=None, env=None):
                return subprocess.run(
                    [program, *arguments], env=env or engine.env, cwd=folder, input=stdin, capture_output=True,
                    text=True, timeout=60, check=False)

            alone = run("capture")
            check("without services it says so", alone.returncode == 2 and "no services" in alone.stderr, alone)
            engine.import_busybox()
            node = engine.list("node")[0]
            engine.docker("node", "update", "--label-add", "disk=ssd", "--label-add", "zone=a", node)
            hostname = engine.inspect("node", [node])[0]["Description"]["Hostname"]
            engine.docker("network", "create", "--driver", "overlay", "shared")
            (folder / "value").write_text(VALUE)
            (folder / "text").write_text("some text\n")
            for stack, text in STACKS.items():
                (folder / f"{stack}.yml").write_text(text)
                engine.docker("stack", "deploy", "--detach=true", "--resolve-image", "never", "-c", f"{stack}.yml",
                              stack, cwd=folder, env={"NODE": node, "PATH": os.environ["PATH"]})
            engine.docker(
                "service", "create", "--detach", "--no-resolve-image", "--name", "lone", "--network", "shared",
                "--env", "A=b", "--mount", "type=volume,source=lone-data,target=/d", "--secret", "shop_key",
                "--group", "7", "--stop-grace-period", "1s", "busybox:test", "sleep", "1000")
            engine.docker("service", "scale", "--detach", "shop_web=3")
            engine.wait(lambda: "shop_db" in engine.docker(
                "node", "ps", node, "--filter", "desired-state=running", "--format", "{{.Name}}").stdout,
                30, "a task of shop_db")

            # The managers go on writing versions for a while after a deployment: the claim is about a Swarm at rest.
            for attempt in range(15):
                captured = run("capture")
                first, again = (json.loads(text or "{}") for text in (captured.stdout, run("capture").stdout))
                # Tasks come and go.
                changed = [key for key in first if key != "Tasks" and again.get(key) != first[key]]
                if first and not changed:
                    break
                time.sleep(1)
            check("the Swarm is captured", captured.returncode == 0, captured.stderr)
            check("it holds no value of a secret", VALUE not in captured.stdout)
            check("a second capture says the same", first and not changed, changed)
            converted = run("convert", "--from", "-", "-o", "-", stdin=captured.stdout)
            check("and converted", converted.returncode == 0, converted.stderr)
            objects = {(item["kind"], item["metadata"].get("namespace"), item["metadata"]["name"]): item
                       for item in yaml.safe_load_all(converted.stdout) if item}

            def spec(*key):
                return objects.get(key, {}).get("spec", {})

            for key in [("DaemonSet", "edge", "proxy"), ("Deployment", "shop", "web"), ("Job", "jobs", "once"),
                        ("Job", "jobs", "each"), ("Deployment", "swarm", "lone"), ("Namespace", None, "swarm")]:
                check(f"there is {key}", key in objects, sorted(objects, key=str))
            check("replicas are as scaled", spec("Deployment", "shop", "web").get("replicas") == 3)
            check("a global job counts the real nodes", spec("Job", "jobs", "each").get("completions") == 1,
                  spec("Job", "jobs", "each"))
            database = str(spec("Deployment", "shop", "db") or spec("StatefulSet", "shop", "db"))
            check("a node's identifier becomes its host name",
                  "kubernetes.io/hostname" in database and hostname.lower() in database, database)
            check("the config's content is there", any(
                key[0] == "ConfigMap" and "some text\n" in item.get("data", {}).values()
                for key, item in objects.items()), sorted(objects, key=str))
            check("no Secret is written", not any(key[0] == "Secret" for key in objects), sorted(objects, key=str))
            check("the shared network joins the stacks", sum(
                "swarm.network/shared" in str(item) for item in objects.values()) >= 3)

            (folder / "snapshot.json").write_text(captured.stdout)
            report = run("report", "--from", "snapshot.json", "--verbose").stdout
            check("the report has what no stack file can say", re.search(r"^ +lost +Groups\[0\]", report, re.M), report)
            for line in (f"kubectl label node {hostname} disk=ssd", f"kubectl label node {hostname} zone=a",
                         "docker exec \"$(docker ps -qf label=com.docker.swarm.service.name="):
                check(f"the report has: {line}", line in report, report)
            one = run("convert", "--from", "snapshot.json", "shop", "-o", "-")
            check("one stack alone", "namespace: shop" in one.stdout and "namespace: edge" not in one.stdout, one.stdout)
            check("validate reads it, too", run("validate", "--from", "snapshot.json").returncode in (0, 1))
            # The value that the report says how to read is there, indeed.
            container = engine.wait(lambda: engine.docker(
                "ps", "-qf", "label=com.docker.swarm.service.name=shop_web").stdout.split(),
                30, "a container of shop_web")[0]
            value = engine.docker("exec", container, "cat", "/run/secrets/key").stdout
            check("a task can read the secret", value == VALUE, value)
            engine.docker("swarm", "leave", "--force")
            left = run("capture")
            check("without a Swarm it says what to run",
                  left.returncode == 2 and "hint: ask a manager" in left.stderr, left.stderr)
    except engines.Unavailable as reason:
        return engines.unavailable(reason)
    print(f"{count - len(failures)} of {count} claims about a captured Swarm hold, "
          f"{time.monotonic() - begin:.0f} s")
    return 1 if failures or not count else 0


if __name__ == "__main__":
    sys.exit(main())
