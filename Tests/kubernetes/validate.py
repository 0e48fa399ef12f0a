#!/usr/bin/env python3
"""Checks manifests against the published schemas of Kubernetes, and a few rules beyond them.

Every object is validated strictly (an unknown field is an error) for the oldest and the newest
supported version. The rules beyond the schemas are what the API server checks in code: legal names
and label values, selectors that match their own template, objects that stand there once.
"""

import argparse
import importlib.resources
import json
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import jsonschema
import yaml
from referencing import Registry, Resource

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = ("1.30", "1.36")
# Resources that a cluster gets from elsewhere: the package has no schemas for them.
CUSTOM = ("traefik.io", "gateway.networking.k8s.io", "external-secrets.io", "bitnami.com",
          "snapshot.storage.k8s.io", "cert-manager.io", "monitoring.coreos.com", "kustomize.config.k8s.io",
          "cilium.io", "keda.sh")


class Reader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Reads YAML 1.1, as the API server does, and refuses a key that stands twice, as it does."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if isinstance(name, str):
                if name in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {name!r} stands twice", key.start_mark)
                seen.add(name)
        return super().construct_mapping(node, deep)


# A plain `=` is text to the API server.
Reader.add_constructor("tag:yaml.org,2002:value", lambda reader, node: node.value)


class Schemas:
    """The schemas of one version, read once and kept."""

    def __init__(self, version):
        folder = importlib.resources.files("kubernetes_validate").joinpath("kubernetes-json-schema")
        names = [entry.name for entry in folder.iterdir()
                 if re.fullmatch(rf"v{re.escape(version)}\.\d+-local-strict", entry.name)]
        if not names:
            sys.exit(f"error: kubernetes-validate has no schemas for {version}")
        self.folder = folder.joinpath(sorted(names)[-1])
        definitions = json.loads(self.folder.joinpath("_definitions.json").read_text("utf-8"))
        self.registry = Resource.from_contents(definitions) @ Registry()
        self.validators = {}

    def validator(self, api, kind):
        """The validator of a kind; None where this version does not have it."""
        key = (api, kind)
        if key not in self.validators:
            # networking.k8s.io/v1 → networking-v1
            group = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api)
            path = self.folder.joinpath(f"{kind.lower()}-{group}.json")
            validator = None
            if path.is_file():
                schema = json.loads(path.read_text("utf-8"))
                registry = Resource.from_contents(schema) @ self.registry
                validator = jsonschema.Draft202012Validator(schema, registry=registry)
            self.validators[key] = validator
        return self.validators[key]


LOADED = {}


def schemas(version):
    if version not in LOADED:
        LOADED[version] = Schemas(version)
    return LOADED[version]


