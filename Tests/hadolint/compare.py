"""Compares `stackferry audit` with hadolint, for the rules that both have: by file, line and rule.

    compare.py HADOLINT [FOLDER…]

Every file that hadolint can parse must be parsed. What differs on purpose is listed in EXPLAINED with its reason; anything
else that differs fails. The share of findings in which both agree must be at least 98 %.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys

PROGRAM = os.environ["STACKFERRY"]
PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "audit.md"
LEAST = 0.98


def mapping():
    """Code of hadolint → slug, from the table of docs/audit.md."""
    codes = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        row = re.match(r"\| \[`(image/[a-z-]+)`\]\S* \| \w+ \| \w* \| (.*?) ?\|$", line)
        if row:
            for code in re.findall(r"DL\d{4}", row.group(2)):
                codes[code] = row.group(1)
    return codes


def stage(lines, line):
    """The lines of the stage that a line is in, and whether it is the last."""
    starts = [number for number, text in enumerate(lines, 1) if re.match(r"\s*FROM\s", text, re.I)]
    begin = max((number for number in starts if number <= line), default=1)
    end = min((number for number in starts if number > line), default=len(lines) + 1)
    return lines[begin - 1 : end - 1], end > len(lines)


def without(keyword):
    """The last stage has no instruction of that name."""
    def check(lines, line):
        own, is_last = stage(lines, line)
        return is_last and not any(re.match(rf"\s*{keyword}\s", text, re.I) for text in own)
    return check


def thrown_away(lines, line):
    return not stage(lines, line)[1]


# slug → (who finds it alone, what the lines look like or a test of file and line, why)
EXPLAINED = [
    ("image/root-user", "stackferry", without("USER"), "an image without any USER"),
    ("image/root-user", "hadolint", thrown_away, "the user of a stage that is thrown away"),
    ("image/no-healthcheck", "hadolint", thrown_away, "a stage that is thrown away needs none"),
    ("image/secret-in-environment", "hadolint", r"(?i)username|_USER|_NAME|GROUPID|ORGURL|CLIENTID|EMAIL", "a name is no secret"),
    ("image/secret-in-environment", "hadolint", r"(?i)_FILE=|=/run/|=/", "says where a secret is"),
    ("image/secret-in-environment", "stackferry", r"(?i)(_|\b)(pass|pwd|passwd|apikey|credential)", "a word that hadolint does not know"),
    ("image/user-name", "hadolint", r"\$", "a variable may be a number"),
    ("image/pipe-failure", "hadolint", r"pipefail", "set -o pipefail in the script"),
    ("image/shell-form", "hadolint", r"exec ", "exec replaces the shell"),
    ("image/apt-lists", "hadolint", r"/var/lib/apt", "removed by another rm"),
    ("image/system-upgrade", "stackferry", r"^(?!.*zypper.*dist-upgrade)", "hadolint 2.15 looks at zypper only"),
    ("image/node-cache", "stackferry", r"npm|yarn(?! install)", "hadolint looks at yarn install only"),
    ("image/node-cache", "hadolint", r"yarn", "the cache of a stage that is thrown away"),
    ("image/latest-base", "hadolint", r"\$", "the ARG's default names a stage, or has a tag"),
    ("image/latest-base", "stackferry", r"\$", "the ARG's default is latest"),
    ("image/shell-form", "stackferry", r"\[\".*\\[^\"\\/bfnrtu]", "no JSON, so the shell form for Docker"),
    ("image/pip-cache", "hadolint", r"\.cache|type=cache", "removed in the same RUN, or a cache mount"),
]


def run(command):
    return subprocess.run(command, capture_output=True, text=True, errors="replace")


def hadolint(program, files, codes):
    found = collections.defaultdict(set)
    broken = set()
    for start in range(0, len(files), 200):
        result = run([program, "--no-fail", "--info", "DL3057", "--format", "json", *files[start : start + 200]])
        for finding in json.loads(result.stdout or "[]"):
            if finding["code"] == "DL1000":
                broken.add(finding["file"])
            elif finding["code"] in codes:
                found[finding["file"]].add((codes[finding["code"]], finding["line"]))
    return found, broken


def instruction_starts(lines):
    """The first line of the instruction that each line belongs to: hadolint gives that line only."""
    starts, start, escape, heredocs = {}, None, "\\", []
    for number, line in enumerate(lines, 1):
        if start is None and heredocs:
            starts[number] = heredoc_start
            if line.lstrip("\t").rstrip("\r") == heredocs[0]:
                heredocs.pop(0)
            continue
        directive = re.match(r"#\s*escape\s*=\s*(\S)", line, re.I)
        if directive and number < 3:
            escape = directive.group(1)
        stripped = line.strip()
        if start is None:
            if not stripped or stripped.startswith("#"):
                continue
            start = number
        starts[number] = start
        if stripped.startswith("#") or not stripped:
            continue
        if not stripped.endswith(escape):
            if re.match(r"(RUN|COPY|ADD)\b", lines[start - 1].strip(), re.I):
                text = " ".join(lines[start - 1 : number])
                heredocs, heredoc_start = re.findall(r"(?<!\S)\d*<<-?[\"']?(\w+)", text), start
            start = None
    return starts


def stackferry(files, slugs):
    result = run([PROGRAM, "audit", "--quiet", "--fail-on", "none", "--format", "json", *files])
    if result.returncode not in (0, 2):
        sys.exit(f"stackferry: status {result.returncode}\n{result.stderr}")
    found = collections.defaultdict(set)
    broken = {}
    for file in json.loads(result.stdout)["files"]:
        lines = pathlib.Path(file["path"]).read_text(errors="replace").split("\n")
        starts = instruction_starts(lines)
        for finding in file["findings"]:
            line = finding.get("line", 1)
            if finding["slug"].startswith("dockerfile/"):
                if finding["severity"] == "error":
                    broken[file["path"]] = f"{line}: {finding['text']}"
            elif finding["slug"] in slugs:
                found[file["path"]].add((finding["slug"], starts.get(line, line)))
    return found, broken


def explained(slug, who, text, lines, line):
    def applies(pattern):
        return pattern(lines, line) if callable(pattern) else re.search(pattern, text)

    return next((why for s, w, pattern, why in EXPLAINED if s == slug and w == who and applies(pattern)), None)


def main():
    codes = mapping()
    if not codes:
        sys.exit(f"no table of rules in {PAGE}")
    files = []
    for folder in sys.argv[2:]:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file() and "dockerfile" in path.name.lower() and not path.name.endswith(".dockerignore"):
                files.append(str(path))
    if not files:
        sys.exit("no Dockerfiles to compare")
    theirs, unparsed = hadolint(sys.argv[1], files, codes)
    mine, broken = stackferry(files, set(codes.values()))
    # What hadolint cannot parse it says nothing about.
    compared = [file for file in files if file not in unparsed]
    failures = [f"{file}:{broken[file]} (hadolint parses it)" for file in compared if file in broken]
    tables = collections.defaultdict(lambda: collections.Counter())
    reasons = collections.Counter()
    for file in compared:
        lines = pathlib.Path(file).read_text(errors="replace").split("\n")
        starts = instruction_starts(lines)
        for slug, line in sorted(theirs[file] | mine[file]):
            row = tables[slug]
            if (slug, line) in theirs[file] and (slug, line) in mine[file]:
                row["both"] += 1
                continue
            who = "hadolint" if (slug, line) in theirs[file] else "stackferry"
            text = "\n".join(lines[n - 1] for n in sorted(starts) if starts[n] == line) or lines[line - 1]
            why = explained(slug, who, text, lines, line)
            row["explained" if why else who] += 1
            if why:
                reasons[f"{slug}, {who} alone: {why}"] += 1
            else:
                failures.append(f"{file}:{line}: {slug}: only {who} finds it")
    print(f"{len(files)} files, of which hadolint parses {len(compared)} and stackferry {len(files) - len(broken)}\n")
    print(f"{'rule':32}{'both':>8}{'explained':>11}{'hadolint':>10}{'stackferry':>12}")
    total = collections.Counter()
    for slug in sorted(set(codes.values())):
        row = tables[slug]
        total.update(row)
        print(f"{slug:32}{row['both']:8}{row['explained']:11}{row['hadolint']:10}{row['stackferry']:12}")
    decided = total["both"] + total["hadolint"] + total["stackferry"]
    share = total["both"] / decided if decided else 1
    print(f"\nagreement {share:.1%} of {decided}, beside {total['explained']} differences on purpose:")
    for reason, count in sorted(reasons.items()):
        print(f"  {count:4}  {reason}")
    for failure in failures:
        print(failure, file=sys.stderr)
    if share < LEAST or any("hadolint parses it" in failure for failure in failures):
        sys.exit(1)


main()
