"""Compares the manifests of a stack file with those of the stack captured from a running Swarm.

`stackferry convert -c FILE` and `stackferry capture | stackferry convert --from -` must say the same, but
for what a Swarm does not keep. DIFFERENCES lists that; docs/snapshot.md explains each.
"""

import copy
import json
import re
from pathlib import Path

import yaml

from stacks import STUB, files

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What a Swarm does not keep, so that no snapshot can give it back, and what is done about it here.
DIFFERENCES = {
    "values of secrets": "tasks only can read them: both sides are converted with `--secrets omit`",
    "names of files": "Swarm keeps a config's content and not its file's name: the keys in ConfigMaps and"
                      " Secrets, which come of it, are all called FILE before the comparison",
    "order of secrets, configs and ports": "the client sorts them: so does the comparison",
    "what Swarm ignores": "`expose` and the like never reach a Swarm: the file is converted without them",
    "keys of what has a name of its own": "the engine knows `name: x` and not the key: the file's keys are renamed",
    "files beside the stack": "a Swarm has binds as absolute paths: the file is converted away from its folder",
    "contents of external configs": "a snapshot has them: the file is given them, too",
    "start_interval of health checks": "engines before 25 do not have it: the file is converted without it",
    "subpath of volumes": "engines before 26 do not have it: the file is converted without it",
    "configs with a secret inside": "a template that puts a secret into a config is known from the file alone, where it"
                                    " makes a Secret of the config: one counts as the other",
    "what no service uses": "networks and volumes without users are never created; no manifest comes of them",
}


# Keys that `docker stack deploy` takes no notice of.
IGNORED = (
    "build", "cgroup_parent", "container_name", "depends_on", "devices", "domainname", "expose", "external_links",
    "ipc", "links", "mac_address", "network_mode", "pid", "privileged", "security_opt", "shm_size", "tmpfs",
    "userns_mode",
)


def documents(text):
    return {(item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]): item
            for item in yaml.load_all(text, Loader=Loader) if item}


def without_file_names(objects):
    """Calls the entries of ConfigMaps and Secrets, and every use of them, FILE; sorts projected sources."""
    for item in objects.values():
        if item["kind"] in ("ConfigMap", "Secret"):
            for part in ("data", "binaryData"):
                if len(item.get(part) or {}) == 1:
                    item[part] = {"FILE": next(iter(item[part].values()))}
        rename(item)
    return objects


def rename(value, is_projected=False):
    if isinstance(value, dict):
        for item in value.get("items") or []:
            if isinstance(item, dict) and "key" in item:
                # In a projected volume the path is where the file is mounted.
                item["path"] = "FILE" if item["path"] == item["key"] and not is_projected else item["path"]
                item["key"] = "FILE"
                # Swarm's default, which the volume has; only a file can say it once more.
                if item.get("mode") == 0o444:
                    del item["mode"]
        if "subPath" in value and "mountPath" in value:
            value["subPath"] = "FILE"
        if isinstance(value.get("sources"), list):
            value["sources"].sort(key=json.dumps)
        if isinstance(value.get("ports"), list):
            value["ports"].sort(key=json.dumps)
        for key, inner in value.items():
            rename(inner, is_projected or key == "sources")
    elif isinstance(value, list):
        for inner in value:
            rename(inner, is_projected)


def unify_filled_configs(left, right):
    """Makes volumes of a Secret, on the file's side, volumes of a ConfigMap where the snapshot's side has that."""
    for key in {*left} & {*right}:
        template = [side[key].get("spec", {}).get("template", {}).get("spec", {}).get("volumes") or []
                    for side in (left, right)]
        for ours, theirs in zip(*template):
            secret, config = ours.get("secret"), theirs.get("configMap")
            if secret and config and secret.get("secretName") == config.get("name"):
                secret["name"] = secret.pop("secretName")
                ours["configMap"] = ours.pop("secret")


