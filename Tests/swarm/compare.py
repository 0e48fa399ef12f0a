#!/usr/bin/env python3
"""Compares `stackferry model` with what a real engine holds after `docker stack deploy`.

Every stack of the corpus and of the test data is deployed to an engine of its own (see engine.py), and
`docker service inspect`, `docker network inspect`, `docker secret inspect` and `docker config inspect`
are compared with the model field by field. ALLOWED lists the only differences that do not count. Then the
stack is captured, and its manifests are compared with those of the file (see roundtrip.py).
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import engine as engines
import roundtrip
import stacks
from stacks import files

# What only the engine can know, and fields that depend on its version. A path ends a comparison there.
ALLOWED = {
    # Identifiers, times, and the state of what runs.
    "Services.ID": "identifier", "Services.Version": "counter of changes",
    "Services.CreatedAt": "time", "Services.UpdatedAt": "time", "Services.PreviousSpec": "an earlier state",
    "Services.Endpoint": "addresses that the engine assigns", "Services.UpdateStatus": "state",
    "Services.JobStatus": "state", "Services.ServiceStatus": "state",
    "Secrets.ID": "identifier", "Secrets.Version": "counter of changes",
    "Secrets.CreatedAt": "time", "Secrets.UpdatedAt": "time",
    "Configs.ID": "identifier", "Configs.Version": "counter of changes",
    "Configs.CreatedAt": "time", "Configs.UpdatedAt": "time",
    "Networks.Id": "identifier", "Networks.Created": "time", "Networks.Peers": "state",
    "Networks.Containers": "state", "Networks.Services": "state", "Networks.Ingress": "state",
    # Fields that engines of different versions show differently or not at all.
    "Networks.ConfigFrom": "always empty for a Swarm's networks",
    "Networks.ConfigOnly": "always false for a Swarm's networks",
    "Networks.IPAM.Options": "null or absent, by version",
    "Networks.EnableIPv4": "engine 28 and later",
    "Networks.Options.com.docker.network.driver.overlay.vxlanid_list": "a number that the engine assigns",
    "Services.Spec.TaskTemplate.ContainerSpec.Healthcheck.StartInterval": "engine 25 and later",
    "Services.Spec.TaskTemplate.ContainerSpec.Mounts.VolumeOptions.Subpath": "engine 26 and later",
    "Services.Spec.TaskTemplate.ContainerSpec.Privileges.Seccomp": "engine 26 and later",
    "Services.Spec.TaskTemplate.ContainerSpec.Privileges.AppArmor": "engine 26 and later",
}


def allowed(path):
    return path in ALLOWED


def engine_state(engine, name):
    """What the engine holds for a stack, with names in place of identifiers."""
    label = f"label=com.docker.stack.namespace={name}"
    networks = {network["Id"]: network["Name"]
                for network in engine.inspect("network", engine.list("network"))}
    state = {
        kind.capitalize() + "s": engine.inspect(kind, engine.list(kind, label))
        for kind in ("service", "network", "secret", "config")
    }
    for service in state["Services"]:
        task = service["Spec"]["TaskTemplate"]
        for network in task.get("Networks", []):
            if network["Target"] not in networks:
                # Docker's own networks (host) have another identifier in a Swarm, which `ls` does not list.
                found = engine.inspect("network", [network["Target"]])
                networks[network["Target"]] = found[0]["Name"]
            network["Target"] = networks[network["Target"]]
        container = task["ContainerSpec"]
        credentials = (container.get("Privileges") or {}).get("CredentialSpec") or {}
        for kind in ("Secret", "Config"):
            for reference in container.get(kind + "s", []):
                if credentials.get("Config") == reference[kind + "ID"]:
                    credentials["Config"] = reference[kind + "Name"]
                del reference[kind + "ID"]
            # The client puts several uses of one secret in no certain order.
            container.get(kind + "s", []).sort(
                key=lambda item, kind=kind: (item[kind + "Name"], item.get("File", {}).get("Name", "")))
    return state


def object_name(item):
    return item["Spec"]["Name"] if "Spec" in item else item["Name"]


def differences(real, model, path, place):
    """The differences as lines `place: engine … model …`."""
    if allowed(path):
        return []
    if isinstance(real, dict) and isinstance(model, dict):
        lines = []
        for key in sorted({*real, *model}):
            inner, where = f"{path}.{key}", f"{place}.{key}"
            if key not in model:
                lines += [] if allowed(inner) else [f"{where}: engine {short(real[key])}, model nothing"]
            elif key not in real:
                lines += [] if allowed(inner) else [f"{where}: engine nothing, model {short(model[key])}"]
            else:
                lines += differences(real[key], model[key], inner, where)
        return lines
    if isinstance(real, list) and isinstance(model, list) and len(real) == len(model):
        return [line for index, pair in enumerate(zip(real, model))
                for line in differences(*pair, path, f"{place}[{index}]")]
    return [] if real == model and type(real) is type(model) else [
        f"{place}: engine {short(real)}, model {short(model)}"]


def compare_networks(real, model):
    """Subnets and gateways that nobody wrote are the engine's own."""
    for network in real:
        written = next((item for item in model if item["Name"] == network["Name"]), {})
        if "Config" not in written.get("IPAM", {}):
            network["IPAM"].pop("Config", None)
        for config in network["IPAM"].get("Config", []):
            config.pop("Gateway", None)


