#!/usr/bin/env python3
"""Writes Dockerfiles for measuring: dockerfiles.py COUNT FOLDER. They are the bundled example's, each a little different."""

import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[2] / "testdata" / "audit" / "example"


def main():
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    texts = [path.read_text() for path in sorted(EXAMPLE.glob("*/Dockerfile"))]
    for number in range(count):
        place = folder / f"service{number:04}"
        place.mkdir(parents=True, exist_ok=True)
        (place / "Dockerfile").write_text(
            f"{texts[number % len(texts)]}LABEL number={number}\n")


if __name__ == "__main__":
    main()
