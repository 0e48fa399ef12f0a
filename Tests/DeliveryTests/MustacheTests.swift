import Delivery
import Mapping
import TestSupport
import Testing
import YAML

/// The template language, rule by rule of mustache(5).
@Suite struct MustacheTests {
  private let data = JSON.object { root in
    root.set("name", "Tom & \"Jerry\"")
    root.set("count", 3)
    root.set("yes", true)
    root.set("no", false)
    root.set("empty", .array([]))
    root.set("nothing", JSON.null)
    root.set("list", .strings(["a", "b"]))
    root.set(
      "item",
      .object { item in
        item.set("title", "inner")
        item.set("deep", .object { $0.set("value", 7) })
      })
    root.set(
      "items",
      .array([
        .object { $0.set("title", "first") }, .object { $0.set("other", "x") },
      ]))
    root.set("title", "outer")
  }

  @Test(arguments: [
    ("plain {text}", "plain {text}"),
    ("{{name}}", "Tom &amp; &quot;Jerry&quot;"),
    ("{{{name}}} {{&name}} {{& name }}", "Tom & \"Jerry\" Tom & \"Jerry\" Tom & \"Jerry\""),
    ("{{count}}{{missing}}{{nothing}}{{list}}", "3"),
    ("{{#yes}}a{{/yes}}{{#no}}b{{/no}}{{^no}}c{{/no}}{{^yes}}d{{/yes}}", "ac"),
    ("{{#empty}}x{{/empty}}{{^empty}}none{{/empty}}{{^nothing}}null{{/nothing}}", "nonenull"),
    ("{{#list}}<{{.}}>{{/list}}", "<a><b>"),
    ("{{#item}}{{title}}-{{count}}{{/item}}", "inner-3"),
    ("{{item.deep.value}}{{item.none.value}}{{item.title.x}}", "7"),
    // A name that is missing inside is looked up outside; the rest of a dotted name is not.
    ("{{#items}}[{{title}}]{{/items}}", "[first][outer]"),
    ("{{#item}}{{deep.count}}{{/item}}", ""),
    ("a{{! a comment }}b", "ab"),
    ("a\n  {{! alone }}\nb", "a\nb"),
    ("{{#list}}\n- {{.}}\n{{/list}}\nend", "- a\n- b\nend"),
    ("{{#list}}\r\n{{.}}\r\n{{/list}}\r\nend", "a\r\nb\r\nend"),
    ("  {{count}}  \n", "  3  \n"),
    ("| {{#yes}} x {{/yes}} |", "|  x  |"),
    ("{{=<% %>=}}<%count%> {{count}}<%={{ }}=%> {{count}}", "3 {{count}} 3"),
    ("{{#yes}}\n{{/yes}}", ""),
    ("é{{count}}ß", "é3ß"),
  ])
  func renders(_ template: String, _ expected: String) throws {
    #expect(
      String(decoding: try MustacheTemplate(template).render(data), as: UTF8.self) == expected)
  }

  @Test(arguments: [
    ("a\n{{#open}}\nb", 2, "{{#open}} has no end"),
    ("{{/close}}", 1, "was not begun"),
    ("{{#a}}{{#b}}{{/a}}{{/b}}", 1, "ends the section {{#b}}"),
    ("x\n\n{{name", 3, "has no end"),
    ("{{}}", 1, "without a name"),
    ("{{>other}}", 1, "partials"),
    ("{{=only=}}", 1, "delimiters"),
    (String(repeating: "{{#a}}", count: 100), 1, "inside one another"),
  ])
  func refuses(_ template: String, _ line: Int, _ fragment: String) {
    let problem = #expect(throws: MustacheTemplate.Problem.self) {
      _ = try MustacheTemplate(template)
    }
    #expect(problem?.line == line)
    #expect(problem?.message.contains(fragment) == true, "\(problem?.message ?? "")")
  }
}
