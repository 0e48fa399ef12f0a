import Diagnostics
import Stack
import TestSupport
import Testing
import YAML

/// What `docker compose config` makes of each, in flow style.
@Suite struct ComposeTests {
  private struct Project {
    var stack: LoadedStack?
    var errors: [String] = []

    init(
      _ texts: String..., environment: [String: String] = [:], files: [String: String] = [:],
      profiles: [String] = []
    ) {
      var sources = Sources()
      var keys = KeyTable()
      var options = LoadOptions(
        dialect: .compose, environment: environment, workingDirectory: "/app")
      options.profiles = profiles
      let inputs = texts.enumerated().map {
        InputFile(path: "\($0.offset).yml", bytes: Array($0.element.utf8))
      }
      do throws(DiagnosticError) {
        stack = try loadStack(
          inputs, options, into: &sources, keys: &keys,
          reading: { path in
            files[path].map { .success(Array($0.utf8)) }
              ?? .failure(FileProblem(path: path, reason: "no such file"))
          })
      } catch {
        errors = error.diagnostics.map { "\($0.mark.line):\($0.mark.column) \($0.summary)" }
      }
    }

    /// A value of the printed document, or the errors.
    subscript(path: String...) -> String {
      guard let stack else { return errors.joined(separator: "\n") }
      var node = configDocument(stack)
      for name in path {
        guard let next = node[name] else { return "absent" }
        node = next
      }
      return flow(node)
    }

    /// A value of the document that the mapping reads.
    func swarm(_ path: String...) -> String {
      guard var node = stack?.root else { return errors.joined(separator: "\n") }
      for name in path {
        guard let next = node[name] else { return "absent" }
        node = next
      }
      return flow(node)
    }
  }

  private func service(_ key: String, _ value: String, environment: [String: String] = [:])
    -> String
  {
    Project(
      "services: {web: {image: a, \(key): \(value)}}\nvolumes: {d: , dd: }\nsecrets: {s: {file: ./s}}",
      environment: environment)["services", "web", key]
  }

  @Test(arguments: [
    ("command", "a 'b c'", "['a', 'b c']"),
    ("environment", "{A: 5, B: true}", "{A: '5', B: 'true'}"),
    (
      "ports", "['8000-8001:80-81']",
      "[{mode: 'ingress', target: 80, published: '8000', protocol: 'tcp'}, "
        + "{mode: 'ingress', target: 81, published: '8001', protocol: 'tcp'}]"
    ),
    (
      "ports", "['80-85:80']",
      "[{mode: 'ingress', target: 80, published: '80-85', protocol: 'tcp'}]"
    ),
    (
      "ports", "['127.0.0.1:80:80']",
      "[{mode: 'ingress', host_ip: '127.0.0.1', target: 80, published: '80', protocol: 'tcp'}]"
    ),
    (
      "volumes", "['./a:/b/:ro']",
      "[{type: 'bind', source: '/app/a', target: '/b', read_only: true, bind: {create_host_path: true}}]"
    ),
    ("volumes", "['dd:/d']", "[{type: 'volume', source: 'dd', target: '/d', volume: {}}]"),
    (
      "volumes", "[{type: volume, source: d, target: /d}]",
      "[{type: 'volume', source: 'd', target: '/d'}]"
    ),
    ("secrets", "[s]", "[{source: 's', target: '/run/secrets/s'}]"),
    ("devices", "[/dev/a]", "[{source: '/dev/a', target: '/dev/a', permissions: 'rwm'}]"),
    ("gpus", "all", "[{count: -1}]"), ("mem_limit", "50m", "'52428800'"), ("cpus", "'0.5'", "0.5"),
    (
      "healthcheck", "{test: a b, interval: 90s}",
      "{test: ['CMD-SHELL', 'a b'], interval: '1m30s'}"
    ),
    ("extra_hosts", "['a:1.2.3.4', b=::1]", "['a=1.2.3.4', 'b=::1']"), ("tmpfs", "/a", "['/a']"),
    ("privileged", "false", "absent"), ("init", "false", "false"), ("tty", "'yes'", "true"),
    ("dns", "[]", "absent"), ("labels", "[a=b]", "{a: 'b'}"),
    ("stop_grace_period", "1d", "'24h0m0s'"),
    ("build", ".", "{context: '/app', dockerfile: 'Dockerfile'}"),
    (
      "provider", "{type: a, options: {b: 5, c: [d]}}", "{type: 'a', options: {b: ['5'], c: ['d']}}"
    ),
    ("networks", "[]", "{default: null}"), ("network_mode", "host", "'host'"),
  ])
  func longForms(key: String, value: String, long: String) {
    #expect(service(key, value) == long)
  }

  @Test(arguments: [
    ("${A:+x}", "x"), ("${B:+x}y", "y"), ("${B:-${A}}", "a"), ("${B-$A}", "a"), ("$(A)", "$$(A)"),
    ("$1", "$$1"),
    ("$$A", "$$A"), ("${A:-b}b}", "ab}"),
  ])
  func variables(template: String, result: String) {
    #expect(service("hostname", "'\(template)'", environment: ["A": "a"]) == "'\(result)'")
  }

  @Test(arguments: ["${", "${}", "${1}", "${A B}", "${A:=b}"])
  func invalidVariables(template: String) {
    #expect(service("hostname", "'\(template)'").contains("starts no variable"))
  }

