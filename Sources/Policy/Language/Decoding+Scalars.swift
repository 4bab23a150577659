package import Vocabulary

extension Decoding {
    /// The longest name.
    package static let nameLengthMax = 64
    /// The longest free text.
    package static let textLengthMax = 2_000

    /// A text that is not empty, without white space around it.
    ///
    /// `example` says what is wanted: "an owner like `web`". Texts appear in records, headers and on pages, so they
    /// hold no control characters, and line breaks only where `isLong`.
    package mutating func text(_ node: SourceNode, _ example: String, isLong: Bool = false) -> Located<String>? {
        guard case .scalar(let scalar) = node.content else {
            mismatch(example, found: node)
            return nil
        }
        let text = scalar.text.withoutSpaceAround
        guard !text.isEmpty else {
            error(.invalidValue, "expected \(example), found an empty text", at: node.span)
            return nil
        }
        guard text.unicodeScalars.count <= Decoding.textLengthMax else {
            error(.tooLarge, "the text is longer than \(Decoding.textLengthMax) characters", at: node.span)
            return nil
        }
        let control = text.unicodeScalars.first { scalar in
            scalar.properties.generalCategory == .control && !(isLong && (scalar == "\n" || scalar == "\t"))
        }
        if let control {
            let name = control == "\n" ? "a line break" : "a control character"
            error(.invalidValue, "expected \(example), found \(name) in it", at: node.span, suggestion: "remove it")
            return nil
        }
        return Located(text, at: node.span)
    }

    /// A name: letters, digits, `-`, `_` and `.`, beginning with a letter or digit.
    package mutating func name(_ node: SourceNode) -> Located<String>? {
        guard case .scalar(let scalar) = node.content else {
            mismatch("a name", found: node)
            return nil
        }
        let name = Located(scalar.text, at: node.span)
        return check(name: name) ? name : nil
    }

    /// Whether a text can be a name; reports it if not.
    ///
    /// Names stand in headers, metrics, paths of the control API and records, so they are kept plain.
    package mutating func check(name: Located<String>) -> Bool {
        guard name.value.utf8.count <= Decoding.nameLengthMax else {
            error(
                .invalidName, "the name \(name.value.quoted) is longer than \(Decoding.nameLengthMax) characters",
                at: name.span)
            return false
        }
        guard let first = name.value.utf8.first, Decoding.isAlphanumeric(first),
            name.value.utf8.allSatisfy({ Decoding.isAlphanumeric($0) || "-_.".utf8.contains($0) })
        else {
            error(
                .invalidName, "\(name.value.quoted) is not a name", at: name.span,
                suggestion: "names are made of letters a-z, digits, `-`, `_` and `.`, and begin with a letter or digit")
            return false
        }
        return true
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// One of several words.
    package mutating func choice<Value>(
        _ node: SourceNode, _ noun: String, _ choices: [(word: String, value: Value)]
    ) -> Located<Value>? {
        let words = choices.map(\.word)
        guard case .scalar(let scalar) = node.content else {
            mismatch("\(noun), one of \(words.listed())", found: node)
            return nil
        }
        if let match = choices.first(where: { $0.word == scalar.text }) { return Located(match.value, at: node.span) }
        let nearest = Spelling.nearest(to: scalar.text, among: words) ?? words.first { scalar.text.hasPrefix($0) }
        error(
            .invalidValue, "\(scalar.text.quoted) is not \(noun)", at: node.span,
            suggestion: nearest.map { "did you mean `\($0)`?" } ?? "one of \(words.listed())")
        return nil
    }

    /// `true` or `false`.
    package mutating func flag(_ node: SourceNode) -> Located<Bool>? {
        guard case .scalar(let scalar) = node.content else {
            mismatch("`true` or `false`", found: node)
            return nil
        }
        switch scalar.text {
        case "true": return Located(true, at: node.span)
        case "false": return Located(false, at: node.span)
        case "yes", "Yes", "on", "On", "True", "TRUE":
            mismatch("`true` or `false`", found: node, suggestion: "write `true`")
        case "no", "No", "off", "Off", "False", "FALSE":
            mismatch("`true` or `false`", found: node, suggestion: "write `false`")
        default: mismatch("`true` or `false`", found: node)
        }
        return nil
    }

    /// A whole number within bounds.
    package mutating func number(
        _ node: SourceNode, _ noun: String, in range: ClosedRange<Int64>
    ) -> Located<Int64>? {
        let number = amount(node, "\(noun) as a whole number") { text throws(UnitText.Problem) in
            try UnitText.wholeNumber(text)
        }
        guard let number else { return nil }
        guard range.contains(number.value) else {
            let upper = range.upperBound == .max ? "" : " and at most \(range.upperBound)"
            error(.invalidValue, "\(noun) is at least \(range.lowerBound)\(upper)", at: node.span)
            return nil
        }
        return number
    }

    /// A rate like `300/s`.
    package mutating func rate(_ node: SourceNode) -> Located<Rate>? {
        amount(node, "a rate like `300/s`", UnitText.rate)
    }

    /// A duration like `30s`.
    package mutating func duration(_ node: SourceNode) -> Located<Nanoseconds>? {
        amount(node, "a duration like `30s`", UnitText.duration)
    }

    /// A percentage like `40%`, in hundredths of a percent.
    package mutating func basisPoints(_ node: SourceNode) -> Located<Int64>? {
        amount(node, "a percentage like `40%`", UnitText.basisPoints)
    }

    /// An amount that a function reads from a text.
    package mutating func amount<Value>(
        _ node: SourceNode, _ expected: String, _ read: (String) throws(UnitText.Problem) -> Value
    ) -> Located<Value>? {
        guard case .scalar(let scalar) = node.content else {
            mismatch(expected, found: node)
            return nil
        }
        do {
            return Located(try read(scalar.text), at: node.span)
        } catch {
            self.error(.invalidValue, error.message, at: node.span, suggestion: error.suggestion)
            return nil
        }
    }
}

extension String {
    /// The text without the white space at its ends.
    fileprivate var withoutSpaceAround: String {
        let scalars = unicodeScalars.drop { $0.properties.isWhitespace }
        guard let last = scalars.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(scalars[...last])
    }
}
