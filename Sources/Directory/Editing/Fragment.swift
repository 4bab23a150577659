internal import Vocabulary

/// A piece of YAML to be put into a file.
indirect enum Fragment: Sendable {
    /// A text.
    case text(String)
    /// Keys and values.
    case mapping([Pair], Style)
    /// A list.
    case sequence([Fragment], Style)

    /// How a collection is written.
    enum Style: Sendable {
        /// In brackets, on one line.
        case flow
        /// One entry to a line, where brackets around it do not forbid that.
        case block
    }

    /// A key with its value.
    struct Pair: Sendable {
        /// The key.
        let key: String
        /// The value.
        let value: Fragment
    }

    /// How many columns a level is indented.
    static let indentation = 2
}

/// Writing.
extension Fragment {
    /// The fragment in brackets, on one line.
    var flow: String {
        switch self {
        case .text(let text): return Fragment.quoted(text)
        case .mapping(let pairs, _): return pairs.isEmpty ? "{}" : "{ \(pairs.map(\.flow).joined(separator: ", ")) }"
        case .sequence(let items, _):
            let list = items.map(\.flow).joined(separator: ", ")
            if case .mapping = items.first { return "[ \(list) ]" }
            return "[\(list)]"
        }
    }

    /// The lines of the fragment, without indentation.
    var lines: [String] {
        switch self {
        case .mapping(let pairs, .block) where !pairs.isEmpty: pairs.flatMap(\.lines)
        case .sequence(let items, .block) where !items.isEmpty: items.flatMap(\.itemLines)
        case .text, .mapping, .sequence: [flow]
        }
    }

    /// The lines of the fragment as an item of a list.
    var itemLines: [String] {
        lines.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
    }

    /// Whether the fragment begins on a line of its own, below its key.
    fileprivate var isBlock: Bool {
        switch self {
        case .mapping(let pairs, .block): !pairs.isEmpty
        case .sequence(let items, .block): !items.isEmpty
        case .text, .mapping, .sequence: false
        }
    }

    /// The text, in quotes where YAML could take it for something else.
    static func quoted(_ text: String) -> String {
        let isMoment = Timestamp.moment(text) != nil && text.contains("T")
        let isPlain = DirectoryName.isValid(text) && !["null", "true", "false"].contains(text.lowercased())
        guard !isPlain, !isMoment else { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}

extension Fragment.Pair {
    /// Joins a key and a value.
    init(_ key: String, _ value: Fragment) {
        self.init(key: key, value: value)
    }

    /// The pair as part of a mapping in brackets.
    var flow: String { "\(Fragment.quoted(key)): \(value.flow)" }

    /// The lines of the pair, without indentation.
    var lines: [String] {
        guard value.isBlock else { return [flow] }
        let indent = String(repeating: " ", count: Fragment.indentation)
        return ["\(Fragment.quoted(key)):"] + value.lines.map { indent + $0 }
    }
}

/// What commands write.
extension Fragment {
    /// The entry of a key.
    init(_ key: APIKey) {
        var pairs = [
            Pair("id", .text(key.id)), Pair("hash", .text(key.hash.description)),
            Pair("created", .text(Timestamp.text(key.created))),
        ]
        if let expires = key.expires { pairs.append(Pair("expires", .text(Timestamp.text(expires)))) }
        if let revoked = key.revoked { pairs.append(Pair("revoked", .text(Timestamp.text(revoked)))) }
        if let label = key.label { pairs.append(Pair("label", .text(label))) }
        self = .mapping(pairs, .flow)
    }

    /// The entry of a new principal, with its keys.
    init(_ principal: Principal) {
        var pairs: [Pair] = []
        if !principal.classes.isEmpty {
            pairs.append(Pair("classes", .sequence(principal.classes.map { .text($0) }, .flow)))
        }
        pairs.append(Pair("keys", .sequence(principal.keys.map { Fragment($0) }, .block)))
        self = .mapping(pairs, .block)
    }
}
