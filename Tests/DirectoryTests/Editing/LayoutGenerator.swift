@testable import Directory

/// Writes directories in all the ways in which people lay out YAML.
struct LayoutGenerator {
    private var generator: SeededGenerator
    private var lines: [String] = []
    private var comments = 0
    private var keys = 0
    private let step: Int
    private let lineBreak: String
    private let endsWithLineBreak: Bool
    private let indentsLists: Bool

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        step = [2, 4, 3].randomElement(using: &generator) ?? 2
        lineBreak = generator.oneIn(3) ? "\r\n" : "\n"
        endsWithLineBreak = !generator.oneIn(3)
        indentsLists = !generator.oneIn(3)
    }

    /// A directory with the tenants `alpha`, `beta` and `gamma`, each with some of the principals
    /// `web`, `worker`, `old`.
    mutating func text() -> String {
        if generator.oneIn(4) { add(0, "---") }
        if generator.oneIn(3) { add(0, "# the customers of the platform") }
        add(0, "headgate-directory: 1")
        let platformFirst = generator.oneIn(2)
        if platformFirst { platform() }
        add(0, "tenants:")
        for name in ["alpha", "beta", "gamma"] { tenant(name) }
        if !platformFirst { platform() }
        if generator.oneIn(5) { add(0, "...") }
        return lines.joined(separator: lineBreak) + (endsWithLineBreak ? lineBreak : "")
    }

    private mutating func platform() {
        switch generator.next() % 4 {
        case 0: break
        case 1: add(0, "platform:")
        case 2: add(0, "platform: { old: \(flowPrincipal()) }")
        default:
            add(0, "platform:")
            principals(1)
        }
    }

    private mutating func tenant(_ name: String) {
        switch generator.next() % 5 {
        case 0: add(1, "\(name): { plan: starter }")
        case 1: add(1, "\(name): {plan: starter, principals: {old: \(flowPrincipal())}}")
        case 2:
            add(1, "\(name): {")
            add(2, "plan: starter,")
            add(2, "principals: { web: \(flowPrincipal()),")
            add(4, "old: \(flowPrincipal()) }\(generator.oneIn(2) ? "," : "")")
            add(1, "}")
        case 3:
            add(1, "\(name):")
            add(2, "principals:")
            principals(3)
            add(2, "plan: 'starter'")
        default:
            add(1, "\(name):")
            add(2, "plan: \"starter\"")
            add(2, "principals:\([" {}", "", " ~", " { }"].randomElement(using: &generator) ?? "")")
        }
    }

    private mutating func principals(_ level: Int) {
        for name in ["web", "worker", "old"] where !generator.oneIn(3) || name == "old" { principal(name, level) }
    }

    private mutating func principal(_ name: String, _ level: Int) {
        switch generator.next() % 8 {
        case 0: add(level, "\(name):")
        case 1: add(level, "\(name): \(flowPrincipal())")
        case 2:
            add(level, "\(name):")
            add(level + 1, "classes: [interactive]")
        case 3:
            add(level, "\(name):")
            add(level + 1, "description: >-")
            lines.append(
                String(repeating: " ", count: (level + 2) * step) + "several lines # of which none is a comment")
            lines.append("")
            lines.append(String(repeating: " ", count: (level + 2) * step) + "- nor: { a list")
        case 4:
            add(level, "\(name):")
            add(level + 1, "keys:\(["", " []", " [ ]", " ~", " null"].randomElement(using: &generator) ?? "")")
            add(level + 1, "description: it's \"quoted\" [oddly")
        case 5:
            add(level, "\(name):")
            add(level + 1, "keys:")
            for _ in 0..<Int.random(in: 1...3, using: &generator) { blockKey(level + (indentsLists ? 2 : 1)) }
            if generator.oneIn(2) { add(level + 1, "classes: [interactive]") }
        case 6:
            add(level, "\(name):")
            add(level + 1, "keys: [")
            let count = Int.random(in: 0...3, using: &generator)
            for number in 0..<count {
                add(level + 2, flowKey() + (number < count - 1 || generator.oneIn(2) ? "," : ""))
            }
            add(level + 1, "]")
        default:
            add(level, "\(name):")
            lines.append(String(repeating: " ", count: (level + 1) * step) + "description: a plain text")
            lines.append(String(repeating: " ", count: (level + 2) * step) + "that goes on")
        }
    }

    private mutating func blockKey(_ level: Int) {
        if generator.oneIn(2) {
            add(level, "- \(flowKey())")
        } else {
            keys += 1
            let indent = String(repeating: " ", count: level * step)
            lines.append("\(indent)- id: k_\(keys)\(comment())")
            lines.append("\(indent)  hash: \"\(hash())\"\(comment())")
            if generator.oneIn(3) { lines.append("\(indent)  # the next line is the date\(comment())") }
            lines.append("\(indent)  created: 2026-01-01T00:00:00Z\(comment())")
        }
    }

    private mutating func flowPrincipal() -> String {
        switch generator.next() % 7 {
        case 0: "{}"
        case 1: "{ classes: [interactive] }"
        case 2: "{ keys: [] }"
        case 3: "{ keys: [ \(flowKey()) ] }"
        case 4: "{keys: [\(flowKey()), \(flowKey()),]}"
        case 5: "{ classes: [interactive], keys: [\(flowKey())], description: it's # }".replacing(" # ", with: "#1 ")
        default: "{ keys: ~, description: 'a # b ] }' }"
        }
    }

    private mutating func flowKey() -> String {
        keys += 1
        let label = generator.oneIn(3) ? ", label: \"} ] # \\\" '\"" : ""
        return "{ id: k_\(keys), hash: \"\(hash())\", created: 2026-01-01T00:00:00Z\(label) }"
    }

    private func hash() -> String {
        KeyHash(fingerprint: 1, code: CredentialCode(words: (UInt64(keys), 0, 0, 0))).description
    }

    private mutating func comment() -> String {
        guard generator.oneIn(3) else { return "" }
        comments += 1
        return "  # c\(comments)."
    }

    private mutating func add(_ level: Int, _ text: String) {
        if generator.oneIn(8) { lines.append("") }
        if generator.oneIn(8) {
            comments += 1
            lines.append(String(repeating: " ", count: level * step) + "# c\(comments). a remark")
        }
        lines.append(
            String(repeating: " ", count: level * step) + text + (["---", "..."].contains(text) ? "" : comment()))
    }
}
