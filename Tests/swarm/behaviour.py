#!/usr/bin/env python3
"""Watches what a real Swarm does at run time: each claim of docs/swarm-behaviour.md is a check here.

Services of a busybox run on an engine of their own (see engine.py). What one container can see of itself
comes from one script, whose output is the service's log.
"""

import json
import re
import sys
import tempfile
import time
from pathlib import Path

import engine as engines

SEE = r"""
echo "hostname=$(hostname)"; echo "pwd=$(pwd)"; echo "id=$(id -u):$(id -g):$(id -G)"
echo "first=$(tr '\0' ' ' < /proc/1/cmdline)"
env | sed 's/^/env:/'
for file in /text /etc/named /deep/er/relative /run/secrets/key /run/secrets/other /absolute/key /decimal /one /two; do
  [ -e $file ] && echo "file:$file $(stat -c '%a %u:%g' $file) $(head -n1 $file)"
done
echo "folder:/deep/er $(stat -c '%a %u:%g' /deep/er 2>/dev/null)"
echo "filled=$(cat /image/file 2>/dev/null)"
echo "mounts:$(cut -d' ' -f2,3 /proc/mounts | tr '\n' ';')"
grep -E 'shm|/ro |/tm' /proc/mounts | sed 's/^/mount:/'
sed 's/^/host:/' /etc/hosts; sed 's/^/resolv:/' /etc/resolv.conf
echo "cap=$(grep CapEff /proc/self/status)"
echo "limit=$(ulimit -n)"
touch /readonly-test 2>/dev/null && echo writable || echo unwritable
echo end-of-report
exec sleep 1000
"""

