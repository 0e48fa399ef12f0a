#!/usr/bin/env python3
"""Writes a stack of N services to standard output: always the same text for the same N.

The services look like those of a real stack, about 800 bytes each; 10,000 make about 8 MB.
"""

import sys

SERVICE = """\
  {name}:
    image: acme/{kind}:{major}.{minor}.{patch}
    environment:
      DATABASE_URL: postgres://app@db-{group}:5432/{kind}_{number}
      LOG_LEVEL: ${{LOG_LEVEL:-info}}
      NODE: "{{{{.Node.Hostname}}}}"
{ports}    networks:
      - net-{group}
      - edge
    volumes:
      - data-{group}:/var/lib/{kind}
    healthcheck:
      test: ["CMD", "/{kind}", "check"]
      interval: {interval}s
      retries: 3
    deploy:
      replicas: {replicas}
      resources:
        limits:
          cpus: "{cpus}"
          memory: {memory}M
      update_config:
        parallelism: 2
        order: start-first
      placement:
        constraints:
          - node.labels.pool == pool-{pool}
      labels:
        traefik.enable: "true"
        traefik.http.routers.{name}.rule: Host(`{name}.acme.example`)
        acme.port: "{target}"
"""
KINDS = ["api", "web", "worker", "search", "mailer", "billing", "gateway", "reports"]


def service(number):
    kind = KINDS[number % len(KINDS)]
    target = 3000 + number % 900
    ports = ""
    if number % 4 == 0:
        ports = f'    ports:\n      - "{10000 + number % 20000}:{target}"\n'
    return SERVICE.format(
        name=f"{kind}-{number}", kind=kind, number=number, group=number // 50, pool=number % 7,
        major=1 + number % 5, minor=number % 13, patch=number % 29, target=target, ports=ports,
        interval=10 + number % 5 * 5, replicas=1 + number % 4, cpus=f"0.{1 + number % 9}",
        memory=128 << number % 4)


def stack(count):
    groups = range((count - 1) // 50 + 1)
    yield 'version: "3.8"\n\nservices:\n'
    for number in range(count):
        yield service(number)
    yield "\nnetworks:\n  edge:\n    driver: overlay\n"
    for group in groups:
        yield f"  net-{group}:\n    driver: overlay\n    internal: {'true' if group % 2 else 'false'}\n"
    yield "\nvolumes:\n"
    for group in groups:
        yield f"  data-{group}:\n"


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdigit() or int(sys.argv[1]) < 1:
        sys.exit("usage: generate.py N")
    sys.stdout.writelines(stack(int(sys.argv[1])))
