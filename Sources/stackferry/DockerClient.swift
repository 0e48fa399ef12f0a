import Diagnostics
import Glibc
import Report
import Validation
import YAML

/// The docker client on the PATH. It knows the user's contexts, certificates and SSH hosts, so nothing of the kind is
/// done here.
struct DockerClient {
  /// Why the client gave no answer.
  struct Problem: Error {
    let summary: String
    let hint: String
  }

  /// What a finished process said.
  private struct Answer {
    let status: Int32
    let output: [UInt8]
    let error: String
  }

  /// Runs the client, and gives the lines that it printed, without empty ones.
  func lines(_ arguments: [String]) throws(Problem) -> [String] {
    String(decoding: try output(arguments), as: UTF8.self)
      .split(whereSeparator: \.isNewline).map(String.init)
  }

  /// Runs `docker … inspect` for objects, some at a time, and gives what it says of each.
  func inspect(_ arguments: [String], _ names: [String]) throws(Problem) -> [Node] {
    var found: [Node] = []
    var start = 0
    while start < names.count {
      let end = min(start + 100, names.count)
      let bytes = try output(arguments + names[start..<end])
      start = end
      var sources = Sources()
      let file = sources.add(SourceFile(path: "docker", bytes: bytes))
      do {
        found += try JSONDocument.read(file, in: sources).items ?? []
      } catch {
        throw Problem(
          summary: "docker \(arguments.joined(separator: " ")) printed no JSON",
          hint: "run it by hand to see what it says")
      }
    }
    return found
  }

  private func output(_ arguments: [String]) throws(Problem) -> [UInt8] {
    let answer = try run(arguments)
    if answer.status == 0 { return answer.output }
    let words = answer.error.split(whereSeparator: \.isNewline).map(String.init)
    let reason = words.last { !$0.isEmpty } ?? "exit status \(answer.status)"
    throw Problem(
      summary: "docker \(arguments.prefix(2).joined(separator: " ")): \(reason)",
      hint: Self.hint(answer.error))
  }

  private static func hint(_ text: String) -> String {
    let lower = text.lowercased()
    if lower.contains("not a swarm manager") || lower.contains("this node is not part of a swarm")
      || lower.contains("docker swarm init")
    {
      return
        "ask a manager of the Swarm: docker -H ssh://USER@MANAGER node ls shows whether one answers; then "
        + "DOCKER_HOST=ssh://USER@MANAGER stackferry capture -o snapshot.json"
    }
    if lower.contains("cannot connect") || lower.contains("error during connect")
      || lower.contains("permission denied") || lower.contains("no such host")
      || lower.contains("failed to connect")
    {
      return
        "docker context ls shows which engine is asked; DOCKER_HOST=ssh://USER@MANAGER stackferry capture … asks "
        + "another one"
    }
    return "run it by hand to see what it says"
  }

  private func run(_ arguments: [String]) throws(Problem) -> Answer {
    var outputPipe: [Int32] = [-1, -1]
    var errorPipe: [Int32] = [-1, -1]
    guard unsafe pipe(&outputPipe) == 0, unsafe pipe(&errorPipe) == 0
    else { throw Self.systemProblem(errno) }
    for descriptor in outputPipe + errorPipe { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, outputPipe[1], STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, errorPipe[1], STDERR_FILENO)
    var words: [UnsafeMutablePointer<CChar>?] =
      unsafe (["docker"] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let failure = unsafe posix_spawnp(&process, "docker", &actions, nil, words, environ)
    close(outputPipe[1])
    close(errorPipe[1])
    defer {
      close(outputPipe[0])
      close(errorPipe[0])
    }
    guard failure == 0 else {
      if failure == ENOENT {
        throw Problem(
          summary: "there is no docker client on the PATH",
          hint:
            "capture reads a Swarm through it: run this where `docker node ls` works, or install the client "
            + "(package docker-cli or docker-ce-cli)")
      }
      throw Self.systemProblem(failure)
    }
    let (output, error) = Self.readBoth(outputPipe[0], errorPipe[0])
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
    // The status of a process that a signal ended is that of no exit.
    let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    return Answer(status: code, output: output, error: String(decoding: error, as: UTF8.self))
  }

  private static func systemProblem(_ code: Int32) -> Problem {
    Problem(
      summary: "docker cannot be started: \(unsafe String(cString: strerror(code)))",
      hint: "run `docker version` to see whether the client works")
  }

  /// Reads two pipes to their ends, whichever has something, so that neither fills up.
  private static func readBoth(_ first: Int32, _ second: Int32) -> ([UInt8], [UInt8]) {
    var texts: [[UInt8]] = [[], []]
    var polled = [
      pollfd(fd: first, events: Int16(POLLIN), revents: 0),
      pollfd(fd: second, events: Int16(POLLIN), revents: 0),
    ]
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while polled.contains(where: { $0.fd >= 0 }) {
      if unsafe poll(&polled, 2, -1) < 0 {
        if errno == EINTR { continue }
        break
      }
      for index in 0..<2 where polled[index].fd >= 0 && polled[index].revents != 0 {
        let count = unsafe read(polled[index].fd, &buffer, buffer.count)
        if count > 0 {
          texts[index] += buffer[0..<count]
        } else if count == 0 || errno != EINTR {
          polled[index].fd = -1
        }
      }
    }
    return (texts[0], texts[1])
  }
}