STACK = """
services:
  web:
    image: busybox:test
    hostname: "{{.Service.Name}}-{{.Task.Slot}}"
    environment:
      SERVICE: "{{.Service.Name}}"
      LABEL: '{{index .Service.Labels "tier"}}'
      NODE: "{{.Node.Hostname}}"
      PLATFORM: "{{.Node.Platform.Architecture}}/{{.Node.Platform.OS}}"
      TASK: "{{.Task.Name}}"
      SLOT: "{{.Task.Slot}}"
      NOBODY_HAS_IT:
      EMPTY: ""
      REFERENCE: "$$(SLOT) $$SLOT"
    working_dir: /not/there
    command: ["/bin/sh", "-c", "{{.Service.Name}}"]
    entrypoint: ["/bin/sh", "/see"]
    init: true
    stop_grace_period: 1s
    cap_drop: [NET_RAW]
    ulimits: {nofile: 123}
    sysctls: {net.ipv4.ip_unprivileged_port_start: "0"}
    extra_hosts: ["elsewhere:192.0.2.7"]
    dns_search: [example.org]
    configs:
      - text
      - {source: named, target: etc/named, uid: "1000", gid: "1000", mode: 0400}
      - {source: text, target: deep/er/relative}
      - {source: decimal, target: /decimal, mode: 444}
      - {source: see, target: /see}
    secrets:
      - key
      - {source: second, target: other, mode: 0440, gid: "1000"}
      - {source: third, target: /absolute/key}
    volumes:
      - data:/image
      - type: tmpfs
        target: /tm
        tmpfs: {size: 1048576}
    tmpfs: /ignored-tmpfs
    shm_size: 10M
    privileged: true
    security_opt: ["no-new-privileges"]
    devices: ["/dev/null:/dev/ignored"]
    deploy: {labels: {tier: front}}
    networks: {back: {aliases: [Front_Door, shared]}}
  app:
    image: busybox:test
    user: app
    read_only: true
    entrypoint: ["/bin/sh", "/see"]
    configs:
      - {source: see, target: /see}
      - {source: text, target: /one, uid: "1000", mode: 0400}
      - {source: text, target: /two, mode: 0444}
    secrets: [{source: key, uid: "1000", mode: 0400}, {source: key, target: other, mode: 0444}]
    networks: {back: {aliases: [shared]}}
    stop_grace_period: 1s
  under_score:
    image: busybox:test
    command: sleep 1000
    networks: [back]
    stop_grace_period: 1s
    deploy: {replicas: 2, endpoint_mode: dnsrr}
  apart: {image: busybox:test, command: sleep 1000, stop_grace_period: 1s}
  checked:
    image: busybox:test
    command: sleep 1000
    networks: [back]
    stop_grace_period: 1s
    healthcheck: {test: test -e /healthy, interval: 1s, timeout: 1s, start_period: 60s}
    deploy: {endpoint_mode: dnsrr}
  wordless:
    image: busybox:test
    command: sleep 1000
    networks: [back]
    stop_grace_period: 1s
    healthcheck: {test: [FIRST, word], interval: 1s}
  complete: {image: busybox:test, command: "true", deploy: {restart_policy: {condition: on-failure, delay: 1s}}}
  failing:
    image: busybox:test
    command: "false"
    deploy: {restart_policy: {condition: on-failure, delay: 500ms, max_attempts: 2}}
  legacy: {image: busybox:test, command: "false", restart: "on-failure:1"}
  never: {image: busybox:test, command: "true", deploy: {restart_policy: {condition: none}}}
  legacy-no: {image: busybox:test, command: "true", restart: "no"}
  job: {image: busybox:test, command: "true", deploy: {mode: replicated-job, replicas: 2, restart_policy: {condition: none}}}
  global-job: {image: busybox:test, command: "true", deploy: {mode: global-job, restart_policy: {condition: none}}}
  everywhere: {image: busybox:test, command: sleep 1000, hostname: "{{.Node.Hostname}}-x", stop_grace_period: 1s, deploy: {mode: global}}
  unplaced: {image: busybox:test, command: sleep 1000, deploy: {placement: {constraints: [node.labels.none==here]}}}
  capped: {image: busybox:test, command: sleep 1000, stop_grace_period: 1s, deploy: {replicas: 3, placement: {max_replicas_per_node: 1}}}
  placed: {image: busybox:test, command: sleep 1000, stop_grace_period: 1s, deploy: {placement: {constraints: ["node.Role == MANAGER", "node.labels.DISK != hdd"]}}}
networks:
  back: {driver_opts: {com.docker.network.driver.mtu: "1400"}}
volumes: {data: }
configs:
  text: {file: ./text}
  named: {file: ./text, template_driver: golang}
  see: {file: ./see}
  decimal: {file: ./text}
secrets: {key: {file: ./key}, second: {file: ./key}, third: {file: ./key}}
"""


class Checks:
    """Counts claims, and prints those that do not hold."""

    def __init__(self):
        self.count = self.failed = 0

    def __call__(self, claim, holds, seen=""):
        self.count += 1
        if not holds:
            self.failed += 1
            print(f"does not hold: {claim}\n    seen: {seen}")


class Watched:
    """The services of the stack `shop` on an engine."""

    def __init__(self, engine):
        self.engine = engine

    def tasks(self, service):
        """The tasks of a service, the newest first, as (name, current state, desired state)."""
        lines = self.engine.docker(
            "service", "ps", "--no-trunc", "--format", "{{.Name}}|{{.CurrentState}}|{{.DesiredState}}",
            f"shop_{service}").stdout.splitlines()
        return [tuple(line.split("|")) for line in lines]

    def containers(self, service):
        return self.engine.docker(
            "ps", "-q", "--filter", f"label=com.docker.swarm.service.name=shop_{service}").stdout.split()

    def run(self, service, *command, check=False):
        container = self.engine.wait(
            lambda: self.containers(service), 30, f"a container of {service}")[0]
        return self.engine.docker("exec", container, *command, check=check)

    def report(self, service):
        """What the script saw, as lines."""
        def log():
            container = self.containers(service)
            text = self.engine.docker("logs", container[0], check=False).stdout if container else ""
            return text.splitlines() if "end-of-report" in text else None
        return self.engine.wait(log, 60, f"the report of {service}")

    def state(self, service, word, seconds=40):
        """Waits until a task of the service is in a state; whether it came to that."""
        try:
            return self.engine.wait(
                lambda: any(task[1].startswith(word) for task in self.tasks(service)), seconds,
                f"{service} to be {word}")
        except RuntimeError:
            return False

    def resolves(self, name, source="web"):
        """The addresses that a name has inside a container."""
        done = self.run(source, "nslookup", name, "127.0.0.11")
        answers = done.stdout.split("Name:", 1)
        return sorted(re.findall(r"Address(?: \d+)?:\s*([0-9.]+)", answers[1])) if len(answers) > 1 else []


