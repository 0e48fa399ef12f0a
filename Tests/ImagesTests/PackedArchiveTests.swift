import Images
import Mapping
import Report
import TestSupport
import Testing
import Validation

/// Layers packed with gzip, and archives that are damaged in any way.
@Suite struct PackedArchiveTests {
  @Test func packedLayers() throws {
    let plain = try ArchiveTests.images(ArchiveTests.save(ArchiveTests.layers))[0]
    let packed = ArchiveTests.layers.map { Self.gzip($0) }
    // In several members, as parallel programs write it, and padded.
    let members = ArchiveTests.layers.map { layer in
      Self.gzip(Array(layer.prefix(700))) + Self.gzip(Array(layer.dropFirst(700)))
        + [UInt8](repeating: 0, count: 100)
    }
    for bytes in [
      ArchiveTests.save(packed), ArchiveTests.save(members),
      Self.gzip(ArchiveTests.save(packed)), ArchiveTests.layout(packed),
    ] {
      let image = try ArchiveTests.images(bytes)[0]
      #expect(image.layers.map(\.size) == plain.layers.map(\.size))
      #expect(image.layers.map(\.wasted) == plain.layers.map(\.wasted))
      #expect(image.secrets == plain.secrets)
    }
  }

  @Test func damagedData() {
    let layer = Self.gzip(ArchiveTests.layers[0])
    #expect(ArchiveTests.problem(ArchiveTests.save([Array(layer.dropLast(9))])).contains("cut off"))
    var wrong = layer
    wrong[wrong.count - 8] ^= 1
    #expect(ArchiveTests.problem(ArchiveTests.save([wrong])).contains("damaged"))
    let whole = Self.gzip(ArchiveTests.save(ArchiveTests.layers))
    #expect(ArchiveTests.problem(Array(whole.dropLast(5000))).contains("cut off"))
  }

  /// Whatever the bytes, there is an answer: images or a problem, and no crash.
  @Test func mutations() {
    var generator = Numbers(state: 7)
    let layers = ArchiveTests.layers
    for round in 0..<600 {
      var layer = layers[round % layers.count]
      let block = Int(generator.next() % UInt64(layer.count / 512)) * 512
      let isHeader = layer[(block + 257)..<(block + 262)].elementsEqual("ustar".utf8)
      for _ in 0...Int(generator.next() % 4) {
        layer[block + Int(generator.next() % 512)] = UInt8(truncatingIfNeeded: generator.next())
      }
      if isHeader {
        // A field as another program may write it, and the sum that belongs to it.
        if round % 3 == 0 { layer[block + 124] = 0x80 | UInt8(generator.next() % 128) }
        if round % 4 == 0 { layer[block + 156] = Array("0123456789LKxgSA".utf8)[round % 16] }
        var header = Array(layer[block..<(block + 512)])
        TarArchive.seal(&header)
        layer.replaceSubrange(block..<(block + 512), with: header)
      }
      var config = Array(ArchiveTests.config.utf8)
      if round % 2 == 0 {
        config[Int(generator.next() % UInt64(config.count))] = UInt8(generator.next() % 128)
      }
      let text = String(decoding: config, as: UTF8.self)
      for bytes in [
        ArchiveTests.save([layer, layers[2]], config: text), ArchiveTests.save([Self.gzip(layer)]),
      ] {
        var bytes = bytes
        if round % 5 == 0 { bytes.removeLast(Int(generator.next() % UInt64(bytes.count))) }
        if let images = try? ArchiveTests.images(bytes) {
          for image in images { _ = image.diagnostics(uses: []) }
        } else {
          #expect(!ArchiveTests.problem(bytes).isEmpty)
        }
      }
    }
  }

  /// The same numbers in each run.
  private struct Numbers {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
  }

  /// A member of gzip whose data is stored as it is.
  private static func gzip(_ data: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var start = 0
    repeat {
      let end = min(data.count, start + 65_535)
      let count = end - start
      bytes.append(end == data.count ? 1 : 0)
      bytes += [
        UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8 & 255),
      ]
      bytes += data[start..<end]
      start = end
    } while start < data.count
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in data {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    for number in [~sum, UInt32(truncatingIfNeeded: data.count)] {
      for shift in stride(from: 0, to: 32, by: 8) {
        bytes.append(UInt8(number >> UInt32(shift) & 255))
      }
    }
    return bytes
  }
}
