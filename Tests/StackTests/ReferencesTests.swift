import Stack
import TestSupport
import Testing

@Suite struct ReferencesTests {
  func problems(_ stack: String) -> [String] {
    Loaded(stack).stack.map(referenceProblems)?.map { "\($0.mark.column) \($0.summary)" } ?? [
      "refused"
    ]
  }

  @Test func undefinedNames() {
    #expect(
      problems("services: {web: {networks: [n], volumes: [\"vv:/a\"], configs: [c], secrets: [s]}}")
        == [
          "29 services.web uses the network \"n\", which the stack does not define",
          "43 services.web uses the volume \"vv\", which the stack does not define",
          "63 services.web uses the config \"c\", which the stack does not define",
          "77 services.web uses the secret \"s\", which the stack does not define",
        ])
  }

  @Test func definedNames() {
    #expect(
      problems(
        """
        services: {web: {networks: [default, n], volumes: ["vv:/a", /b, "./c:/d"], configs: [c]}}
        networks: {n: }
        volumes: {vv: }
        configs: {c: {external: true}}
        """) == [])
    #expect(
      problems("services: {web: {volumes: [{type: cluster, source: 'group:a', target: /a}]}}") == []
    )
  }

  @Test func credentialSpecs() {
    #expect(problems("services: {web: {credential_spec: {config: c}}}").count == 1)
  }
}