def value(lines, key):
    return next((line[len(key):] for line in lines if line.startswith(key)), None)


def container_claims(check, watched, node):
    lines = watched.report("web")
    env = dict(line[4:].split("=", 1) for line in lines if line.startswith("env:") and "=" in line)
    files = dict(line[5:].split(" ", 1) for line in lines if line.startswith("file:"))
    check("the hostname is a template", value(lines, "hostname=") == "shop_web-1", value(lines, "hostname="))
    check(".Service.Name is the full name", env.get("SERVICE") == "shop_web", env)
    check(".Service.Labels are those of deploy.labels", env.get("LABEL") == "front", env)
    check(".Node.Hostname", env.get("NODE") == node, env)
    check(".Node.Platform is in the kernel's words",
          re.fullmatch(r"(x86_64|aarch64)/linux", env.get("PLATFORM", "")), env)
    check(".Task.Name is service.slot.id", re.fullmatch(r"shop_web\.1\.[a-z0-9]{25}", env.get("TASK", "")), env)
    check(".Task.Slot counts from one", env.get("SLOT") == "1", env)
    check("a variable that the client lacks is absent", "NOBODY_HAS_IT" not in env, env)
    check("an empty variable is there", env.get("EMPTY") == "", env)
    check("$(NAME) means nothing", env.get("REFERENCE") == "$(SLOT) $SLOT", env)
    check("a working directory is made", value(lines, "pwd=") == "/not/there", value(lines, "pwd="))
    check("commands are no templates", "{{.Service.Name}}" in value(watched.run(
        "web", "sh", "-c", "tr '\\0' ' ' < /proc/1/cmdline | sed 's/^/c=/'").stdout.splitlines(), "c="),
        value(lines, "first="))
    check("init: true puts an init at process 1", "init" in value(lines, "first="), value(lines, "first="))
    check("a config is at /NAME, 0444, 0:0", files.get("/text") == "444 0:0 {{.Service.Name}}", files)
    check("uid, gid and mode of a config; golang expands it",
          files.get("/etc/named") == "400 1000:1000 shop_web", files)
    check("a relative config target is relative to /", "/deep/er/relative" in files, files)
    check("missing folders are made, 0755 of root", value(lines, "folder:/deep/er ") == "755 0:0", lines)
    check("mode: 444 is decimal", files.get("/decimal", "").startswith("674 "), files)
    check("a secret is at /run/secrets/NAME, 0444, 0:0", files.get("/run/secrets/key", "").startswith("444 0:0"),
          files)
    check("a relative secret target is relative to /run/secrets",
          files.get("/run/secrets/other", "").startswith("440 0:1000"), files)
    check("an absolute secret target", files.get("/absolute/key", "").startswith("444 0:0"), files)
    check("a new volume is filled from the image", value(lines, "filled=") == "from the image", lines)
    mounts = value(lines, "mounts:")
    check("a tmpfs mount", "/tm tmpfs" in mounts, mounts)
    check("a tmpfs mount has its size", any("/tm tmpfs" in line and "size=1024k" in line for line in lines), mounts)
    check("tmpfs: is ignored", "/ignored-tmpfs" not in mounts, mounts)
    check("shm_size is ignored", any("/dev/shm" in line and "size=65536k" in line for line in lines), mounts)
    check("secrets are in memory", "/run/secrets/key tmpfs" in mounts, mounts)
    check("configs are in memory, too", "/text tmpfs" in mounts, mounts)
    capabilities = int(value(lines, "cap=CapEff:").strip(), 16)
    check("privileged is ignored", not capabilities >> 21 & 1, hex(capabilities))
    check("cap_drop is not", not capabilities >> 13 & 1, hex(capabilities))
    check("ulimits are not", value(lines, "limit=") == "123", value(lines, "limit="))
    check("extra_hosts", any(re.match(r"host:192\.0\.2\.7\s+elsewhere$", line) for line in lines), lines)
    check("dns_search", any(line.startswith("resolv:search example.org") for line in lines), lines)
    check("the resolver is the engine's", "resolv:nameserver 127.0.0.11" in lines, lines)
    check("devices is ignored", watched.run("web", "test", "-e", "/dev/ignored").returncode != 0)
    check("security_opt is ignored",
          "NoNewPrivs:\t0" in watched.run("web", "cat", "/proc/self/status").stdout)

    lines = watched.report("app")
    files = dict(line[5:].split(" ", 1) for line in lines if line.startswith("file:"))
    check("user by name, with its group", value(lines, "id=").startswith("1000:1000"), value(lines, "id="))
    check("read_only", "unwritable" in lines, lines)
    owners = {files.get("/run/secrets/key", "")[:10], files.get("/run/secrets/other", "")[:10]}
    check("a secret that is used twice has the owner and mode of one reference at both places",
          len(owners) == 1, owners)
    owners = {files.get("/one", "")[:10], files.get("/two", "")[:10]}
    check("so has a config", len(owners) == 1, owners)