LABEL = re.compile(r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
DNS_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")
DNS_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
KEY = re.compile(r"(?:(?=[^/]{1,253}/)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*/)?"
                 r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
PORT_NAME = re.compile(r"(?=.{1,15}$)(?=.*[a-z])[a-z0-9](?:-?[a-z0-9])*")
DNS_LABEL_KINDS = {"Namespace", "Service", "StatefulSet"}


def metadata_problems(metadata, where, kind=None):
    name = metadata.get("name")
    if kind is not None:
        rule = DNS_LABEL if kind in DNS_LABEL_KINDS else DNS_NAME
        if not isinstance(name, str) or not rule.fullmatch(name):
            yield f"{where}.name: {name!r} is no legal name of a {kind}"
        elif kind == "Service" and name[0].isdigit():
            yield f"{where}.name: a Service name begins with a letter: {name!r}"
        elif kind == "CronJob" and len(name) > 52:
            yield f"{where}.name: the name of a CronJob has at most 52 characters: {name!r}"
    for key, value in (metadata.get("labels") or {}).items():
        if not KEY.fullmatch(str(key)):
            yield f"{where}.labels: {key!r} is no legal key"
        if not isinstance(value, str) or not LABEL.fullmatch(value):
            yield f"{where}.labels[{key}]: {value!r} is no legal label value"
    total = 0
    for key, value in (metadata.get("annotations") or {}).items():
        if not KEY.fullmatch(str(key).lower()) and not KEY.fullmatch(str(key)):
            yield f"{where}.annotations: {key!r} is no legal key"
        if not isinstance(value, str):
            yield f"{where}.annotations[{key}]: {value!r} is no text"
        total += len(str(key).encode()) + len(str(value).encode())
    if total > 256 * 1024:
        yield f"{where}.annotations: more than 256 KiB"


def template_of(item):
    """The pod template of a workload and its path; (None, "") for other kinds."""
    spec = item.get("spec") or {}
    if item["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet"):
        return spec.get("template") or {}, "spec.template"
    if item["kind"] == "CronJob":
        return ((spec.get("jobTemplate") or {}).get("spec") or {}).get("template") or {}, \
            "spec.jobTemplate.spec.template"
    return None, ""


def pod_problems(spec, where):
    volumes = [volume.get("name") for volume in spec.get("volumes") or []]
    for name in sorted({name for name in volumes if volumes.count(name) > 1}, key=str):
        yield f"{where}.volumes: {name!r} stands there twice"
    for name in volumes:
        if not isinstance(name, str) or not DNS_LABEL.fullmatch(name):
            yield f"{where}.volumes: {name!r} is no legal name"
    claims = set(volumes)
    containers = (spec.get("containers") or []) + (spec.get("initContainers") or [])
    names = [container.get("name") for container in containers]
    for name in names:
        if not isinstance(name, str) or not DNS_LABEL.fullmatch(name):
            yield f"{where}.containers: {name!r} is no legal name"
        elif names.count(name) > 1:
            yield f"{where}.containers: {name!r} stands there twice"
    for container in containers:
        place = f"{where}.containers[{container.get('name')}]"
        mounts = container.get("volumeMounts") or []
        paths = [mount.get("mountPath") for mount in mounts]
        for path in sorted({path for path in paths if paths.count(path) > 1}, key=str):
            yield f"{place}.volumeMounts: {path!r} is mounted twice"
        for mount in mounts:
            if mount.get("name") not in claims:
                yield f"{place}.volumeMounts: there is no volume {mount.get('name')!r}"
            path = str(mount.get("mountPath", ""))
            if ":" in path and not re.match(r"[A-Za-z]:[\\/]", path):
                yield f"{place}.volumeMounts: a colon in {mount.get('mountPath')!r}"
            if ".." in str(mount.get("subPath", "")).split("/") or str(mount.get("subPath", "")).startswith("/"):
                yield f"{place}.volumeMounts: subPath {mount.get('subPath')!r}"
        variables = [variable.get("name") for variable in container.get("env") or []]
        for name in sorted({name for name in variables if variables.count(name) > 1}, key=str):
            yield f"{place}.env: {name!r} stands there twice"
        ports = set()
        for port in container.get("ports") or []:
            key = (port.get("containerPort"), port.get("protocol", "TCP"), port.get("hostPort"))
            if key in ports:
                yield f"{place}.ports: {key} stands there twice"
            ports.add(key)
            if "name" in port and not PORT_NAME.fullmatch(str(port["name"])):
                yield f"{place}.ports: {port['name']!r} is no legal port name"
        resources = container.get("resources") or {}
        for name, request in (resources.get("requests") or {}).items():
            limit = (resources.get("limits") or {}).get(name)
            if limit is not None and quantity(request) is not None and quantity(limit) is not None \
                    and quantity(request) > quantity(limit):
                yield f"{place}.resources: requests {name} {request}, more than the limit {limit}"


UNITS = {"": 1, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12,
         "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def quantity(text):
    match = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(text))
    return float(match.group(1)) * UNITS[match.group(2)] if match and match.group(2) in UNITS else None


def object_problems(item):
    """What the API server refuses in one object although the schema lets it pass."""
    kind = item["kind"]
    yield from metadata_problems(item.get("metadata") or {}, "metadata", kind)
    spec = item.get("spec") if isinstance(item.get("spec"), dict) else {}
    template, where = template_of(item)
    if template is not None:
        labels = (template.get("metadata") or {}).get("labels") or {}
        yield from metadata_problems(template.get("metadata") or {}, f"{where}.metadata")
        pod = dict(template.get("spec") or {})
        claims = [{"name": (claim.get("metadata") or {}).get("name")}
                  for claim in spec.get("volumeClaimTemplates") or []]
        pod["volumes"] = (pod.get("volumes") or []) + claims
        yield from pod_problems(pod, f"{where}.spec")
        if kind in ("Deployment", "StatefulSet", "DaemonSet"):
            wanted = ((spec.get("selector") or {}).get("matchLabels")) or {}
            if not wanted:
                yield "spec.selector: is empty"
            for key, value in wanted.items():
                if labels.get(key) != value:
                    yield f"spec.selector: {key}={value} is not on the template, which has {labels.get(key)!r}"
        policy = pod.get("restartPolicy", "Always")
        if kind in ("Job", "CronJob") and policy == "Always":
            yield f"{where}.spec.restartPolicy: a {kind} wants OnFailure or Never"
        if kind not in ("Job", "CronJob") and policy != "Always":
            yield f"{where}.spec.restartPolicy: a {kind} wants Always, not {policy}"
        if kind == "Deployment":
            strategy = spec.get("strategy") or {}
            rolling = strategy.get("rollingUpdate") or {}
            if strategy.get("type") == "Recreate" and rolling:
                yield "spec.strategy: Recreate has no rollingUpdate"
            if str(rolling.get("maxSurge", 1)) in ("0", "0%") and str(rolling.get("maxUnavailable", 1)) in ("0", "0%"):
                yield "spec.strategy: maxSurge and maxUnavailable are both 0"
    if kind == "Service":
        ports = spec.get("ports") or []
        names = [port.get("name") for port in ports]
        if len(ports) > 1 and (None in names or len(set(names)) != len(names)):
            yield "spec.ports: several ports want a name each, all different"
        for name in filter(None, names):
            if not DNS_LABEL.fullmatch(str(name)):
                yield f"spec.ports: {name!r} is no legal port name"
        keys = [(port.get("port"), port.get("protocol", "TCP")) for port in ports]
        if len(set(keys)) != len(keys):
            yield "spec.ports: the same port and protocol twice"
        if not ports and spec.get("clusterIP") != "None" and spec.get("type") != "ExternalName":
            yield "spec.ports: only a headless Service may have none"
    if kind in ("ConfigMap", "Secret"):
        size = 0
        for field in ("data", "stringData", "binaryData"):
            for key, value in (item.get(field) or {}).items():
                if not re.fullmatch(r"[-._A-Za-z0-9]{1,253}", str(key)) or key in (".", ".."):
                    yield f"{field}: {key!r} is no legal key"
                size += len(str(value).encode())
        if size > 1.4 * 2**20:
            yield f"holds {size} bytes, more than the 1 MiB that Kubernetes takes"


def stack_problems(items):
    """What is wrong between the objects of one stack."""
    seen = {}
    pods = []
    for index, (place, item) in enumerate(items):
        metadata = item.get("metadata") or {}
        key = (item["kind"], metadata.get("namespace", ""), metadata.get("name"))
        if key in seen:
            yield index, f"{key[0]} {key[1]}/{key[2]} is in {seen[key]} too"
        seen.setdefault(key, place)
        template, _ = template_of(item)
        if template is not None:
            labels = (template.get("metadata") or {}).get("labels") or {}
            pods.append((metadata.get("namespace", ""), labels))
    for index, (_, item) in enumerate(items):
        if item["kind"] not in ("Service", "PodDisruptionBudget"):
            continue
        spec = item.get("spec") or {}
        selector = spec.get("selector") or {}
        selector = selector.get("matchLabels", {}) if item["kind"] != "Service" else selector
        namespace = (item.get("metadata") or {}).get("namespace", "")
        if selector and not any(
                namespace == where and all(labels.get(key) == value for key, value in selector.items())
                for where, labels in pods):
            yield index, f"{item['kind']} {item['metadata'].get('name')}: its selector matches no pod: {selector}"


def stacks(folders):
    """(stack, files): a folder with a report is one stack; any other YAML file is one by itself.

    In `testdata/features`, only the goldens are manifests."""
    for folder in folders:
        base = Path(folder)
        if base.is_file():
            yield str(base), [base]
            continue
        if not base.is_dir():
            print(f"notice: {folder} is not there: skipped")
            continue
        claimed = []
        for report in sorted(base.rglob("report.md")):
            home = report.parent
            if any(home == other or other in home.parents for other in claimed):
                continue
            found = sorted(path for path in home.rglob("*") if path.suffix in (".yaml", ".yml", ".json"))
            if found and not (home / "stack.yml").exists():
                claimed.append(home)
                yield str(home), found
        for path in sorted(base.rglob("*")):
            if path.suffix not in (".yaml", ".yml") or any(home in path.parents for home in claimed):
                continue
            # What stands beside a golden, or in its folder `stacks`, is the input.
            home = path.parent.parent if path.parent.name == "stacks" else path.parent
            if (path.parent / "stack.yml").exists() and path.name != "expected.yaml":
                continue
            if home != path.parent and (home / "expected.yaml").exists():
                continue
            if path.name != "expected.yaml" and any(
                    (folder / "expected.yaml").exists() for folder in path.parents):
                continue
            yield str(path), [path]


def versions_for(paths, versions):
    """The versions that a golden is meant for: those from its target on, which is the newest unless
    its options name another."""
    options = paths[0].parent / "options.txt"
    if paths[0].name != "expected.yaml":
        return versions
    target = re.search(r"--kubernetes 1\.(\d+)", options.read_text()) if options.exists() else None
    least = int(target.group(1)) if target else max(int(version.split(".")[1]) for version in versions)
    return tuple(version for version in versions if int(version.split(".")[1]) >= least)


def check(job):
    """(objects, valid, unknown kinds, problems) of one stack."""
    _, paths, versions = job
    items, problems, invalid, custom = [], [], set(), set()
    for path in paths:
        try:
            relative = path.resolve().relative_to(ROOT)
        except ValueError:
            relative = path
        try:
            documents = list(yaml.load_all(path.read_bytes(), Loader=Reader))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = f"{relative}:{mark.line + 1}:{mark.column + 1}" if mark else str(relative)
            problems.append(f"{place}: is no YAML: {getattr(error, 'problem', error)}")
            continue
        for number, document in enumerate(documents, 1):
            if document is None:
                continue
            place = str(relative) + (f" (document {number})" if len(documents) > 1 else "")
            if not isinstance(document, dict) or not document.get("kind") or not document.get("apiVersion"):
                problems.append(f"{place}: has no kind and apiVersion")
                continue
            items.append((place, document))
    for index, (place, item) in enumerate(items):
        name = f"{place}: {item['kind']} {(item.get('metadata') or {}).get('name')}"
        group = item["apiVersion"].rpartition("/")[0]
        for version in versions:
            validator = schemas(version).validator(item["apiVersion"], item["kind"])
            if validator is None:
                if group in CUSTOM:
                    custom.add(f"{item['apiVersion']} {item['kind']}")
                    continue
                invalid.add(index)
                problems.append(f"{name}: {version} has no {item['apiVersion']} {item['kind']}")
                continue
            for error in sorted(validator.iter_errors(item), key=lambda error: list(map(str, error.path))):
                invalid.add(index)
                path = ".".join(str(step) for step in error.absolute_path)
                problems.append(f"{name}: {version}: {path or '(the object)'}: {error.message:.300}")
        for problem in object_problems(item):
            invalid.add(index)
            problems.append(f"{name}: {problem}")
    for index, problem in stack_problems(items):
        invalid.add(index)
        problems.append(f"{items[index][0]}: {problem}")
    return len(items), len(items) - len(invalid), custom, problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="+", help="folders of manifests, or single files")
    parser.add_argument("--versions", nargs="+", default=VERSIONS, metavar="1.NN",
                        help=f"versions of Kubernetes ({' '.join(VERSIONS)})")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    options = parser.parse_args()

    jobs = [(name, paths, versions_for(paths, tuple(options.versions)))
            for name, paths in stacks(options.folders)]
    total = valid = 0
    custom, problems = set(), []
    with ProcessPoolExecutor(options.jobs) as pool:
        for count, good, unknown, found in pool.map(check, jobs, chunksize=8):
            total += count
            valid += good
            custom |= unknown
            problems += found
    for problem in problems:
        print(problem)
    for kind in sorted(custom):
        print(f"notice: {kind}: a custom resource, no schema to check it against")
    versions = " and ".join(options.versions)
    if total == 0 and not problems:
        print("error: there was no object to check")
        return 1
    print(f"{valid} objects valid of {total} at {versions} ({len(jobs)} stacks)")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
