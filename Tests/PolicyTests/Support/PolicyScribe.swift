import Policy

/// Writes a tree as YAML in a way that a seed decides.
///
/// The order of keys, block or flow style, quotes, comments, blank lines and other spellings of the same amounts: none
/// of this changes what a policy means.
struct PolicyScribe {
    private var random: MatchingRandom

    init(seed: UInt64) { random = MatchingRandom(seed: seed) }

    /// A document with the same meaning.
    mutating func write(_ node: SourceNode) -> String {
        guard case .mapping(let pairs) = node.content else { return flow(node) + "\n" }
        return "# seed\n" + block(pairs, indent: "")
    }

    private mutating func block(_ pairs: [SourceNode.Pair], indent: String) -> String {
        var text = ""
        for pair in pairs.shuffled(using: &random) {
            if random.chance(10) { text += "\n" }
            if random.chance(10) { text += indent + "# a comment: [ { *\n" }
            text += indent + quoted(pair.key.text) + ":" + value(pair.value, indent: indent) + "\n"
        }
        return text
    }

    private mutating func value(_ node: SourceNode, indent: String) -> String {
        let inner = indent + (random.chance(50) ? "  " : "   ")
        switch node.content {
        case .mapping(let pairs) where !pairs.isEmpty && random.chance(50):
            return "\n" + block(pairs, indent: inner).dropLast()
        case .sequence(let items) where !items.isEmpty && random.chance(50):
            return items.map { "\n" + inner + "- " + flow($0) }.joined()
        default: return " " + flow(node) + (random.chance(10) ? "   # and another" : "")
        }
    }

    private mutating func flow(_ node: SourceNode) -> String {
        switch node.content {
        case .null: return random.chance(50) ? "~" : "null"
        case .scalar(let scalar): return quoted(respelled(scalar.text))
        case .sequence(let items): return "[ " + items.map { flow($0) }.joined(separator: ", ") + " ]"
        case .mapping(let pairs):
            return "{ "
                + pairs.shuffled(using: &random).map { quoted($0.key.text) + ": " + flow($0.value) }
                .joined(separator: random.chance(50) ? ", " : " , ") + " }"
        }
    }

    /// The text in one of three styles of quotes, or without where YAML allows it.
    private mutating func quoted(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber || "-_./%".contains($0) } && !text.hasPrefix("-")
        if isPlain, !["null", "~", ""].contains(text), random.chance(60) { return text }
        if random.chance(50) { return "'" + text.replacing("'", with: "''") + "'" }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Another spelling of the same amount.
    private mutating func respelled(_ text: String) -> String {
        guard random.chance(50) else { return text }
        if let match = text.wholeMatch(of: /([0-9_]+)\/(ms|s|min|h|day)/) {
            let periods = ["s": ["1s", "1000ms"], "min": ["60s", "1min"], "h": ["60min"], "day": ["24h", "day"]]
            // Quotas are counted per calendar day; only rates are written with smaller periods than a day here.
            guard match.2 != "day" else { return text }
            return "\(match.1)/" + random.pick(periods[String(match.2)] ?? [String(match.2)])
        }
        if let match = text.wholeMatch(of: /([0-9]+)s/) { return "\(match.1)000ms" }
        if let match = text.wholeMatch(of: /([0-9]+)m/), let minutes = Int(match.1) { return "\(minutes * 60)s" }
        if let match = text.wholeMatch(of: /([0-9]+)%/) { return "\(match.1).0%" }
        if let match = text.wholeMatch(of: /([0-9]+)([0-9]{3})/) { return "\(match.1)_\(match.2)" }
        return text
    }
}