def network_claims(check, watched):
    watched.state("under_score", "Running")
    own = watched.resolves("tasks.web")
    for name in ("web", "shop_web", "WEB", "tasks.web", "tasks.shop_web", "front_door", "Front_Door",
                 "tasks.front_door", "under_score", "shop_under_score"):
        check(f"{name} resolves", watched.resolves(name, "app"), name)
    check("tasks.NAME has an address for each task", len(watched.resolves("tasks.under_score")) == 2,
          watched.resolves("tasks.under_score"))
    check("with dnsrr NAME has an address for each task", len(watched.resolves("under_score")) == 2,
          watched.resolves("under_score"))
    check("with a virtual IP NAME has one, which is no task's",
          len(watched.resolves("web", "app")) == 1 and watched.resolves("web", "app") != own,
          (watched.resolves("web", "app"), own))
    check("an alias of two services has an address of each", len(watched.resolves("shared", "app")) == 2,
          watched.resolves("shared", "app"))
    check("services without a common network do not resolve", not watched.resolves("apart"),
          watched.resolves("apart"))
    check("the hostname resolves for the container itself",
          watched.run("web", "grep", "shop_web-1", "/etc/hosts").returncode == 0)
    check("a port that nobody declares connects",
          watched.run("under_score", "sh", "-c", "nc -lp 4321 -e echo hi & sleep 1; nc -w 2 127.0.0.1 4321")
          .stdout.strip() == "hi")


def health_claims(check, watched):
    check("a task that is not yet healthy is Starting", watched.state("checked", "Starting"),
          watched.tasks("checked"))
    check("and its name does not resolve", not watched.resolves("checked"), watched.resolves("checked"))
    watched.run("checked", "touch", "/healthy")
    check("once healthy it is Running", watched.state("checked", "Running"), watched.tasks("checked"))
    check("and its name resolves", watched.engine.wait(
        lambda: watched.resolves("checked"), 10, "the name of a healthy task"))
    check("a test with an unknown first word never runs, and the task stays Starting",
          all(task[1].startswith("Starting") for task in watched.tasks("wordless")), watched.tasks("wordless"))
    check("and its name does not resolve", not watched.resolves("wordless"), watched.resolves("wordless"))
    first = watched.containers("checked")
    watched.run("checked", "rm", "/healthy")
    replaced = watched.engine.wait(
        lambda: watched.containers("checked") not in ([], first), 60, "the unhealthy task to be replaced")
    check("an unhealthy task is replaced", replaced, watched.tasks("checked"))


