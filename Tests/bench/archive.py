#!/usr/bin/env python3
"""Writes an image archive as `docker save` does, for measuring: archive.py MEGABYTES FILE.

Twelve layers, every other one packed with gzip; files of 1 KB to 8 MB, half of each random, the same every time.
"""

import gzip
import io
import json
import random
import sys
import tarfile

LAYERS = 12


class Repeated:
    """Data without an end, cut from one random megabyte: random enough for gzip, and quick to make."""

    def __init__(self, source):
        self.block = b"".join(source.randbytes(2048) + b"a line of text, as in a source or a log\n" * 51
                              for _ in range(256))
        self.source = source

    def take(self, size):
        start = self.source.randrange(len(self.block))
        result = self.block[start:start + size]
        while len(result) < size:
            result += self.block[:size - len(result)]
        return result


def layer(number, size, data, source):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        written, count = 0, 0
        while written < size:
            length = min(size - written, source.choice([1000, 4000, 20_000, 100_000, 1_000_000, 8_000_000]))
            entry = tarfile.TarInfo(f"usr/lib/part{number % 4}/folder{count % 50}/file{count}")
            entry.size, entry.mode = length, 0o644
            tar.addfile(entry, io.BytesIO(data.take(length)))
            written += length
            count += 1
    return buffer.getvalue()


def main():
    megabytes, path = int(sys.argv[1]), sys.argv[2]
    source = random.Random(megabytes)
    data = Repeated(source)
    with tarfile.open(path, "w") as tar:
        def add(name, content):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))

        names = []
        for number in range(LAYERS):
            content = layer(number, megabytes * 1_000_000 // LAYERS, data, source)
            packed = number % 2 == 1
            names.append(f"{'packed' if packed else 'plain'}{number}/layer.tar")
            add(names[-1], gzip.compress(content, 1, mtime=0) if packed else content)
        config = {"architecture": "amd64", "os": "linux", "config": {"User": "1000"},
                  "history": [{"created_by": f"RUN step {number}"} for number in range(LAYERS)]}
        add("config.json", json.dumps(config).encode())
        add("manifest.json", json.dumps(
            [{"Config": "config.json", "RepoTags": [f"bench/archive:{megabytes}"], "Layers": names}]).encode())


if __name__ == "__main__":
    main()
