internal import Directory
internal import Governance
internal import Journal
internal import Policy
internal import Vocabulary

/// Answers of the control API for people, whatever is in them: what the API tells later is shown without a change here.
struct AnswerText {
    /// What moments are told from.
    let now: WallTime

    /// The members of an object, a line each; objects inside are indented, lists of objects are tables.
    func card(_ value: Policy.JSONValue) -> String {
        guard case .object(let members) = value else { return cell(value) + "\n" }
        let width = members.filter { !isBlock($0.value) }.map { title($0.key).count }.max() ?? 0
        return members.map { member in
            let name = title(member.key)
            switch member.value {
            case .object: return name + "\n" + indented(card(member.value))
            case .array(let items) where isBlock(member.value):
                return name + "\n" + indented(table(items, columns: columns(of: items)))
            default: return name.padded(to: width + 2) + cell(member.value) + "\n"
            }
        }.joined()
    }

    /// A table; columns as wide as what stands in them.
    ///
    /// - Parameters:
    ///   - items: the rows.
    ///   - columns: which members, as a path (`entitlement.plan`, `keys.count`); `TITLE=path` names the column
    ///     otherwise.
    /// - Returns: nothing at all for no rows.
    func table(_ items: [Policy.JSONValue], columns: [String]) -> String {
        guard !items.isEmpty else { return "" }
        let parts = columns.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
        let paths = parts.map { ($0.last ?? "").split(separator: ".").map(String.init) }
        let head = zip(parts, paths).map { part, path in
            part.count == 2 ? part[0] : title(path.last ?? "").uppercased()
        }
        let rows = items.map { item in
            paths.map { path in cell(path.reduce(item, AnswerText.member)) }
        }
        let widths = head.indices.map { column in
            ([head] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([head] + rows).map { row in
            let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
            return String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)]) + "\n"
        }.joined()
    }

    /// The member with a name; of a list, `count` is how many elements it has.
    private static func member(_ value: Policy.JSONValue, _ name: String) -> Policy.JSONValue {
        if case .array(let items) = value, name == "count" { return .integer(Int64(items.count)) }
        return value[name] ?? .null
    }

    /// A value on one line.
    func cell(_ value: Policy.JSONValue) -> String {
        switch value {
        case .null: return "-"
        case .flag(let flag): return flag ? "yes" : "no"
        case .integer(let number): return String(number)
        case .millionths: return value.compact
        case .string(let text): return moment(text) ?? text.forTerminal
        case .array(let items): return items.isEmpty ? "-" : items.map(cell).joined(separator: ", ")
        case .object(let members):
            if let adjustment = AdjustmentText.read(value) { return adjustment.description }
            guard let first = members.first else { return "-" }
            let rest = members.dropFirst().map { "\(title($0.key)) \(cell($0.value))" }
            return cell(first.value) + (rest.isEmpty ? "" : " (\(rest.joined(separator: ", ")))")
        }
    }

    /// A moment, and how far away it is: `2026-12-01T00:00:00Z (in 4 d)`; `nil` for other texts.
    func moment(_ text: String) -> String? {
        guard text.utf8.count >= 20, let moment = Timestamp.moment(text) else { return nil }
        let absolute = Timestamp.text(Timestamp.wholeSeconds(moment))
        let (distance, overflow) = (moment.milliseconds - now.milliseconds).multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return absolute }
        let words = Nanoseconds(abs(distance / 1_000_000_000) * 1_000_000_000).inWords
        return absolute + (distance > 0 ? " (in \(words))" : " (\(words) ago)")
    }

    private func title(_ key: String) -> String { key.replacing("_", with: " ").forTerminal }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: true).map { "  \($0)\n" }.joined()
    }

    /// Whether a value takes lines of its own.
    private func isBlock(_ value: Policy.JSONValue) -> Bool {
        switch value {
        case .object: return true
        case .array(let items):
            return items.contains { item in
                guard case .object = item else { return false }
                return AdjustmentText.read(item) == nil
            }
        default: return false
        }
    }

    /// The members that any of the objects has, in their order.
    private func columns(of items: [Policy.JSONValue]) -> [String] {
        var names: [String] = []
        for case .object(let members) in items {
            for member in members where !names.contains(member.key) { names.append(member.key) }
        }
        return names
    }
}

extension String {
    /// The text with spaces behind it, up to a width.
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