def resolved(stack):
    """The stack as `docker stack config` prints it, changed where DIFFERENCES says so; None where nothing is."""
    config = copy.deepcopy(stack.config)
    changed = False
    services = (config.get("services") or {}).values()
    for section, kind in (("volumes", "source"), ("networks", None), ("configs", "source"), ("secrets", "source")):
        entries = config.get(section) or {}
        for key, entry in list(entries.items()):
            entry = entry or {}
            if section == "configs" and entry.get("external"):
                stub = stack.folder / f"stub-{key}"
                stub.write_text(STUB)
                entries[key] = entry = {"name": entry["name"], "file": str(stub)}
                changed = True
            name = entry.get("name")
            if not name or name == (key if entry.get("external") else f"{stack.name}_{key}"):
                continue
            changed = True
            new = re.sub(r"\{\{.*?\}\}", "", name.removeprefix(stack.name + "_")).strip("-_.")
            entries[new] = entries.pop(key)
            for service in services:
                used = service.get(section)
                if kind is None and isinstance(used, dict) and key in used:
                    used[new] = used.pop(key)
                for use in used or [] if kind else []:
                    if use.get(kind) == key:
                        use[kind] = new
                        if section != "volumes":
                            use.setdefault("target", key)
    for service in services:
        for mount in service.get("volumes") or []:
            if mount["type"] == "bind" and stack.folder in Path(mount["source"]).parents:
                changed = changed or Path(mount["source"]).exists()
    for service in services:
        for key in IGNORED:
            changed = service.pop(key, None) is not None or changed
    for service in services:
        for section in ("configs", "secrets"):
            def order(use, section=section):
                own = ((config.get(section) or {}).get(use["source"]) or {}).get("name")
                return (own or f"{stack.name}_{use['source']}", use.get("target") or "")
            changed = changed or service.get(section, []) != sorted(service.get(section, []), key=order)
            if section in service:
                service[section].sort(key=order)
    for service in services:
        # Its variables are in `environment` already.
        service.pop("env_file", None)
        changed = (service.get("healthcheck") or {}).pop("start_interval", None) is not None or changed
        for mount in service.get("volumes") or []:
            changed = (mount.get("volume") or {}).pop("subpath", None) is not None or changed
    return escaped(config) if changed else None


def escaped(value):
    """Doubles dollars, which are taken for variables when the document is read again."""
    if isinstance(value, dict):
        return {key: escaped(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [escaped(inner) for inner in value]
    return value.replace("$", "$$") if isinstance(value, str) else value


def differences(left, right, place):
    if isinstance(left, dict) and isinstance(right, dict):
        lines = []
        for key in sorted({*left, *right}, key=str):
            if key not in left:
                lines.append(f"{place}.{key}: only from the snapshot: {short(right[key])}")
            elif key not in right:
                lines.append(f"{place}.{key}: only from the file: {short(left[key])}")
            else:
                lines += differences(left[key], right[key], f"{place}.{key}")
        return lines
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        return [line for index, pair in enumerate(zip(left, right))
                for line in differences(*pair, f"{place}[{index}]")]
    return [] if left == right else [f"{place}: file {short(left)}, snapshot {short(right)}"]


def short(value):
    text = json.dumps(value, default=str)
    return text if len(text) < 160 else text[:160] + "…"


def compare(stack, engine, program):
    """The differing lines."""
    common = ["--quiet", "--secrets", "omit", "--allow-missing", "--nodes", "1", "-o", "-"]
    env = stack.env | {"HOME": engine.env["HOME"]}
    arguments, folder = stack.arguments, stack.file.parent
    document = resolved(stack)
    if document:
        folder = stack.folder.parent / "elsewhere"
        folder.mkdir(exist_ok=True)
        (folder / f"{stack.name}.yml").write_text(yaml.dump(document, sort_keys=False))
        arguments = ["-c", f"{stack.name}.yml"]
    status, from_file, messages = files.run(
        [program, "convert", *arguments, stack.name, *common], env=env, cwd=folder, timeout=20)
    if status != 0:
        return [f"cannot be converted from the file: {messages.strip()[-300:]}"]
    status, snapshot, messages = files.run(
        [program, "capture", "--quiet", stack.name], env=engine.env, cwd=stack.file.parent, timeout=30)
    if status != 0:
        return [f"cannot be captured: {messages.strip()[-300:]}"]
    path = stack.folder.parent / f"{stack.name}.json"
    path.write_bytes(snapshot)
    status, from_snapshot, messages = files.run(
        [program, "convert", "--from", str(path), stack.name, *common], env=env, cwd="/", timeout=20)
    if status != 0:
        return [f"cannot be converted from the snapshot: {messages.strip()[-300:]}"]
    left, right = (without_file_names(documents(text)) for text in (from_file, from_snapshot))
    unify_filled_configs(left, right)
    lines = []
    for key in sorted({*left, *right}):
        name = "/".join(part for part in key if part)
        if key not in right:
            lines.append(f"{name}: only from the file")
        elif key not in left:
            lines.append(f"{name}: only from the snapshot")
        else:
            lines += differences(left[key], right[key], name)
    return lines
