#!/usr/bin/env python3
"""Writes the table of kinds and fields that `stackferry validate` reads manifests with.

The types, the fields and what is required come from the published schemas of each version (as
PyPI's kubernetes-validate carries them). The schemas do not say which words a field takes: those
are listed here, from pkg/apis/*/validation of Kubernetes.

A line of the table is a kind (`kind apps/v1 Deployment TYPE`) or a type with its fields. A field is
NAME:TYPE, and TYPE one of

    s text     i 32-bit number     I 64-bit number     d number     b true or false     q quantity
    p number or text     y base64     t time     a anything     Name a type of the table
    [TYPE a list     {TYPE a mapping from names

followed by =A|B the words that it takes, @key,key what tells the items of a list apart, +33 there
from 1.33 on, -35 not there any more from 1.35 on, ! required (!+33 from 1.33 on, !-33 before).
"""

import argparse
import importlib.resources
import json
import re
import sys
from pathlib import Path

VERSIONS = range(30, 37)
META = "io.k8s.apimachinery.pkg.apis.meta.v1."
SCALARS = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "q",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "p",
    META + "Time": "t", META + "MicroTime": "t", META + "FieldsV1": "a",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "a",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON": "a",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool": "a",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray": "a",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray": "a",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus": "a",
}
# Requests and answers of the API, which nobody keeps in a file.
NOT_KEPT = {"APIGroup", "APIVersions", "APIResourceList", "Binding", "ComponentStatus", "DeleteOptions", "Eviction",
            "Event", "Scale", "SelfSubjectAccessReview", "SelfSubjectReview", "SelfSubjectRulesReview", "Status",
            "LocalSubjectAccessReview", "StorageVersion", "SubjectAccessReview", "TokenRequest", "TokenReview",
            "WatchEvent", "ResourcePoolStatusRequest"}
# What the cluster writes, and ignores in what it is given.
UNREAD = {"status", "managedFields"}

