#!/usr/bin/env python3
"""Writes testdata/schema/keys.txt: every key path of a stack schema, with a value to try it with.

Usage: keys.py SCHEMA.json > testdata/schema/keys.txt

A path names mapping keys; `*` is a name that the user chooses, `[]` an item of a list. A key that may be
written in several forms has a line for each. The sample value is YAML in flow style.
"""
import json
import sys

# Values that Docker reads further than the schema does, by the end of the path.
SAMPLES = {
    "services.*.build": "{context: .}",
    "services.*.configs.[]": "cfg",
    "services.*.secrets.[]": "sec",
    "services.*.configs.[].source": "cfg",
    "services.*.secrets.[].source": "sec",
    "services.*.networks.[]": "net",
    "services.*.env_file": "probe.env",
    "services.*.env_file.[]": "probe.env",
    "services.*.depends_on.[]": "web",
    "services.*.dns": "10.0.0.2",
    "services.*.dns.[]": "10.0.0.2",
    "services.*.expose.[]": '"8080"',
    "services.*.extra_hosts.*": "10.0.0.3",
    "services.*.extra_hosts.[]": '"other:10.0.0.3"',
    "services.*.build.extra_hosts.[]": '"other:10.0.0.3"',
    "services.*.build.extra_hosts.*": "10.0.0.3",
    "services.*.healthcheck.test": "curl -f http://localhost/",
    "services.*.healthcheck.test.[]": "NONE",
    "services.*.isolation": "process",
    "services.*.ports.[]": '"8080:80"',
    "services.*.ports.[].mode": "host",
    "services.*.ports.[].protocol": "udp",
    "services.*.ports.[].target": "80",
    "services.*.ports.[].published": "8080",
    "services.*.restart": "on-failure:3",
    "services.*.security_opt.[]": "no-new-privileges:true",
    "services.*.stop_signal": "SIGQUIT",
    "services.*.shm_size": "64m",
    "services.*.sysctls.*": "1024",
    "services.*.sysctls.[]": "net.core.somaxconn=1024",
    "services.*.ulimits.*": "1024",
    "services.*.user": '"1000"',
    "services.*.cap_add.[]": "NET_ADMIN",
    "services.*.cap_drop.[]": "ALL",
    "services.*.devices.[]": "/dev/fuse",
    "services.*.volumes.[]": "vol:/data",
    "services.*.volumes.[].type": "tmpfs",
    "services.*.volumes.[].source": "vol",
    "services.*.volumes.[].target": "/data",
    "services.*.volumes.[].bind.propagation": "rslave",
    "services.*.volumes.[].consistency": "cached",
    "services.*.configs.[].target": "/etc/probe",
    "services.*.secrets.[].target": "probe",
    "services.*.networks.*.ipv4_address": "10.1.0.5",
    "services.*.networks.*.ipv6_address": '"fd00::5"',
    "services.*.deploy.mode": "global",
    "services.*.deploy.endpoint_mode": "dnsrr",
    "services.*.deploy.update_config.order": "start-first",
    "services.*.deploy.rollback_config.order": "start-first",
    "services.*.deploy.update_config.failure_action": "rollback",
    "services.*.deploy.rollback_config.failure_action": "continue",
    "services.*.deploy.update_config.max_failure_ratio": "0.5",
    "services.*.deploy.rollback_config.max_failure_ratio": "0.5",
    "services.*.deploy.resources.limits.cpus": '"0.5"',
    "services.*.deploy.resources.reservations.cpus": '"0.5"',
    "services.*.deploy.resources.limits.memory": "64M",
    "services.*.deploy.resources.reservations.memory": "64M",
    "services.*.deploy.restart_policy.condition": "on-failure",
    "services.*.deploy.placement.constraints.[]": "node.labels.disk == ssd",
    "services.*.deploy.placement.preferences.[].spread": "node.labels.zone",
    "services.*.userns_mode": "host",
    "services.*.network_mode": "bridge",
    "services.*.pid": "host",
    "networks.*.ipam.config.[].subnet": "10.2.0.0/16",
    "volumes.*.x-cluster-spec.capacity_range.required_bytes": "1G",
    "volumes.*.x-cluster-spec.capacity_range.limit_bytes": "2G",
    "volumes.*.x-cluster-spec.access_mode.scope": "single",
    "volumes.*.x-cluster-spec.access_mode.sharing": "onewriter",
    "volumes.*.x-cluster-spec.access_mode.mount_volume.mount_flags.[]": "noatime",
    "volumes.*.x-cluster-spec.availability": "active",
    "configs.*.template_driver": "golang",
    "secrets.*.template_driver": "golang",
    "configs.*.file": "probe.txt",
    "secrets.*.file": "probe.txt",
    "services.*.configs.[].uid": '"1000"',
    "services.*.configs.[].gid": '"1000"',
    "services.*.secrets.[].uid": '"1000"',
    "services.*.secrets.[].gid": '"1000"',
    "services.*.configs.[].mode": "0440",
    "services.*.secrets.[].mode": "0440",
    "services.*.volumes.[].tmpfs.size": "1048576",
    "version": '"3.13"',
}


def sample(path, schema):
    if path in SAMPLES:
        return SAMPLES[path]
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if schema.get("format") == "duration":
        return "7s"
    if "boolean" in kinds:
        return "true"
    if path.endswith("labels.[]") or path.endswith("args.[]") or path.endswith("environment.[]") or path.endswith("segments.[]"):
        return "probe=on"
    if "string" in kinds:
        return "probe"
    if "integer" in kinds or "number" in kinds:
        return "2"
    return "probe"


def walk(schema, path, root, lines):
    while "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        schema = root["definitions"][name]
    for kind in ("oneOf", "anyOf"):
        if kind in schema and "type" not in schema:
            for form in schema[kind]:
                walk(form, path, root, lines)
            return
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    here = ".".join(path)
    if not kinds:
        lines.append((here, sample(here, schema)))
    if "object" in kinds:
        children = 0
        for key, child in schema.get("properties", {}).items():
            walk(child, path + [key], root, lines)
            children += 1
        for pattern, child in schema.get("patternProperties", {}).items():
            name = "x-*" if pattern == "^x-" else "*"
            walk(child, path + [name], root, lines)
            children += 1
        if children == 0:
            lines.append((here, "{}"))
    if "array" in kinds:
        walk(schema.get("items", {"type": "string"}), path + ["[]"], root, lines)
    if set(kinds) & {"string", "integer", "number", "boolean"}:
        lines.append((here, sample(here, schema)))


def main():
    root = json.load(open(sys.argv[1], encoding="utf-8"))
    lines = []
    walk({"type": "object", "properties": root["properties"], "patternProperties": root["patternProperties"]},
         [], root, lines)
    seen = set()
    for path, value in sorted(lines):
        if path not in seen:
            seen.add(path)
            print(f"{path}\t{value}")


main()
