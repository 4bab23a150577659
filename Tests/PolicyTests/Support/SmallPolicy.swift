import Policy
import Testing

/// The smallest policy, with sections exchanged for what a test is about.
struct SmallPolicy {
    var head = "headgate: 1\nname: example\nowner: platform\n"
    var tiers = "tiers: [ { name: critical, reserve: 40% }, { name: business } ]\n"
    var classes = """
        classes:
          interactive: { tier: critical, consequence: time-sensitive, owner: web }
          integration: { tier: business, consequence: low, owner: partners }

        """
    var plans = "plans: { standard: { tenant: { rate: 300/s } } }\n"
    var more = ""

    /// The whole text.
    var text: String { head + tiers + classes + plans + more }

    /// What the compiler makes of it.
    var result: (snapshot: Snapshot?, tests: [PolicyTest], diagnostics: [Diagnostic]) {
        PolicyCompiler.compile([SourceFile(name: "policy.yaml", text: text)])
    }

    /// The snapshot; an issue if there is none.
    func snapshot() throws -> Snapshot {
        let result = result
        return try #require(result.snapshot, "\(result.diagnostics.map(\.message))")
    }

    /// What is wrong, as `line:column code`.
    var places: [String] {
        result.diagnostics.map { "\($0.span.line):\($0.span.column) \($0.code.name)" }
    }
}
