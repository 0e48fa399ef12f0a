import Glibc
import Stack
package import Swarm

/// A folder whose files may be anybody's: a stack's, or a checkout. A path that begins in it is read as far as it stays in
/// it; a link that leads out, in its last place or before, is refused. Only regular files are read.
package struct Enclosure: Sendable {
  /// Absolute and clean.
  private let root: String
  /// As messages call it: "the stack's folder".
  private let name: String

  /// A folder, by an absolute path or one from the working folder.
  package init(_ folder: String, as name: String) {
    root = FileSystem.absolute(folder)
    self.name = name
  }

  /// Whether a path begins in the folder, by its letters alone.
  package func holds(_ path: String) -> Bool { parts(FileSystem.absolute(path)) != nil }

  /// The way from the folder to an absolute, clean path; nil where it is not below.
  private func parts(_ path: String) -> [Substring]? {
    if path == root { return [] }
    let start = root == "/" ? root : root + "/"
    return path.hasPrefix(start) ? path.dropFirst(start.count).split(separator: "/") : nil
  }

  /// What a path of this folder leads to.
  struct Found: ~Copyable {
    /// The open folder that it is in; the thing itself where that is a folder.
    let folder: Folder
    /// Its name there.
    let name: String
    let isFolder: Bool
  }

  private static let maximumLinks = 40

  /// Goes the way of a path part by part, each one relative to the open folder before it.
  ///
  /// - Throws: Where it leads out or to nothing.
  func find(_ path: String, shown: String) throws(FileProblem) -> Found {
    var open = [try descriptor(unsafe Glibc.open(root, Self.flags), shown)]
    defer { for descriptor in open { close(descriptor) } }
    var pending = Array((parts(path) ?? []).reversed())
    var links = 0
    while let part = pending.popLast() {
      if part == "." { continue }
      if part == ".." {
        guard open.count > 1 else { throw leadsOut(shown) }
        close(open.removeLast())
        continue
      }
      let here = open[open.count - 1]
      var status = stat()
      guard !part.utf8.contains(0) else { throw FileSystem.missing(shown) }
      guard unsafe fstatat(here, String(part), &status, AT_SYMLINK_NOFOLLOW) == 0 else {
        throw FileProblem(system: shown)
      }
      switch Folder.Kind(mode: status.st_mode) {
      case .folder:
        open.append(
          try descriptor(unsafe openat(here, String(part), Self.flags | O_NOFOLLOW), shown))
      case .link:
        links += 1
        guard links <= Self.maximumLinks, let target = Self.target(here, String(part)) else {
          throw FileProblem(path: shown, reason: "is a link that leads nowhere")
        }
        var way = target.split(separator: "/")
        if target.hasPrefix("/") {
          guard let inside = parts(cleanPath(target)) else { throw leadsOut(shown) }
          way = inside
          while open.count > 1 { close(open.removeLast()) }
        }
        pending += way.reversed()
      case .file, .other, .missing:
        guard pending.isEmpty else {
          throw FileProblem(path: shown, reason: "is below a file, which is no folder")
        }
        return Found(folder: try Folder(dup(here), shown), name: String(part), isFolder: false)
      }
    }
    let folder = try Folder(dup(open[open.count - 1]), shown)
    return Found(folder: folder, name: ".", isFolder: true)
  }

  private static let flags = Folder.through | O_DIRECTORY | O_CLOEXEC

  private func descriptor(_ opened: Int32, _ shown: String) throws(FileProblem) -> Int32 {
    guard opened >= 0 else { throw FileProblem(system: shown) }
    return opened
  }

  private func leadsOut(_ path: String) -> FileProblem {
    var problem = FileProblem(path: path, reason: "is a link that leads out of \(name)")
    problem.isRefused = true
    return problem
  }

  /// Where a link leads; nil where it is none any more.
  private static func target(_ folder: Int32, _ name: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      unsafe readlinkat(
        folder, name, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    return count > 0 ? String(validating: buffer[..<count], as: UTF8.self) : nil
  }

  // MARK: Reading

  func read(_ path: String, shown: String) -> Result<[UInt8], FileProblem> {
    do throws(FileProblem) {
      let found = try find(path, shown: shown)
      if found.isFolder { return .failure(FileProblem(path: shown, reason: "is a directory")) }
      return FileSystem.readRegular(
        unsafe openat(
          found.folder.descriptor, found.name, FileSystem.readingFlags | O_NOFOLLOW), shown)
    } catch {
      return .failure(error)
    }
  }

  func kind(_ path: String, shown: String) -> Files.Kind {
    do throws(FileProblem) {
      return try find(path, shown: shown).isFolder ? .directory : .file
    } catch {
      // There is something, and reading it tells what is wrong with it.
      return error.isRefused ? .file : .missing
    }
  }

  func entries(_ path: String) -> [Files.Entry] {
    guard let found = try? find(path, shown: path), found.isFolder else { return [] }
    return FileSystem.shown((try? found.folder.entries()) ?? [])
  }
}

extension FileSystem {
  /// How files beside a stack are read: what lies in one of the folders without leaving it, anything else as it is named.
  package static func files(within enclosures: [Enclosure]) -> Files {
    Files(
      read: { path in
        let whole = absolute(path)
        if whole == "/dev/null" { return .success([]) }
        guard let enclosure = enclosures.first(where: { $0.holds(whole) }) else {
          return readNamed(path)
        }
        return enclosure.read(whole, shown: path)
      },
      entries: { path in
        let whole = absolute(path)
        guard let enclosure = enclosures.first(where: { $0.holds(whole) }) else {
          return shown((try? entries(of: unsafe open(path, listingFlags), path)) ?? [])
        }
        return enclosure.entries(whole)
      },
      kind: { path in
        let whole = absolute(path)
        guard let enclosure = enclosures.first(where: { $0.holds(whole) }) else {
          return kind(path)
        }
        return enclosure.kind(whole, shown: path)
      })
  }

  /// An absolute path without `.`, `..` and double slashes, from the working folder where it is relative.
  static func absolute(_ path: String) -> String {
    cleanPath(path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)")
  }

  fileprivate static func shown(
    _ entries: [(name: String, kind: Folder.Kind)]
  ) -> [Files.Entry] {
    entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.map {
      Files.Entry(name: $0.name, isFolder: $0.kind == .folder, isLink: $0.kind == .link)
    }
  }
}
