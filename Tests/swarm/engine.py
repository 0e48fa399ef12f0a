"""A Docker engine of its own, with a Swarm of one node, for the tests in this folder.

The engine is Debian's `docker.io` package, unpacked into the checkout (`.build-docker`), so that nothing
of the system changes; an engine that is on the PATH already is used as it is. It runs with folders, a
socket and a network of its own, in namespaces that end with it: whatever happens to the test, nothing of
it is left running. Python's standard library only.
"""

import atexit
import ctypes
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STORE = ROOT / ".build-docker"
# The engine, what it needs, and a shell for containers.
PACKAGES = [
    "docker.io", "containerd", "runc", "tini", "busybox-static", "iptables", "libip4tc2", "libip6tc2",
    "libxtables12", "libnftnl11", "libmnl0", "libnetfilter-conntrack3", "libnfnetlink0",
    "libdevmapper1.02.1", "libseccomp2",
]
LIBRARIES = STORE / "root" / "usr" / "lib" / f"{os.uname().machine}-linux-gnu"


class Unavailable(Exception):
    """Why no engine can be started here."""


def install():
    """Unpacks the packages into the checkout, once, with the system's own package manager."""
    ready = STORE / "ready"
    if ready.is_file() and ready.read_text() == "\n".join(PACKAGES):
        return
    if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
        raise Unavailable("no engine (dockerd) is installed, and there is no apt-get to fetch one")
    shutil.rmtree(STORE, ignore_errors=True)
    packages = STORE / "packages"
    packages.mkdir(parents=True)
    fetch = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", *PACKAGES]
    done = subprocess.run(fetch, cwd=packages, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        subprocess.run(["apt-get", "-qq", "update"], capture_output=True, check=False)
        done = subprocess.run(fetch, cwd=packages, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unavailable(f"apt-get cannot fetch the engine: {done.stderr.strip()[-300:]}")
    for package in sorted(packages.glob("*.deb")):
        subprocess.run(["dpkg", "-x", package, STORE / "root"], check=True)
    shutil.rmtree(packages)
    # The packages' links to the alternatives of a program are made when they are configured, which they are not.
    tools = STORE / "bin"
    tools.mkdir()
    for name in ("iptables", "ip6tables"):
        (tools / name).symlink_to(STORE / "root" / "usr" / "sbin" / "xtables-nft-multi")
    ready.write_text("\n".join(PACKAGES))


def prepare():
    """Installs what is missing; a test that cannot have it says so itself."""
    if os.geteuid() == 0 and shutil.which("dockerd") is None:
        try:
            install()
        except Unavailable:
            pass


def environment():
    """The environment of the engine: its programs first, and the libraries that they were built with."""
    env = dict(os.environ)
    if shutil.which("dockerd") is None:
        usr = STORE / "root" / "usr"
        env["PATH"] = f"{STORE / 'bin'}:{usr / 'bin'}:{usr / 'sbin'}:{env.get('PATH', '')}:/usr/sbin:/sbin"
        env["LD_LIBRARY_PATH"] = str(LIBRARIES)
        env["XTABLES_LIBDIR"] = str(LIBRARIES / "xtables")
    return env


def die_with_parent():
    """The engine's process ends when the test does, even when the test is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Engine:
    """`with Engine() as engine:` is a running engine that is the manager of a new Swarm."""

    def __init__(self):
        if os.geteuid() != 0:
            raise Unavailable("an engine can be started by root only")
        if shutil.which("docker") is None:
            raise Unavailable("no docker client is on the PATH")
        if shutil.which("unshare") is None:
            raise Unavailable("no unshare (util-linux) is on the PATH")
        if shutil.which("dockerd") is None:
            install()
        self.folder = Path(tempfile.mkdtemp(prefix="stackferry-engine-"))
        self.socket = self.folder / "docker.sock"
        self.process = None
        self.env = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        # A configuration of its own keeps the user's contexts and credentials out of the tests.
        self.env |= {
            "DOCKER_HOST": f"unix://{self.socket}", "DOCKER_CONFIG": str(self.folder / "client"),
            "HOME": str(self.folder),
        }

    def __enter__(self):
        atexit.register(self.stop)
        log = open(self.folder / "dockerd.log", "wb")
        inner = (
            "ip link set lo up 2>/dev/null; "
            f"exec dockerd --data-root {self.folder}/data --exec-root {self.folder}/exec "
            f"-H unix://{self.socket} --pidfile {self.folder}/pid --cgroup-parent /stackferry-tests"
        )
        # pylint: disable=consider-using-with,subprocess-popen-preexec-fn
        self.process = subprocess.Popen(
            ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child=KILL",
             "/bin/sh", "-c", inner],
            env=environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            preexec_fn=die_with_parent, start_new_session=True)
        log.close()
        try:
            self.wait(lambda: self.docker("version", check=False).returncode == 0, 60, "the engine to start")
            self.docker("swarm", "init", "--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def wait(self, condition, seconds, what):
        """Waits until the condition holds, and gives its value."""
        end = time.monotonic() + seconds
        while True:
            value = condition()
            if value:
                return value
            if self.process.poll() is not None:
                raise RuntimeError(f"the engine ended by itself:\n{self.log()}")
            if time.monotonic() > end:
                raise RuntimeError(f"waited {seconds} s in vain for {what}")
            time.sleep(0.1)

    def log(self):
        """The last lines that the engine wrote."""
        return "\n".join(
            (self.folder / "dockerd.log").read_text(errors="replace").splitlines()[-20:])

    def docker(self, *arguments, check=True, env=None, cwd=None, text=None, timeout=60):
        """Runs the client against this engine."""
        done = subprocess.run(
            ["docker", *map(str, arguments)], env={**(env or {}), **self.env}, cwd=cwd, input=text,
            capture_output=True, text=True, timeout=timeout, check=False,
            **({} if text is not None else {"stdin": subprocess.DEVNULL}))
        if check and done.returncode != 0:
            raise RuntimeError(f"docker {' '.join(map(str, arguments))}: {done.stderr.strip()}")
        return done

    def inspect(self, kind, names):
        """What `docker KIND inspect` says of the names."""
        names = list(names)
        return json.loads(self.docker(kind, "inspect", *names).stdout) if names else []

    def list(self, kind, *filters):
        """The identifiers of all objects of a kind, in full."""
        arguments = ["ls", "-q", *(part for text in filters for part in ("--filter", text))]
        if kind == "network":
            arguments.append("--no-trunc")
        return self.docker(kind, *arguments).stdout.split()

    def import_busybox(self, name="busybox:test"):
        """An image of a static busybox with its commands, a shell, and some users."""
        program = shutil.which("busybox")
        packaged = STORE / "root" / "bin" / "busybox"
        program = packaged if packaged.is_file() else program
        if program is None:
            raise Unavailable("no static busybox for the containers")
        commands = subprocess.run(
            [program, "--list"], capture_output=True, text=True, check=True).stdout.split()
        archive = self.folder / "busybox.tar"
        with tarfile.open(archive, "w") as tar:
            def add(path, kind, mode=0o755, data=b"", link=""):
                entry = tarfile.TarInfo(path)
                entry.type, entry.mode, entry.size, entry.linkname = kind, mode, len(data), link
                tar.addfile(entry, io.BytesIO(data))
            for folder in ("bin", "etc", "proc", "sys", "dev", "var", "run", "root", "image"):
                add(folder, tarfile.DIRTYPE)
            add("tmp", tarfile.DIRTYPE, 0o1777)
            add("image/file", tarfile.REGTYPE, 0o644, b"from the image\n")
            add("bin/busybox", tarfile.REGTYPE, 0o755, Path(program).read_bytes())
            for command in commands:
                if command != "busybox":
                    add(f"bin/{command}", tarfile.SYMTYPE, link="busybox")
            add("etc/passwd", tarfile.REGTYPE, 0o644, b"root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n")
            add("etc/group", tarfile.REGTYPE, 0o644, b"root:x:0:\napp:x:1000:\n")
        self.docker("import", archive, name)
        archive.unlink()
        return name

    def stop(self):
        """Ends the engine, by the process ids that were started here, and removes all that it kept."""
        process, self.process = self.process, None
        if process is None:
            return
        atexit.unregister(self.stop)
        try:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            for child in children:
                os.kill(int(child), signal.SIGTERM)
            process.wait(30)
        except (OSError, subprocess.TimeoutExpired):
            pass
        finally:
            # With its first process the whole process namespace ends: containerd and containers, too.
            if process.poll() is None:
                process.kill()
                process.wait()
        for _ in range(50):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not self.folder.exists():
                break
            time.sleep(0.1)
        for path in sorted(Path("/sys/fs/cgroup").glob("**/stackferry-tests*"), reverse=True):
            try:
                path.rmdir()
            except OSError:
                pass


def unavailable(reason):
    """Says why nothing is tested; the exit status of a test that cannot run here."""
    print(f"notice: {reason}: skipped")
    return 0


if __name__ == "__main__":
    # For looking around by hand: `python3 engine.py` starts an engine and waits.
    with Engine() as running:
        running.import_busybox()
        print(f"export DOCKER_HOST={running.env['DOCKER_HOST']}", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            sys.exit(0)
