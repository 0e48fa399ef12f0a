/// What a layer adds and takes away.
struct LayerContents: Sendable {
  struct File: Sendable {
    var path: String
    /// In bytes; links and folders have none.
    var size: Int
    var isDirectory: Bool
    var isSetuid: Bool
    /// Why its content is a secret; nil for all others.
    var secret: String?
  }

  /// In the order of the archive.
  fileprivate(set) var files: [File] = []
  /// Paths that are removed from the layers below.
  fileprivate(set) var removed: [String] = []
  /// Folders whose content in the layers below is hidden.
  fileprivate(set) var emptied: [String] = []
  /// Bytes of all its files.
  fileprivate(set) var size = 0
}

/// Reads the files of a layer. Source: the OCI image specification, `layer.md`: names that begin with `.wh.` remove.
struct LayerReader: TarHandler {
  private(set) var contents = LayerContents()
  private var current: LayerContents.File?
  /// The first bytes of a file that may be a secret.
  private var sample: [UInt8] = []
  private var wantsSample = false

  /// A key is small; what is larger is not looked at.
  private static let maximumSample = 16 << 10

  mutating func begin(_ entry: TarEntry) throws(ArchiveProblem) {
    var parts = entry.path.split(separator: "/")
    parts.removeAll { $0 == "." || $0 == ".." }
    let path = parts.joined(separator: "/")
    current = nil
    wantsSample = false
    guard let name = parts.last else { return }
    if name == ".wh..wh..opq" {
      contents.emptied.append(parts.dropLast().joined(separator: "/"))
    } else if name.hasPrefix(".wh.") {
      contents.removed.append((parts.dropLast() + [name.dropFirst(4)]).joined(separator: "/"))
    } else {
      current = LayerContents.File(
        path: path, size: entry.kind == .file ? entry.size : 0,
        isDirectory: entry.kind == .directory,
        isSetuid: entry.kind == .file && entry.mode & 0o6000 != 0 && entry.mode & 0o111 != 0)
      wantsSample = entry.kind == .file && 16...Self.maximumSample ~= entry.size
      sample.removeAll(keepingCapacity: true)
    }
  }

  mutating func content(_ bytes: ArraySlice<UInt8>) throws(ArchiveProblem) {
    if wantsSample { sample += bytes }
  }

  mutating func end() throws(ArchiveProblem) {
    guard var file = current else { return }
    if wantsSample { file.secret = FoundSecret.kind(sample, path: file.path) }
    contents.size += file.size
    contents.files.append(file)
    current = nil
  }
}

/// Recognises keys and tokens by what they look like.
enum FoundSecret {
  /// `private key`, `token of GitHub`, …; nil where there is none. What is known to be an example is none.
  static func kind(_ bytes: [UInt8], path: String) -> String? {
    if path.hasPrefix("usr/share/doc/") || path.hasPrefix("usr/share/man/") { return nil }
    // A binary file holds no token that anybody wrote there.
    if bytes.prefix(512).contains(0) { return nil }
    if contains(bytes, "-----BEGIN "), contains(bytes, "PRIVATE KEY-----") {
      // Sources and tests of libraries hold keys that open nothing.
      let code = [
        ".py", ".go", ".js", ".ts", ".rb", ".pm", ".pl", ".h", ".c", ".java", ".md", ".txt",
      ]
      let isExample =
        code.contains { path.hasSuffix($0) } || path.contains("/test/") || path.contains("/tests/")
        || path.contains("/testdata/") || path.contains("/examples/")
      return isExample ? nil : "private key"
    }
    for (prefix, length, name) in tokens where hasToken(bytes, prefix, length) { return name }
    let name = path.split(separator: "/").last ?? ""
    if name == ".npmrc", contains(bytes, "_authToken=") { return "token of npm" }
    if name == ".netrc" || name == "_netrc", contains(bytes, "password ") { return "login" }
    if name == ".git-credentials", contains(bytes, "://") { return "login" }
    if name == "config.json", path.contains(".docker/"), contains(bytes, "\"auth\"") {
      return "login to a registry"
    }
    if name == "credentials", path.contains(".aws/"), contains(bytes, "aws_secret_access_key") {
      return "key of AWS"
    }
    return nil
  }

  /// How tokens begin, and how many letters and digits follow at least.
  private static let tokens: [(String, Int, String)] = [
    ("ghp_", 36, "token of GitHub"), ("gho_", 36, "token of GitHub"),
    ("github_pat_", 60, "token of GitHub"), ("glpat-", 20, "token of GitLab"),
    ("AKIA", 16, "key of AWS"), ("xoxb-", 20, "token of Slack"), ("sk_live_", 20, "key of Stripe"),
    ("npm_", 36, "token of npm"), ("dckr_pat_", 20, "token of Docker Hub"),
  ]

  private static func hasToken(_ bytes: [UInt8], _ prefix: String, _ length: Int) -> Bool {
    let wanted = Array(prefix.utf8)
    var index = 0
    while index + wanted.count + length <= bytes.count {
      guard bytes[index] == wanted[0], bytes[index...].starts(with: wanted) else {
        index += 1
        continue
      }
      let isStart = index == 0 || !isAlphanumeric(bytes[index - 1])
      let rest = bytes[(index + wanted.count)...].prefix {
        isAlphanumeric($0) || $0 == 0x5F || $0 == 0x2D
      }
      if isStart, rest.count >= length { return true }
      index += wanted.count
    }
    return false
  }

  private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    let wanted = Array(text.utf8)
    guard bytes.count >= wanted.count else { return false }
    for index in 0...(bytes.count - wanted.count)
    where bytes[index] == wanted[0] && bytes[index...].starts(with: wanted) {
      return true
    }
    return false
  }
}
