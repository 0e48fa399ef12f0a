package import Kubernetes
import Ledger
import Stack
package import Swarm
import YAML

/// A schedule in swarm-cronjob's grammar, and what a CronJob makes of it.
///
/// Both use the library robfig/cron; swarm-cronjob also takes a leading field of seconds and a time zone before the
/// fields, which a CronJob keeps apart or has not.
package struct CronSchedule: Sendable {
  /// What becomes coarser.
  package enum Rounding: Sendable, Hashable {
    /// Starts at the full minute instead of this second.
    case second(String)
    /// Starts once a minute instead of several times.
    case severalPerMinute(String)
  }

  package let schedule: Schedule
  /// From `CRON_TZ=` or `TZ=`.
  package let timeZone: String?
  package let rounding: Rounding?

  /// nil for what swarm-cronjob refuses.
  package init?(_ text: String) {
    var rest = text[...]
    var zone: String?
    if rest.hasPrefix("TZ=") || rest.hasPrefix("CRON_TZ=") {
      guard let blank = rest.firstIndex(of: " "), let sign = rest.firstIndex(of: "=") else {
        return nil
      }
      let name = String(rest[rest.index(after: sign)..<blank])
      guard TimeZoneName.isKnown(name) else { return nil }
      zone = name
      rest = rest[blank...]
    }
    let fields = rest.split { $0.isWhitespace }
    if fields.first?.hasPrefix("@") == true {
      self.init(macro: fields.joined(separator: " "), zone)
      return
    }
    var rounding: Rounding?
    var five = fields
    if fields.count == 6 {
      let seconds = five.removeFirst()
      // Seconds have the same grammar and range as minutes.
      guard Schedule("\(seconds) * * * *") != nil else { return nil }
      if let second = Int(seconds) {
        rounding = second == 0 ? nil : .second(String(seconds))
      } else {
        rounding = .severalPerMinute(String(seconds))
      }
    }
    guard let schedule = Schedule(five.joined(separator: " ")) else { return nil }
    self.init(schedule, zone, rounding)
  }

  private init(_ schedule: Schedule, _ zone: String?, _ rounding: Rounding?) {
    self.schedule = schedule
    timeZone = zone
    self.rounding = rounding
  }

  private init?(macro: String, _ zone: String?) {
    guard let schedule = Schedule(macro) else { return nil }
    if macro.hasPrefix("@every "), let period = goDuration(String(macro.dropFirst(7))),
      period < .seconds(60)
    {
      self.init(Schedule(unchecked: "* * * * *"), zone, .severalPerMinute(macro))
    } else {
      self.init(schedule, zone, nil)
    }
  }

  /// The time zone of the swarm-cronjob service among the stacks, by which all its schedules run: its `TZ`, UTC where
  /// it has none; nil where no stack has such a service.
  package static func timeZone(of stacks: [Swarm.Stack]) -> String? {
    for stack in stacks {
      for service in stack.services {
        guard let image = service.node["image"]?.text, image.contains("swarm-cronjob") else {
          continue
        }
        let zone = service.node["environment"]?["TZ"]?.text ?? ""
        return TimeZoneName.isKnown(zone) ? zone : "Etc/UTC"
      }
    }
    return nil
  }
}
