import Diagnostics
import Ledger
import Mapping
import Report
import Stack
import Swarm
import TestSupport
import Validation
import YAML

/// The report of one stack text, which stands in a file `stack.yml` and has nothing beside it.
func report(_ text: String, stack: String = "shop", _ options: Options = Options()) throws -> Report
{
  var sources = Sources()
  var keys = KeyTable()
  let loaded = try loadStack(
    [InputFile(path: "stack.yml", bytes: Array(text.utf8))],
    LoadOptions(environment: [:], workingDirectory: "/stack"), into: &sources, keys: &keys,
    reading: { .failure(FileProblem(path: $0, reason: "no such file or directory")) })
  let files = Swarm.Files(
    read: { .failure(FileProblem(path: $0, reason: "no such file or directory")) },
    list: { _ in [] }, kind: { _ in .missing })
  let stacks = [Swarm.Stack(name: stack, loaded, files: files)]
  let migration = migrate(stacks, loaded: [loaded], Choices(options), keys: keys)
  return Report(migration, stacks: stacks, sources: sources)
}

/// A small shop with something to say in every part of a report.
let shop = """
  services:
    web:
      image: nginx
      environment: {API: "http://api:3000"}
      deploy: {replicas: 2}
    api:
      image: shop/api:4
      environment:
        DATABASE_URL: postgres://app:sesame@user_db:5432/shop
        API_TOKEN: hunter2
      logging: {driver: syslog}
      deploy:
        update_config: {delay: 10s}
        resources: {limits: {cpus: '0.5', memory: 512M}}
    user_db:
      image: postgres:16
      volumes: [data:/var/lib/postgresql/data]
      deploy:
        placement: {constraints: [node.labels.disk == ssd]}
        resources: {reservations: {memory: 256M}}
  volumes:
    data:
  """