PROTOCOL = "TCP|UDP|SCTP"
OPERATOR = "In|NotIn|Exists|DoesNotExist"
PROFILE = "RuntimeDefault|Localhost|Unconfined"
ACCESS = "ReadWriteOnce|ReadOnlyMany|ReadWriteMany|ReadWriteOncePod"
EFFECT = "NoSchedule|PreferNoSchedule|NoExecute"
WORDS = {
    "Container.imagePullPolicy": "Always|IfNotPresent|Never",
    "Container.terminationMessagePolicy": "File|FallbackToLogsOnError",
    "ContainerPort.protocol": PROTOCOL,
    "ContainerResizePolicy.resourceName": "cpu|memory",
    "ContainerResizePolicy.restartPolicy": "NotRequired|RestartContainer",
    "PodSpec.restartPolicy": "Always|OnFailure|Never",
    "PodSpec.dnsPolicy": "ClusterFirst|ClusterFirstWithHostNet|Default|None",
    "PodSpec.preemptionPolicy": "PreemptLowerPriority|Never",
    "PodOS.name": "linux|windows",
    "Toleration.operator": "Equal|Exists|Lt|Gt",
    "Toleration.effect": EFFECT,
    "Taint.effect": EFFECT,
    "TopologySpreadConstraint.whenUnsatisfiable": "DoNotSchedule|ScheduleAnyway",
    "TopologySpreadConstraint.nodeAffinityPolicy": "Honor|Ignore",
    "TopologySpreadConstraint.nodeTaintsPolicy": "Honor|Ignore",
    "LabelSelectorRequirement.operator": OPERATOR,
    "ScopedResourceSelectorRequirement.operator": OPERATOR,
    "ScopedResourceSelectorRequirement.scopeName":
        "Terminating|NotTerminating|BestEffort|NotBestEffort|PriorityClass|CrossNamespacePodAffinity|"
        "VolumeAttributesClass",
    "NodeSelectorRequirement.operator": OPERATOR + "|Gt|Lt",
    "HTTPGetAction.scheme": "HTTP|HTTPS",
    "SeccompProfile.type": PROFILE,
    "AppArmorProfile.type": PROFILE,
    "PodSecurityContext.fsGroupChangePolicy": "OnRootMismatch|Always",
    "PodSecurityContext.supplementalGroupsPolicy": "Merge|Strict",
    "PodSecurityContext.seLinuxChangePolicy": "MountOption|Recursive",
    "SecurityContext.procMount": "Default|Unmasked",
    "VolumeMount.mountPropagation": "None|HostToContainer|Bidirectional",
    "VolumeMount.recursiveReadOnly": "Disabled|IfPossible|Enabled",
    "HostPathVolumeSource.type":
        "|DirectoryOrCreate|Directory|FileOrCreate|File|Socket|CharDevice|BlockDevice",
    "ImageVolumeSource.pullPolicy": "Always|IfNotPresent|Never",
    "PersistentVolumeClaimSpec.accessModes": ACCESS,
    "PersistentVolumeClaimSpec.volumeMode": "Filesystem|Block",
    "PersistentVolumeSpec.accessModes": ACCESS,
    "PersistentVolumeSpec.volumeMode": "Filesystem|Block",
    "PersistentVolumeSpec.persistentVolumeReclaimPolicy": "Retain|Delete|Recycle",
    "StorageClass.reclaimPolicy": "Retain|Delete",
    "StorageClass.volumeBindingMode": "Immediate|WaitForFirstConsumer",
    "ServicePort.protocol": PROTOCOL,
    "ServiceSpec.type": "ClusterIP|NodePort|LoadBalancer|ExternalName",
    "ServiceSpec.sessionAffinity": "None|ClientIP",
    "ServiceSpec.externalTrafficPolicy": "Cluster|Local",
    "ServiceSpec.internalTrafficPolicy": "Cluster|Local",
    "ServiceSpec.ipFamilies": "IPv4|IPv6",
    "ServiceSpec.ipFamilyPolicy": "SingleStack|PreferDualStack|RequireDualStack",
    "DeploymentStrategy.type": "RollingUpdate|Recreate",
    "DaemonSetUpdateStrategy.type": "RollingUpdate|OnDelete",
    "StatefulSetUpdateStrategy.type": "RollingUpdate|OnDelete",
    "StatefulSetSpec.podManagementPolicy": "OrderedReady|Parallel",
    "StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted": "Retain|Delete",
    "StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled": "Retain|Delete",
    "JobSpec.completionMode": "NonIndexed|Indexed",
    "JobSpec.podReplacementPolicy": "TerminatingOrFailed|Failed",
    "PodFailurePolicyRule.action": "FailJob|FailIndex|Ignore|Count",
    "PodFailurePolicyOnExitCodesRequirement.operator": "In|NotIn",
    "CronJobSpec.concurrencyPolicy": "Allow|Forbid|Replace",
    "NetworkPolicyPort.protocol": PROTOCOL,
    "NetworkPolicySpec.policyTypes": "Ingress|Egress",
    "HTTPIngressPath.pathType": "Exact|Prefix|ImplementationSpecific",
    "IngressClassParametersReference.scope": "Cluster|Namespace",
    "MetricSpec.type": "Resource|ContainerResource|Pods|Object|External",
    "MetricTarget.type": "Utilization|Value|AverageValue",
    "HPAScalingPolicy.type": "Pods|Percent",
    "HPAScalingRules.selectPolicy": "Max|Min|Disabled",
    "PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy": "IfHealthyBudget|AlwaysAllow",
    "PriorityClass.preemptionPolicy": "PreemptLowerPriority|Never",
    "RoleRef.kind": "Role|ClusterRole",
    "Subject.kind": "ServiceAccount|User|Group",
    "ResourceQuotaSpec.scopes":
        "Terminating|NotTerminating|BestEffort|NotBestEffort|PriorityClass|CrossNamespacePodAffinity|"
        "VolumeAttributesClass",
    "CustomResourceDefinitionSpec.scope": "Namespaced|Cluster",
}
# `EphemeralContainer` is a container with other rules.
WORDS |= {f"Ephemeral{key}": value for key, value in WORDS.items() if key.startswith("Container.")}
# The schemas do not tell what is told apart by several keys, or only by some versions.
KEYS = {"Container.ports": ("containerPort", "protocol"), "ServiceSpec.ports": ("port", "protocol")}


def definitions(minor):
    folder = importlib.resources.files("kubernetes_validate").joinpath("kubernetes-json-schema")
    names = [entry.name for entry in folder.iterdir() if re.fullmatch(rf"v1\.{minor}\.\d+-local-strict", entry.name)]
    if not names:
        sys.exit(f"error: kubernetes-validate has no schemas for 1.{minor}")
    return json.loads(folder.joinpath(sorted(names)[-1], "_definitions.json").read_text("utf-8"))["$defs"]


def group_version(kind):
    return f"{kind['group']}/{kind['version']}" if kind["group"] else kind["version"]


