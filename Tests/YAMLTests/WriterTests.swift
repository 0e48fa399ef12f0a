import Testing

@testable import YAML

/// What a closure writes, as text.
func written(_ body: (inout Writer) -> Void) -> String {
  var w = Writer()
  body(&w)
  return String(decoding: w.bytes, as: UTF8.self)
}

struct WriterTests {
  @Test func scalars() {
    let text = written { w in
      w.field("name", "web")
      w.field("replicas", 3)
      w.field("port", 65535)
      w.field("offset", -12)
      w.field("on", true)
      w.field("off", false)
      w.field("missing", nil as String?)
      w.field("missing", nil as Int?)
      w.field("missing", nil as Bool?)
      w.field("empty", "")
    }
    #expect(
      text == """
        name: web
        replicas: 3
        port: 65535
        offset: -12
        on: true
        off: false
        empty: ""

        """)
  }

  @Test func listsAndMappingsNest() {
    let text = written { w in
      w.field("args", ["-c", "echo hi", ""])
      w.field("groups", [5, 10])
      w.field("none", [String]())
      w.field("spec") { w in
        w.field("data", [("b", "2"), ("a", "x")])
        w.list("containers", ["one", "two"]) { name, w in
          w.field("name", name)
          w.list("ports", [80, 443]) { port, w in w.field("port", port) }
          w.field("resources") { w in w.field("limits") { $0.field("cpu", "1") } }
        }
      }
      w.field("last", "x")
    }
    #expect(
      text == """
        args:
          - -c
          - echo hi
          - ""
        groups:
          - 5
          - 10
        spec:
          data:
            b: "2"
            a: x
          containers:
            - name: one
              ports:
                - port: 80
                - port: 443
              resources:
                limits:
                  cpu: "1"
            - name: two
              ports:
                - port: 80
                - port: 443
              resources:
                limits:
                  cpu: "1"
        last: x

        """)
  }

  @Test func whatIsEmptyIsLeftOut() {
    let text = written { w in
      w.field("gone") { w in w.field("goneToo") { _ in } }
      w.list("items", [1, 2, 3]) { number, w in
        w.field("gone") { _ in }
        if number == 2 { w.field("number", number) }
      }
      w.field("emptyDir", .emptyMapping)
      w.field("list", .emptySequence)
      w.field("null", .null)
    }
    #expect(
      text == """
        items:
          - {}
          - number: 2
          - {}
        emptyDir: {}
        list: []
        null: null

        """)
  }

  @Test func anItemMayBeginWithALeftOutMapping() {
    let text = written { w in
      w.list("items", [1]) { _, w in
        w.field("gone") { w in w.list("inner", [Int]()) { _, _ in } }
        w.list("inner", [1]) { _, w in w.field("a", 1) }
      }
    }
    #expect(text == "items:\n  - inner:\n      - a: 1\n")
  }

  @Test func documentsAndComments() {
    let text = written { w in
      w.document()
      w.field("a", 1)
      w.document()
      w.comment("one\n\ntwo")
      w.field("b") { w in
        w.comment("inside")
        w.field("c", 1)
      }
      w.field("image", verbatim: "{{ .Values.image }}")
    }
    #expect(
      text == """
        a: 1
        ---
        # one
        #
        # two
        b:
          # inside
          c: 1
        image: {{ .Values.image }}

        """)
  }

  @Test func blocks() {
    let text = written { w in
      w.field("data") { w in
        w.entry("clip", "a\n\n  b \n")
        w.entry("strip", "a\nb")
        w.entry("keep", "a\n\n")
        w.entry("indented", "  a\nb\n")
        w.entry("late", "\n\ta\n")
        w.entry("breaks", "\n\n")
        w.entry("carriage", "a\r\nb\r\n")
        w.entry("bell", "a\n\u{7}")
      }
      w.field("args", ["set -e\nrun\n", "  x\ny"])
    }
    #expect(
      text == """
        data:
          clip: |
            a

              b\u{20}
          strip: |-
            a
            b
          keep: |+
            a

          indented: |2
              a
            b
          late: |2

            \ta
          breaks: "\\n\\n"
          carriage: "a\\r\\nb\\r\\n"
          bell: "a\\n\\x07"
        args:
          - |
            set -e
            run
          - |2-
              x
            y

        """)
  }

  @Test func keysThatAreData() throws {
    let long = String(repeating: "k", count: 2000)
    let keys = ["plain", "on", "a: b", "x\ny", "", "é", "1", long, "{a}", "# c"]
    let text = written { w in
      for key in keys { w.entry(key, "v") }
      w.entry(long + "2") { $0.field("a", 1) }
    }
    let root = try #require(try read(text))
    #expect(root.entries?.map(\.key) == keys + [long + "2"])
    #expect(root.entries?.allSatisfy { $0.keyKind == .string } == true)
    #expect(
      text.hasPrefix("plain: v\n\"on\": v\n\"a: b\": v\n\"x\\ny\": v\n\"\": v\né: v\n\"1\": v\n"))
  }

  @Test func nodesKeepTheirKinds() throws {
    let source = """
      int: 0o17
      hex: 0x1F
      float: 1e3
      bool: True
      nothing: ~
      date: 2001-12-14
      text: '5'
      word: "on"
      empty: {}
      none: []
      nested:
      - - 1
        - a: b
          c: |
            x
             y
        - "x\\ny"
      - {a: [true, null]}
      - - []
        - {}
      - "z\\n"
      1: number

      """
    let root = try #require(try read(source))
    let text = written { $0.write(root) }
    #expect(
      text == """
        int: 0o17
        hex: 0x1F
        float: 1e3
        bool: True
        nothing: null
        date: 2001-12-14
        text: "5"
        word: "on"
        empty: {}
        none: []
        nested:
          - - 1
            - a: b
              c: |
                x
                 y
            - |-
              x
              y
          - a:
              - true
              - null
          - - []
            - {}
          - |
            z
        1: number

        """)
    let again = try #require(try read(text))
    #expect(
      dump(again).replacing("null null", with: "null ~")
        == dump(root).replacing("null null", with: "null ~"))
  }

  @Test(arguments: ["5", "a\nb\n", "  a\nb", "", "x"]) func aScalarAlone(_ value: String) throws {
    let text = written { $0.write(.string(value)) }
    #expect(dump(try read(text)) == "string \(value)")
    #expect(written { $0.write(.int(5)) } == "5\n")
    #expect(written { $0.write(Node(.sequence([]))) } == "[]\n")
    #expect(written { $0.write(Node(.mapping([]))) } == "{}\n")
  }
}
