#!/usr/bin/env python3
"""Builds the bundled example's images before and after what the audit mends, and shows what they weigh.

Three times each: as it was written, after `stackferry audit --fix`, and after the hints were followed by hand
(`by-hand/`). Each image must run: its service is asked over HTTP. What `stackferry audit --image` says of the
saved archives must be what the engine says: the same size, the same user, and less of it each time.
"""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bases

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "corpus"))
import corpus as files  # noqa: E402

EXAMPLE = files.ROOT / "testdata" / "audit" / "example"
BY_HAND = Path(__file__).resolve().parent / "by-hand"
# Service: where it answers, and the start of what it says.
SERVICES = {"storefront": 80, "reports": 8000, "orders": 8080}
HAND_PORTS = {**SERVICES, "storefront": 8080}


def run(command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    return done


def answer(running, container, port):
    """What the service says, asked from inside the engine's own network."""
    child = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()[0]
    address = running.inspect("container", [container])[0]["NetworkSettings"]["IPAddress"]
    done = run(["nsenter", f"--net=/proc/{child}/ns/net", sys.executable, "-c",
                "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())",
                f"http://{address}:{port}/"])
    return done.stdout.strip() if done.returncode == 0 else None


def build(running, service, state, context, dockerfile):
    """Builds an image, and sees whether it runs. Returns its size as the engine has it."""
    image = f"harbourshop/{service}:{state}"
    running.docker("build", "-q", "-t", image, "-f", dockerfile, "--build-arg", "PYTHON=3.8", context,
                   env={"DOCKER_BUILDKIT": "0"}, timeout=300)
    container = f"{service}-{state}"
    running.docker("run", "-d", "--name", container, image)
    port = (HAND_PORTS if state == "by-hand" else SERVICES)[service]
    try:
        said = running.wait(lambda: answer(running, container, port), 60, f"{image} to answer on port {port}")
    except RuntimeError as problem:
        logs = running.docker("logs", container, check=False)
        raise RuntimeError(f"{problem}\n{logs.stdout}{logs.stderr}") from None
    assert said == service, f"{image} answered {said!r}"
    user = running.docker("exec", container, "id", "-u").stdout.strip()
    running.docker("rm", "-f", container)
    return {"image": image, "size": running.inspect("image", [image])[0]["Size"], "user": user}


def audit(program, *arguments):
    done = run([program, "audit", "--quiet", "--fail-on", "none", "--format", "json", *arguments])
    if done.returncode != 0:
        raise RuntimeError(f"stackferry audit: {done.stderr}")
    return json.loads(done.stdout)


def measure(running, program, work, fixed, service):
    """Builds one service's images, and compares each with the first. Returns what is to be said, and the failures."""
    lines, failures, archives = [], [], {}
    for state, context, dockerfile in (
            ("before", EXAMPLE / service, EXAMPLE / service / "Dockerfile"),
            ("fixed", fixed / service, fixed / service / "Dockerfile"),
            ("by-hand", fixed / service, BY_HAND / f"{service}.Dockerfile")):
        made = build(running, service, state, context, dockerfile)
        archives[state] = work / f"{service}-{state}.tar"
        running.docker("save", "-o", archives[state], made["image"])
        arguments = ["--image", archives["before"]] if state != "before" else []
        seen = audit(program, *arguments, "--image", archives[state])["images"][-1]
        before = seen.get("before", {})
        lines.append(f"  {service:<11} {state:<9} {made['size'] / 1e6:7.1f} MB {seen['size'] / 1e6:7.1f} MB "
                     f"{seen['wasted'] / 1e6:6.1f} MB  {made['user']:<6} "
                     + (f"{(seen['size'] / before['size'] - 1) * 100:+.2f} %" if before else ""))
        # The engine counts the length of each link's target.
        if abs(seen["size"] - made["size"]) > made["size"] / 1000 or seen["names"] != [made["image"]]:
            failures.append(f"{made['image']}: the engine says {made['size']:,} bytes, the audit "
                            f"{seen['size']:,} of {seen['names']}")
        if before and not seen["size"] < before["size"]:
            failures.append(f"{made['image']} is not smaller than before")
        if state == "by-hand":
            left = audit(program, dockerfile)["files"][0]["findings"]
            left = [finding["text"] for finding in left if finding["severity"] != "note"]
            if left or made["user"] == "0":
                failures.append(f"{made['image']} is not mended: {left}, user {made['user']}")
    return lines, failures


def compare(running, program):
    """Builds all images, the services beside each other."""
    work = running.folder / "images"
    work.mkdir()
    fixed = work / "fixed"
    shutil.copytree(EXAMPLE, fixed, ignore=shutil.ignore_patterns("expected"))
    mended = run([program, "audit", "-c", fixed / "stack.yml", "--fix", "--fail-on", "none"])
    if mended.returncode != 0:
        raise RuntimeError(f"stackferry audit --fix: {mended.stderr}")
    with ThreadPoolExecutor(len(SERVICES)) as pool:
        results = list(pool.map(lambda service: measure(running, program, work, fixed, service), SERVICES))
    print(f"  {'service':<11} {'state':<9} {'engine':>10} {'audit':>10} {'hidden':>9}  user   compared with before")
    for lines, _ in results:
        print("\n".join(lines))
    return [failure for _, failures in results for failure in failures]


def main():
    program = files.program()
    try:
        with bases.engine.Engine() as running:
            bases.load(running)
            failures = compare(running, program)
    except bases.engine.Unavailable as reason:
        return bases.engine.unavailable(reason)
    for failure in failures:
        print(f"  FAILED: {failure}")
    print("all images run, and weigh what the audit says" if not failures else f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
