"""Base images for the tests in this folder, made on the machine: no registry is asked.

Node, Python and Java are the packages of the machine's own distribution, unpacked with the libraries that they
need beside a static busybox. apt-get, pip, npm, mvn and curl are stand-ins (`stand-ins/`), because a build here
has no network: they install from a folder of the image, and leave behind what the real ones leave: the
machine's own package lists, real wheels, tarballs. What an image weighs before and after a fix is measured on
real files. Python's standard library only.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "swarm"))
import engine  # noqa: E402

STORE = engine.ROOT / ".build-images"
STAND_INS = HERE / "stand-ins"
LIBRARIES = ["libc6", "libgcc-s1", "libstdc++6", "zlib1g", "busybox-static"]
PACKAGES = {
    "python": ["python3-minimal", "python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib",
               "libexpat1", "libssl3", "libffi8", "libbz2-1.0", "liblzma5"],
    "java": ["openjdk-17-jre-headless"],
    "compiler": ["openjdk-17-jdk-headless"],
    # Of what the full variants of official images carry, and the slim ones do not.
    "toolchain": ["git", "gcc-12", "cpp-12", "libc6-dev", "libgcc-12-dev"],
}
# Debian's own Node is built on shared libraries; upstream's holds all that it needs.
NODE = ["nodejs", "libnode108", "libuv1", "libcares2", "libnghttp2-14", "libicu72", "libbrotli1", "libssl3"]
WHEELS = ["gunicorn==23.0.0", "flask==3.0.3"]
# Tag: the runtimes in it.
BASES = {
    "node:latest": ["node", "toolchain"],
    "node:24-slim": ["node"],
    "python:3.8-buster": ["python", "toolchain"],
    "python:3.13-slim": ["python"],
    "openjdk:17-jdk-slim": ["java", "compiler"],
    "eclipse-temurin:17-jdk": ["java", "compiler"],
    "eclipse-temurin:17-jre": ["java"],
}


def fetch(folder, packages):
    """Unpacks packages of the distribution into a folder."""
    downloads = STORE / "packages"
    downloads.mkdir(parents=True, exist_ok=True)
    command = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", *packages]
    done = subprocess.run(command, cwd=downloads, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        shutil.rmtree(downloads)
        raise engine.Unavailable(f"apt-get cannot fetch the base images' programs: {done.stderr.strip()[-300:]}")
    for package in sorted(downloads.glob("*.deb")):
        subprocess.run(["dpkg", "-x", package, folder], check=True)
    shutil.rmtree(downloads)


def install():
    """Fetches what the base images are made of, once."""
    plan = json.dumps([LIBRARIES, PACKAGES, NODE, WHEELS])
    ready = STORE / "ready"
    if ready.is_file() and ready.read_text() == plan:
        return
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise engine.Unavailable("there is no apt-get to fetch the base images' programs with")
    shutil.rmtree(STORE, ignore_errors=True)
    fetch(STORE / "common", LIBRARIES)
    for name, packages in PACKAGES.items():
        fetch(STORE / name, packages)
    node = Path(os.path.realpath(shutil.which("node") or "/"))
    if node.is_file() and node.stat().st_size > 10 << 20:
        (STORE / "node" / "usr" / "bin").mkdir(parents=True)
        shutil.copy(node, STORE / "node" / "usr" / "bin" / "node")
    else:
        fetch(STORE / "node", NODE)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--only-binary=:all:",
         "--python-version", "3.11", "-d", STORE / "wheels", *WHEELS],
        capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise engine.Unavailable(f"pip cannot fetch the wheels: {done.stderr.strip()[-300:]}")
    for name in ("java", "compiler"):
        # What the packages' links lead to is made when they are configured, which they are not.
        for home in (STORE / name).glob("usr/lib/jvm/java-*"):
            for part in ("lib", "conf"):
                for link in (home / part).glob("**/*"):
                    if link.is_symlink() and not link.exists():
                        source = STORE / name / str(link.readlink()).lstrip("/")
                        if source.is_file():
                            link.unlink()
                            shutil.copyfile(source, link)
    ready.write_text(plan)


def lists():
    """The machine's package lists: what `apt-get update` leaves in an image."""
    return sorted(path for path in Path("/var/lib/apt/lists").glob("*_Packages*") if path.is_file())