class Table:
    def __init__(self):
        self.versions = {minor: definitions(minor) for minor in VERSIONS}
        self.names = {}
        self.wanted = []
        self.kinds = {}
        for minor, schemas in self.versions.items():
            for name, schema in schemas.items():
                for kind in schema.get("x-kubernetes-group-version-kind", []):
                    if kind["kind"] not in NOT_KEPT and "alpha" not in kind["version"]:
                        if not kind["kind"].endswith("List"):
                            self.kinds.setdefault((group_version(kind), kind["kind"]), {})[minor] = name
        for found in self.kinds.values():
            self.want(list(found.values())[-1])

    def want(self, name):
        """The short name of a definition, which gets into the table."""
        if name in self.names:
            return self.names[name]
        parts = name.split(".")
        short = parts[-1]
        if short in self.names.values():
            # v1 of a group that is not the first with this name.
            short = "".join(part.capitalize() for part in parts[-3:-1]) + short
        assert short not in self.names.values(), name
        self.names[name] = short
        self.wanted.append(name)
        return short

    def type_of(self, schema):
        if "$ref" in schema:
            target = schema["$ref"].rpartition("/")[2]
            if target in SCALARS:
                return SCALARS[target]
            for schemas in self.versions.values():
                definition = schemas.get(target)
                if definition is not None and "properties" not in definition:
                    return "a" if "type" not in definition else self.type_of(definition)
            return self.want(target)
        if schema.get("x-kubernetes-int-or-string"):
            return "p"
        if "oneOf" in schema:
            return "q" if any("number" in option["type"] for option in schema["oneOf"]) else "p"
        kinds = schema.get("type", [])
        kind = next((kind for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind != "null"), None)
        if kind == "array":
            return "[" + self.type_of(schema["items"])
        if kind == "object":
            inner = schema.get("additionalProperties")
            return "{" + self.type_of(inner) if isinstance(inner, dict) else "a"
        return {"string": {"byte": "y", "date-time": "t"}.get(schema.get("format"), "s"),
                "integer": "I" if schema.get("format") == "int64" else "i",
                "number": "d", "boolean": "b", None: "a"}[kind]

    def field(self, short, field, found):
        """A field as the table has it; `found` is its schema and whether it is required, by version."""
        newest = found[max(found)][0]
        text = f"{field}:" + ("a" if field in UNREAD else self.type_of(newest))
        words = WORDS.pop(f"{short}.{field}", None)
        if words is not None:
            text += f"={words}"
        keys = newest.get("x-kubernetes-list-map-keys") or KEYS.get(f"{short}.{field}")
        if keys:
            text += "@" + ",".join(keys)
        return text + self.span(found) + self.requirement(found)

    @staticmethod
    def span(versions):
        first, last = min(versions), max(versions)
        assert set(versions) == set(range(first, last + 1)), versions
        return (f"+{first}" if first > VERSIONS[0] else "") + (f"-{last + 1}" if last < VERSIONS[-1] else "")

    @staticmethod
    def requirement(found):
        required = sorted(minor for minor, (_, needed) in found.items() if needed)
        if not required:
            return ""
        assert required == list(range(required[0], required[-1] + 1)), required
        return "!" + (f"+{required[0]}" if required[0] > min(found) else "") + (
            f"-{required[-1] + 1}" if required[-1] < max(found) else "")

    def lines(self):
        for (version, kind), found in sorted(self.kinds.items()):
            yield f"kind {version} {kind} {self.names[list(found.values())[-1]]}{self.span(found)}"
        rows = []
        for name in self.wanted:  # grows while it is read
            short = self.names[name]
            fields = {}
            for minor, schemas in self.versions.items():
                schema = schemas.get(name, {})
                for field, inner in schema.get("properties", {}).items():
                    fields.setdefault(field, {})[minor] = (inner, field in schema.get("required", []))
            rows.append(" ".join([short] + [self.field(short, field, found) for field, found in sorted(fields.items())]))
        yield from sorted(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", help="where to write the table")
    parser.add_argument("--check", action="store_true", help="only say whether the table is up to date")
    options = parser.parse_args()
    lines = list(Table().lines())
    if WORDS:
        sys.exit(f"error: there are no such fields: {', '.join(WORDS)}")
    text = "# Written by Tests/kubernetes/schemas.py (make schemas), which says how to read it.\n"
    text += f"versions {VERSIONS[0]} {VERSIONS[-1]}\n" + "\n".join(lines) + "\n"
    path = Path(options.file)
    if options.check:
        if path.read_text("utf-8") != text:
            sys.exit(f"error: {path} is out of date; run make schemas")
        return
    path.write_text(text, "utf-8")
    print(f"{path}: {len(lines)} lines, {len(text)} bytes")


if __name__ == "__main__":
    main()