  @Test func namesComeFromProjectAndFolder() {
    let project = Project("services: {web: {image: a, networks: [n]}}\nnetworks: {n: }")
    #expect(project["name"] == "'app'")
    #expect(project["networks"] == "{n: {name: 'app_n'}}")
    #expect(
      Project("name: my-app\nservices: {web: {image: a}}")["networks"]
        == "{default: {name: 'my-app_default'}}")
    #expect(project.swarm("networks") == "{n: {}}")
  }

  @Test func whatNobodyUsesIsLeftOut() {
    #expect(Project("services: {web: {image: a}}\nvolumes: {v: }")["volumes"] == "absent")
  }

  @Test func profiles() {
    let text = "services: {web: {image: a}, debug: {image: b, profiles: [x]}}"
    #expect(Project(text)["services", "debug"] == "absent")
    #expect(Project(text, profiles: ["x"])["services", "debug", "image"] == "'b'")
    #expect(Project(text, profiles: ["*"])["services", "debug", "image"] == "'b'")
    #expect(
      Project("services: {web: {image: a, depends_on: [debug]}, debug: {image: b, profiles: [x]}}")
        .errors.first?.contains("not defined or not enabled") == true)
  }

  @Test func extendsInTheSameAndInAnotherFile() {
    let base =
      "services: {base: {image: a, volumes: ['./v:/v'], environment: {A: a, B: b}, command: x y}}"
    let project = Project(
      """
      services:
        web: {extends: {file: sub/base.yml, service: base}, environment: {B: c}, command: z}
        more: {extends: web, image: d}
      """, files: ["/app/sub/base.yml": base])
    #expect(project["services", "web", "environment"] == "{A: 'a', B: 'c'}")
    #expect(project["services", "web", "command"] == "['z']")
    #expect(project["services", "web", "volumes"].contains("'/app/sub/v'"))
    #expect(project["services", "more", "image"] == "'d'")
  }

  @Test func extendsInACircle() {
    let project = Project("services:\n  a: {image: a, extends: b}\n  b: {image: b, extends: a}")
    #expect(project.errors.contains { $0.contains("leads back to it") })
    #expect(
      Project("services: {a: {image: a, extends: bb}, bbb: {image: c}}").errors
        == ["1:35 services.a extends \"bb\", which is not there"])
  }

  @Test func include() {
    let project = Project(
      "include: [sub/more.yml]\nservices: {web: {image: a, depends_on: [db]}}",
      files: [
        "/app/sub/more.yml": "services: {db: {image: $DB, volumes: ['./v:/v']}}",
        "/app/sub/.env": "DB=b\n",
      ])
    #expect(project["services", "db", "image"] == "'b'")
    #expect(project["services", "db", "volumes"].contains("'/app/sub/v'"))
    let cycle = Project(
      "include: [a.yml]\nservices: {}", files: ["/app/a.yml": "include: [a.yml]\nservices: {}"])
    #expect(cycle.errors.first?.contains("leads back to it") == true)
  }

  @Test func mergingSeveralFiles() {
    let project = Project(
      "services: {web: {image: a, ports: ['80:80', '81:81'], command: x, labels: {a: b}, tty: true}}",
      "services: {web: {ports: !override ['82:82'], command: !reset null, labels: [c=d], tty: false}}"
    )
    #expect(project["services", "web", "ports"].contains("'82'"))
    #expect(!project["services", "web", "ports"].contains("'80'"))
    #expect(project["services", "web", "command"] == "absent")
    #expect(project["services", "web", "labels"] == "{a: 'b', c: 'd'}")
    #expect(project["services", "web", "tty"] == "absent")
  }

  @Test func environmentFiles() {
    let project = Project(
      "services: {web: {image: a, env_file: [a.env, {path: no.env, required: false}], environment: {A: own, N: }}}",
      environment: ["N": "5"],
      files: ["/app/a.env": "A=a\nexport B='$b' # c\nC=\"x\\ny\" \nD=${N}1\n"])
    #expect(
      project["services", "web", "environment"]
        == "{A: 'own', B: '$$b', C: 'x\ny', D: '51', N: '5'}")
    #expect(
      Project("services: {web: {image: a, env_file: no.env}}").errors
        == ["1:38 services.web.env_file: cannot read \"/app/no.env\": no such file"])
  }

  @Test(arguments: [
    ("services: {web: {}}", "has neither `image` nor `build`"),
    ("services: {web: {image: a, imgae: b}}", "services.web has no key `imgae`"),
    ("services: {web: {image: a, volumes: ['dd:/d']}}", "uses the volume \"dd\""),
    ("services: {web: {image: a, depends_on: [web]}}", "depends on \"web\", which depends on it"),
    ("services: {web: {image: a, container_name: b}}", "cannot be a container's name"),
    ("secrets: {s: {}}\nservices: {}", "says nowhere where its content comes from"),
    ("services: {web: ~}", "must be a mapping"),
  ])
  func refused(text: String, reason: String) {
    let errors = Project(text).errors
    #expect(errors.count == 1)
    #expect(errors.first?.contains(reason) == true, "\(errors)")
  }

  @Test func theMappingSeesSwarmsForm() {
    let project = Project(
      """
      services:
        web:
          image: a
          mem_limit: 1g
          cpus: 0.5
          scale: 3
          ports: ['8080:80']
          depends_on: {db: {condition: service_healthy}}
          privileged: true
          shm_size: 64m
        db: {image: b}
      """)
    #expect(project.stack?.dialect == .compose)
    #expect(
      project.swarm("services", "web", "deploy")
        == "{resources: {limits: {memory: '1073741824', cpus: '0.5'}}, replicas: 3}")
    #expect(project.swarm("services", "web", "depends_on") == "['db']")
    #expect(project.swarm("services", "web", "privileged") == "true")
    #expect(
      project.swarm("services", "web", "ports")
        == "[{mode: 'ingress', target: 80, published: 8080, protocol: 'tcp'}]")
    #expect(project.swarm("services", "web", "networks") == "absent")
  }
}