def package(name, files):
    """A tarball of npm."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path, text in files.items():
            entry = tarfile.TarInfo(f"package/{path}")
            entry.size, entry.mode = len(text), 0o755
            tar.addfile(entry, io.BytesIO(text))
    return name, buffer.getvalue()


def archive(path, runtimes):
    """The root file system of a base image."""
    with tarfile.open(path, "w") as tar:
        seen = set()

        def add(name, kind, mode=0o755, data=b"", link=""):
            if name in seen:
                return
            seen.add(name)
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.size, entry.linkname = kind, mode, len(data), link
            tar.addfile(entry, io.BytesIO(data))

        for folder in ("bin", "etc", "proc", "sys", "dev", "var", "var/log", "var/lib", "run", "root", "srv",
                       "srv/mirror", "srv/mirror/lists", "srv/mirror/wheels", "srv/mirror/npm", "usr", "usr/bin",
                       "usr/local", "usr/local/bin", "home", "home/node"):
            add(folder, tarfile.DIRTYPE)
        add("tmp", tarfile.DIRTYPE, 0o1777)
        for runtime in ["common", *runtimes]:
            root = STORE / runtime
            for item in sorted(root.glob("**/*")):
                name = str(item.relative_to(root))
                if name.startswith("usr/share/") or item.is_dir() and not item.is_symlink():
                    continue
                if name not in seen:
                    seen.add(name)
                    tar.add(item, name, recursive=False)
        busybox = STORE / "common" / "bin" / "busybox"
        for command in subprocess.run([busybox, "--list"], capture_output=True, text=True,
                                      check=True).stdout.split():
            if command not in ("busybox", "dpkg"):
                add(f"bin/{command}", tarfile.SYMTYPE, link="busybox")
        add("bin/bash", tarfile.REGTYPE, data=b'#!/bin/sh\nexec sh "$@"\n')
        for tool in sorted(STAND_INS.iterdir()):
            add(f"usr/local/bin/{tool.name}", tarfile.REGTYPE, data=tool.read_bytes())
        for java in sorted(STORE.glob("java/usr/lib/jvm/java-*/bin")):
            home = java.relative_to(STORE / "java")
            for name in ("java", "javac", "jar"):
                add(f"usr/local/bin/{name}", tarfile.SYMTYPE, link=f"/{home}/{name}")
        if "python" in runtimes:
            add("usr/local/bin/python3", tarfile.SYMTYPE, link="/usr/bin/python3.11")
        add("etc/passwd", tarfile.REGTYPE, 0o644,
            b"root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n")
        add("etc/group", tarfile.REGTYPE, 0o644, b"root:x:0:\nnode:x:1000:\n")
        # Only what is installed from it is in the mirror of an image; its size is the same before and after.
        if {"compiler", "python"} & set(runtimes):
            for item in lists():
                tar.add(item, f"srv/mirror/lists/{item.name}")
        if "python" in runtimes:
            for item in sorted((STORE / "wheels").glob("*.whl")):
                assert zipfile.is_zipfile(item)
                tar.add(item, f"srv/mirror/wheels/{item.name}")
        if "node" in runtimes:
            name, data = package("serve.tgz", {
                "package.json": b'{"name": "serve", "bin": {"serve": "serve.js"}}',
                "serve.js": (HERE / "serve.js").read_bytes()})
            add(f"srv/mirror/npm/{name}", tarfile.REGTYPE, 0o644, data)


def load(running):
    """Gives a running engine all base images."""
    install()
    made = {}
    for tag, runtimes in BASES.items():
        key = "-".join(runtimes)
        if key not in made:
            path = running.folder / f"{key}.tar"
            archive(path, runtimes)
            running.docker("import", path, tag, timeout=120)
            path.unlink()
            made[key] = tag
        else:
            running.docker("tag", made[key], tag)
