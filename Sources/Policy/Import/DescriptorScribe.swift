/// Writes domains with limits of their own as a policy states them.
struct DescriptorScribe {
    private static let widthMax = 120
    private let sources: [String]

    /// Names the files from which the domains come.
    init(from sources: [String]) { self.sources = sources }

    /// The section, with a comment that says where it comes from and what is counted in another way.
    func section(_ domains: [RateLimitImport.Domain]) -> String {
        let names = sources.map { $0.excerpt(count: $0.unicodeScalars.count) }
        let comment = [
            "From the configuration of Envoy's reference rate limit service in \(Wording.list(names)).",
            "Limits per second, minute, hour and day fill evenly instead of all at once at the end of a window; those "
                + "per week, month and year begin anew with the calendar's, in UTC.",
        ]
        var lines = comment.flatMap { TextLayout.wrap($0, first: "# ", rest: "# ") }
        lines.append(domains.isEmpty ? "descriptors: {}" : "descriptors:")
        for domain in domains {
            lines.append("  \(DescriptorScribe.quoted(domain.name.value)):")
            if domain.entries.isEmpty {
                lines.append("    limits: []")
            } else {
                lines.append("    limits:")
                lines += list(domain.entries, indent: "      ")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func list(_ entries: [RateLimitImport.Entry], indent: String) -> [String] {
        entries.flatMap { entry -> [String] in
            let fields = fields(of: entry)
            let line = indent + "- { " + fields.joined(separator: ", ") + " }"
            if entry.entries.isEmpty, line.count <= DescriptorScribe.widthMax { return [line] }
            let lines = fields.enumerated().map { indent + ($0.offset == 0 ? "- " : "  ") + $0.element }
            guard !entry.entries.isEmpty else { return lines }
            return lines + ["\(indent)  limits:"] + list(entry.entries, indent: indent + "    ")
        }
    }

    private func fields(of entry: RateLimitImport.Entry) -> [String] {
        var fields = ["key: \(DescriptorScribe.quoted(entry.key.value))"]
        if let value = entry.value { fields.append("value: \(DescriptorScribe.quoted(value.value))") }
        if entry.isShared { fields.append("shared: true") }
        switch entry.amount {
        case .unlimited: fields.append("unlimited: true")
        case .requests(let requests, let unit): fields += ["requests: \(requests.value)", "unit: \(unit.name)"]
        case nil: return fields
        }
        if entry.isShadow, case .requests = entry.amount { fields.append("stage: shadow") }
        if let name = entry.name { fields.append("name: \(DescriptorScribe.quoted(name.value))") }
        if !entry.replaces.isEmpty {
            let names = entry.replaces.map { DescriptorScribe.quoted($0.value) }
            fields.append("replaces: [ \(names.joined(separator: ", ")) ]")
        }
        return fields
    }

    /// A text in double quotes, with an escape for each character that may not stand in a file as it is.
    private static func doubleQuoted(_ text: String) -> String {
        JSONText.quote(text).unicodeScalars.map { scalar in
            guard SourceReader.isForbidden(scalar) else { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            let width = scalar.value > 0xFFFF ? 8 : 4
            return (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
        }.joined()
    }

    /// A text as YAML: plain where nothing else could be meant, else in double quotes.
    static func quoted(_ text: String) -> String {
        let isPlain =
            text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "_-./".utf8.contains(byte)
                }
            } && !(text.utf8.first.map { "_-./".utf8.contains($0) } ?? true)
        return isPlain && text.lowercased() != "null" ? text : doubleQuoted(text)
    }
}