def compare(real, model):
    """(number of objects, differing lines by object)."""
    compare_networks(real["Networks"], model["Networks"])
    count, lines = 0, {}
    for section in ("Services", "Networks", "Secrets", "Configs"):
        ours = {object_name(item): item for item in model[section]}
        theirs = {object_name(item): item for item in real[section]}
        count += len(theirs) if section == "Services" else 0
        for key in sorted({*ours, *theirs}):
            if key in ours and key in theirs:
                found = differences(theirs[key], ours[key], section, key)
            else:
                found = [f"{key}: only {'the model' if key in ours else 'the engine'} has it"]
            if found:
                lines[section, key] = found
    return count, lines


def check_comparison():
    """The comparison sees what it must see: without this, "equal" would mean nothing."""
    spec = {"ID": "x", "Spec": {"Name": "a", "TaskTemplate": {"Networks": [{"Target": "n"}], "Placement": {}}}}
    for change in ({"Name": "b"}, {"Name": "a", "More": 1}, {"Name": 1}, {}):
        for pair in ((spec, {"Spec": spec["Spec"] | change | ({} if change else {"TaskTemplate": {}})}),):
            assert differences(*pair, "Services", "a"), change
    assert differences({"a": [1]}, {"a": [1, 2]}, "Services", "a")
    assert differences({"a": False}, {"a": 0}, "Services", "a")
    assert not differences(spec, {"Spec": spec["Spec"]}, "Services", "a")


def short(value):
    text = json.dumps(value)
    return text if len(text) < 200 else text[:200] + "…"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="stack files (default: corpus and test data)")
    options = parser.parse_args()
    check_comparison()
    program = files.program()
    begin = time.monotonic()
    services = equal = objects = there_and_back = same = 0
    refused, different = [], 0
    try:
        with engines.Engine() as engine, tempfile.TemporaryDirectory(prefix="stackferry-stacks-") as scratch:
            # Nothing has to run, only to exist.
            engine.docker("node", "update", "--availability", "drain", engine.list("node")[0])
            for file in options.files or stacks.find():
                stack = stacks.Stack(engine, file.resolve(), Path(scratch).resolve())
                try:
                    reason = stack.deploy()
                    status, output, messages = files.run(
                        [program, "model", "--quiet", *stack.arguments, stack.name],
                        env=stack.env | {"HOME": engine.env["HOME"]}, cwd=stack.file.parent, timeout=20)
                    if reason:
                        refused.append((file, reason, status))
                        continue
                    if status != 0:
                        different += 1
                        print(f"{files.short(file)}: deployed, but refused by stackferry:\n{messages}")
                        continue
                    count, lines = compare(engine_state(engine, stack.name), json.loads(output))
                    there_and_back += 1
                    found = roundtrip.compare(stack, engine, program)
                    same += not found
                    for line in found:
                        print(f"{files.short(file)}: {line}")
                finally:
                    stack.remove()
                services += count
                equal += count - sum(section == "Services" for section, _ in lines)
                objects += 1
                different += bool(lines)
                for found in lines.values():
                    print(f"{files.short(file)}: " + f"\n{files.short(file)}: ".join(found))
    except engines.Unavailable as reason:
        return engines.unavailable(reason)
    reasons = {}
    for file, reason, status in refused:
        reasons.setdefault(reason, []).append(files.short(file) + ("" if status else " (taken by stackferry)"))
    print(f"could not be deployed: {len(refused)} stacks")
    for reason, names in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
        print(f"  {len(names)} × {reason}")
        for item in names:
            print(f"      {item}")
    print(f"from the file as from the snapshot {same} of {there_and_back} stacks")
    print(f"equal {equal} of {services} services in {objects} stacks, {time.monotonic() - begin:.0f} s")
    return 1 if different or not services or same < there_and_back else 0


if __name__ == "__main__":
    sys.exit(main())
