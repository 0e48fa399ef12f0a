package import Diagnostics
import Swarm

package enum UserName: Rule {
  package static let name = "user-name"
  package static let title = "The user is a name"
  package static let about = """
    The engine looks a name up in the image's `/etc/passwd`, and so does Kubernetes; but `runAsNonRoot: true` is checked before
    the container exists, and a name could be root for all the kubelet knows: the pod stays in `CreateContainerConfigError`
    ("image has non-numeric user"). A number needs no looking up. The fix writes the number where this Dockerfile makes the user
    with one, or where an official image is known to have it.
    """
  package static let severity = Diagnostic.Severity.warning
  package static let hadolint = ["DL3066"]
  package static let examples = [
    RuleExample(
      bad: "FROM debian:12\nRUN useradd --uid 10001 app\nUSER app\n",
      good: "FROM debian:12\nRUN useradd --uid 10001 app\nUSER 10001\n", isFixed: true),
    RuleExample(
      bad: "FROM node:24-slim\nUSER node:node\n", good: "FROM node:24-slim\nUSER 1000:1000\n",
      isFixed: true),
  ]

  /// Users of official images, with their numbers; group and user have the same. Source: the images' own Dockerfiles.
  private static let known: [String: [String: Int]] = [
    "node": ["node": 1000],
    "nginx": ["nginx": 101],
    "httpd": ["www-data": 33],
    "php": ["www-data": 33],
  ]

  package static func check(_ subject: borrowing Subject, _ findings: inout RuleFindings) {
    for (number, _) in subject.bases {
      for index in subject.dockerfile.stages[number].body where subject.isPosix(index) {
        let instruction = subject.dockerfile.instructions[index]
        guard instruction.keyword == .user, let word = instruction.words.first else { continue }
        let parts = word.text.split(separator: ":", omittingEmptySubsequences: false)
        guard let user = parts.first, !user.isEmpty, Int(user) == nil, user != "root",
          !user.contains("$")
        else { continue }
        let ids = Self.numbers(subject, number, before: index)
        var edits: [Edit] = []
        var hint = "make it with a number (useradd --uid 10001 \(user)) and write: USER 10001"
        if let id = ids.users[String(user)] {
          var text = String(id)
          var isKnown = true
          if parts.count == 2, let group = parts.last {
            let groupID = Int(group) ?? ids.groups[String(group)]
            isKnown = groupID != nil
            text += ":\(groupID.map(String.init) ?? String(group))"
          }
          hint = "write its number: USER \(text)"
          if isKnown { edits = [Edit(word.span, text)] }
        }
        findings.add(
          word.span, "the user \"\(user)\" is a name, which runAsNonRoot cannot check", hint: hint,
          edits: edits)
      }
    }
  }

  /// The numbers of users and groups that are known at a place.
  static func numbers(_ subject: borrowing Subject, _ stage: Int, before index: Int) -> (
    users: [String: Int], groups: [String: Int]
  ) {
    var users: [String: Int] = [:]
    var groups: [String: Int] = [:]
    let dockerfile = subject.dockerfile
    if let base = dockerfile.rootBase(stage), let reference = try? ImageReference(base),
      let name = OfficialImages.name(reference)
    {
      let isAlpine = reference.tag?.contains("alpine") ?? false
      for (user, id) in known[name] ?? [:] where !(isAlpine && user == "www-data") {
        users[user] = id
        groups[user] = id
      }
    }
    for number in dockerfile.lineage(stage) {
      for position in dockerfile.stages[number].body where position < index {
        let instruction = dockerfile.instructions[position]
        guard instruction.keyword == .run else { continue }
        for command in instruction.script.commands {
          guard let made = UserCommand(command) else { continue }
          switch (made.isGroup, command.depth) {
          case (true, 0): groups[made.name] = made.id
          case (false, 0): users[made.name] = made.id
          // Made only under a condition: nothing is certain.
          case (true, _): groups[made.name] = nil
          case (false, _): users[made.name] = nil
          }
        }
      }
    }
    return (users, groups)
  }
}

/// `useradd`, `adduser`, `groupadd`, `addgroup`: who is made, with which number.
struct UserCommand {
  let name: String
  let id: Int?
  let isGroup: Bool

  init?(_ command: ShellScript.Command) {
    let idOptions: Set<String>
    switch command.name {
    case "useradd", "adduser":
      isGroup = false
      idOptions = ["-u", "--uid"]
    case "groupadd", "addgroup":
      isGroup = true
      idOptions = ["-g", "--gid"]
    default: return nil
    }
    var id: Int?
    var names: [String] = []
    var words = command.words.dropFirst().filter { !$0.isExpanded || $0.text.hasPrefix("-") }[...]
    while let word = words.popFirst() {
      let text = word.text
      if let equals = text.firstIndex(of: "="), text.hasPrefix("--") {
        if idOptions.contains(String(text[..<equals])) {
          id = Int(text[text.index(after: equals)...])
        }
      } else if idOptions.contains(text) {
        id = words.popFirst().flatMap { Int($0.text) }
      } else if Self.takesValue(text, isAdd: command.name.hasSuffix("add")) {
        _ = words.popFirst()
      } else if text.hasPrefix("-"), !text.hasPrefix("--"), text.utf8.count > 2,
        idOptions.contains("-" + String(text.last!))
      {
        // `-Su 1000`.
        id = words.popFirst().flatMap { Int($0.text) }
      } else if !text.hasPrefix("-") {
        names.append(text)
      }
    }
    guard let name = names.first else { return nil }
    self.name = name
    self.id = id
  }

  private static func takesValue(_ option: String, isAdd: Bool) -> Bool {
    let common: Set<String> = [
      "-g", "--gid", "-G", "--groups", "--ingroup", "-s", "--shell", "-h", "--home", "-d",
      "--home-dir", "-c", "--comment", "--gecos", "-k", "--skel", "-e", "-f", "-K", "-b",
    ]
    return common.contains(option) && !(isAdd && option == "-h")
  }
}
