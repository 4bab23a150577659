internal import Directory
internal import Policy

extension Schema {
    /// Makes sure that a value is what the schema says.
    ///
    /// - Parameters:
    ///   - value: what came.
    ///   - place: how messages name the value: `adjustments[0].target`; empty for the body itself.
    /// - Throws: the first thing that is wrong, with the nearest name for a member that is not known.
    func check(_ value: Received, at place: String = "") throws(Problem) {
        switch (self, value) {
        case (.named(_, let schema), _): try schema.check(value, at: place)
        case (.anything, _), (.flag, .flag): break
        case (.text(let range), .text(let text)):
            try check(text, range, at: place) { _ in false }
        case (.lines(let range), .text(let text)):
            try check(text, range, at: place) { $0 == "\n" || $0 == "\r" || $0 == "\t" }
        case (.moment, .text(let text)):
            guard Timestamp.moment(text) != nil else {
                throw .invalid("\(named(place)) is no moment", place, "write it as 2026-12-01T00:00:00Z")
            }
        case (.choice(let words), .text(let text)):
            guard words.contains(text) else {
                let nearest = Spelling.nearest(to: text, among: words).map { "did you mean \($0.quoted)?" }
                throw .invalid(
                    "\(named(place)) cannot be \(text.quoted)", place, nearest ?? "it is one of \(words.listed())")
            }
        case (.number(let range), .number(let number)):
            guard range.contains(number) else {
                throw .invalid("\(named(place)) is \(range.lowerBound) to \(range.upperBound)", place)
            }
        case (.list(let element, let max), .list(let values)):
            guard values.count <= max else {
                throw .invalid("\(named(place)) has at most \(max) elements", place)
            }
            for (index, value) in values.enumerated() { try element.check(value, at: "\(place)[\(index)]") }
        case (.object(let members), .object(let values)): try Schema.check(values, members, at: place)
        default: throw .invalid("\(named(place)) is \(value.kind), and must be \(kind)", place)
        }
    }

    private static func check(_ values: [String: Received], _ members: [Member], at place: String) throws(Problem) {
        func inside(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }
        for name in values.keys.sorted() where !members.contains(where: { $0.name == name }) {
            let names = members.map(\.name)
            let nearest = Spelling.nearest(to: name, among: names).map { "did you mean \($0.quoted)?" }
            throw .invalid(
                "there is no member \(name.quoted)", inside(name),
                nearest ?? (names.isEmpty ? "nothing belongs here" : "members are \(names.listed(max: 16))"))
        }
        for member in members {
            if let value = values[member.name] {
                try member.schema.check(value, at: inside(member.name))
            } else if member.isRequired {
                throw .invalid("\(member.name.quoted) is missing", inside(member.name))
            }
        }
    }

    /// A text within its bounds; control characters would move the cursor of whoever lists it.
    private func check(
        _ text: String, _ range: ClosedRange<Int>, at place: String, isFree: (Unicode.Scalar) -> Bool
    ) throws(Problem) {
        guard range.contains(text.utf8.count) else {
            throw .invalid("\(named(place)) has \(range.lowerBound) to \(range.upperBound) bytes", place)
        }
        let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control || isFree($0) }
        guard isPlain else { throw .invalid("\(named(place)) holds control characters", place) }
    }

    private func named(_ place: String) -> String { place.isEmpty ? "the body" : place.quoted }

    private var kind: String {
        switch self {
        case .text, .lines, .choice: "a text"
        case .moment: "a moment as text"
        case .number: "a whole number"
        case .flag: "true or false"
        case .list: "a list"
        case .object: "an object"
        case .named(_, let schema): schema.kind
        case .anything: "anything"
        }
    }
}
