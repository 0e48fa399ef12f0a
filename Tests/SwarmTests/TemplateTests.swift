import Delivery
import Images
import Stack
import Swarm
import TestSupport
import Testing
import YAML

/// Go templates are expanded as far as they can be before a task runs.
@Suite struct TemplateTests {
  private func expand(_ text: String, _ keys: String = "") throws -> Template {
    try service(with: keys).expand(text)
  }

  @Test(arguments: [
    ("plain", "plain"),
    ("", ""),
    ("{ {.Service.Name} }", "{ {.Service.Name} }"),
    ("{{.Service.Name}}", "shop_web"),
    ("a-{{ .Service.Name }}-b", "a-shop_web-b"),
    ("a {{- .Service.Name -}} b", "ashop_webb"),
    ("{{/* nothing */}}x", "x"),
    (#"{{index .Service.Labels "tier"}}"#, "front"),
    (#"{{index .Service.Labels "absent"}}"#, ""),
    (#"{{index .Service.Labels "com.docker.stack.namespace"}}"#, "shop"),
    (#"{{if eq (index .Service.Labels "tier") "front"}}yes{{else}}no{{end}}"#, "yes"),
    (#"{{if ne .Service.Name "shop_web"}}a{{else if true}}b{{end}}"#, "b"),
    (#"{{join "," .Service.Name "x"}}"#, "shop_web,x"),
    (#"{{printf "%s/%d%%" .Service.Name 7}}"#, "shop_web/7%"),
    (#"{{.Service.Name | printf "<%s>"}}"#, "<shop_web>"),
    (#"{{len "four"}}"#, "4"),
    (#"{{if and true (not false)}}in{{end}}"#, "in"),
  ])
  func isKnownBeforehand(template: String, text: String) throws {
    let expanded = try expand(template, "deploy: {labels: {tier: front}}")
    #expect(expanded.problem == nil)
    #expect(expanded.staticText == text)
  }

  @Test func keepsWhatOnlyATaskKnows() throws {
    let expanded = try expand("{{.Node.Hostname}}-{{.Task.Slot}}.{{.Service.Name}}")
    #expect(
      expanded.parts == [
        .value(.nodeHostname), .text("-"), .value(.taskSlot), .text(".shop_web"),
      ])
    #expect(expanded.staticText == nil)
    #expect(expanded.mentioned == [.nodeHostname, .taskSlot])
  }

  @Test func takesTheOnlySlotOfASingleTask() throws {
    let one = try expand(#"{{if eq .Task.Slot "1"}}first{{else}}other{{end}}"#)
    #expect(one.staticText == "first")
    #expect(one.problem == nil)
    let many = try expand(
      #"{{if eq .Task.Slot "1"}}first{{else}}other{{end}}"#, "deploy: {replicas: 3}")
    #expect(many.staticText == "other")
    #expect(many.problem == .perTask(condition: #"eq .Task.Slot "1""#))
  }

  @Test(arguments: [
    "{{.Nothing}}", "{{.Service.Nothing}}", "{{.Service.Name", "{{nothing 1}}", "{{end}}",
    #"{{env "HOME"}}"#, "{{.Service.Labels.absent}}",
  ])
  func knowsWhatDockerRefuses(template: String) throws {
    let expanded = try expand(template)
    guard case .refused = expanded.problem else {
      Issue.record("\(template): \(String(describing: expanded.problem))")
      return
    }
    #expect(expanded.staticText == template)
  }

  @Test(arguments: ["{{range .Service.Labels}}x{{end}}", "{{html .Service.Name}}", "{{.Service}}"])
  func saysWhatItDoesNotRead(template: String) throws {
    let expanded = try expand(template)
    guard case .unreadable = expanded.problem else {
      Issue.record("\(template): \(String(describing: expanded.problem))")
      return
    }
    #expect(expanded.staticText == template)
  }

  @Test func looksUpOnlyWhereAsked() throws {
    let web = try service(with: "")
    let found = web.expand(#"a={{secret "token"}}"#) { function, name in
      function == "secret" && name == "token" ? "t" : nil
    }
    #expect(found.staticText == "a=t")
    let missing = web.expand(#"{{config "other"}}"#) { _, _ in nil }
    guard case .unreadable = missing.problem else {
      Issue.record("\(String(describing: missing.problem))")
      return
    }
  }
}