def restart_claims(check, watched):
    check("on-failure: exit 0 is Complete", watched.state("complete", "Complete"), watched.tasks("complete"))
    check("none: exit 0 is Complete", watched.state("never", "Complete"), watched.tasks("never"))
    check("the replicated job completes", watched.state("job", "Complete"), watched.tasks("job"))
    check("the global job completes", watched.state("global-job", "Complete"), watched.tasks("global-job"))
    check("max_attempts: 2 gives three tasks", watched.engine.wait(
        lambda: len(watched.tasks("failing")) >= 3, 40, "the third attempt"), watched.tasks("failing"))
    check("restart: on-failure:1 gives two tasks", watched.engine.wait(
        lambda: len(watched.tasks("legacy")) >= 2, 40, "the second attempt"), watched.tasks("legacy"))
    check('restart: "no" restarts all the same', watched.engine.wait(
        lambda: len(watched.tasks("legacy-no")) >= 2, 40, "a restart"), watched.tasks("legacy-no"))
    time.sleep(3)
    check("complete tasks stay so", len(watched.tasks("complete")) == 1 and len(watched.tasks("never")) == 1,
          (watched.tasks("complete"), watched.tasks("never")))
    check("and there are no more than max_attempts allows", len(watched.tasks("failing")) == 3,
          watched.tasks("failing"))
    check("nor for restart: on-failure:1", len(watched.tasks("legacy")) == 2, watched.tasks("legacy"))
    check("a job has a task for each replica", len(watched.tasks("job")) == 2, watched.tasks("job"))


def scheduling_claims(check, watched, node):
    check("a constraint that no node meets leaves tasks pending", watched.state("unplaced", "Pending"),
          watched.tasks("unplaced"))
    check("blanks and letter case of constraints do not count", watched.state("placed", "Running"),
          watched.tasks("placed"))
    check("max_replicas_per_node leaves the rest pending",
          watched.state("capped", "Running") and watched.state("capped", "Pending")
          and sum(task[1].startswith("Running") for task in watched.tasks("capped")) == 1,
          watched.tasks("capped"))
    hostname = watched.run("everywhere", "hostname").stdout.strip()
    check("a global service runs on managers, and its hostname is a template", hostname == f"{node}-x", hostname)
    name = watched.tasks("everywhere")[0][0]
    check("a global task is named for its node's identifier", re.fullmatch(r"shop_everywhere\.[a-z0-9]{25}", name),
          name)


def main():
    begin = time.monotonic()
    check = Checks()
    try:
        with engines.Engine() as engine, tempfile.TemporaryDirectory(prefix="stackferry-shop-") as folder:
            engine.import_busybox()
            for file, text in {"stack.yml": STACK, "see": SEE, "text": "{{.Service.Name}}\n",
                               "key": "not a secret\n"}.items():
                (Path(folder) / file).write_text(text)
            engine.docker("stack", "deploy", "--detach=true", "--resolve-image", "never", "-c", "stack.yml", "shop",
                          cwd=folder)
            node = json.loads(engine.docker("node", "inspect", engine.list("node")[0]).stdout)[0]
            hostname = node["Description"]["Hostname"]
            watched = Watched(engine)
            for claims in (lambda: container_claims(check, watched, hostname),
                           lambda: network_claims(check, watched), lambda: health_claims(check, watched),
                           lambda: restart_claims(check, watched),
                           lambda: scheduling_claims(check, watched, hostname)):
                claims()
    except engines.Unavailable as reason:
        return engines.unavailable(reason)
    print(f"{check.count - check.failed} of {check.count} claims about a running Swarm hold, "
          f"{time.monotonic() - begin:.0f} s")
    return 1 if check.failed or not check.count else 0


if __name__ == "__main__":
    sys.exit(main())
