internal import HTTPTypes
internal import Foundation

/// A JSON value that somebody sent.
enum Received: Hashable, Sendable {
    /// `null`: as if the member were not there would be a guess, so schemas refuse it.
    case null
    /// `true` or `false`.
    case flag(Bool)
    /// A whole number.
    case number(Int64)
    /// A number with a fraction, which nothing here takes.
    case fraction
    /// A text.
    case text(String)
    /// A list.
    case list([Received])
    /// An object.
    case object([String: Received])

    /// How deep a value may be nested: twice as deep as anything that is asked for.
    static let depthMax = 16

    /// Reads bytes.
    ///
    /// - Throws: that they are no JSON, or nested too deeply.
    init(bytes: [UInt8]) throws(Problem) {
        // Counted before parsing: a parser that recurses is not asked about ten thousand brackets.
        var depth = 0
        var isInText = false
        var isEscaped = false
        for byte in bytes {
            if isInText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInText = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
            if depth > Received.depthMax {
                throw Problem(.badRequest, "malformed", "the body is nested more than \(Received.depthMax) deep")
            }
        }
        // The decoder would guess other encodings; JSON between systems is UTF-8 (RFC 8259 §8.1), without a mark in
        // front.
        guard !bytes.contains(0), !bytes.starts(with: [0xEF, 0xBB, 0xBF]),
            String(validating: bytes, as: UTF8.self) != nil
        else { throw Problem(.badRequest, "malformed", "the body is not UTF-8") }
        do {
            self = try JSONDecoder().decode(Received.self, from: Data(bytes))
        } catch {
            throw Problem(.badRequest, "malformed", "the body is no JSON")
        }
    }

    /// What it is, in words.
    var kind: String {
        switch self {
        case .null: "null"
        case .flag: "true or false"
        case .number: "a whole number"
        case .fraction: "a number with a fraction or out of range"
        case .text: "a text"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

extension Received: Decodable {
    init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: MemberName.self) {
            self = .object(
                try members.allKeys.reduce(into: [:]) {
                    $0[$1.stringValue] = try members.decode(Received.self, forKey: $1)
                })
            return
        }
        if var elements = try? decoder.unkeyedContainer() {
            var values: [Received] = []
            while !elements.isAtEnd { values.append(try elements.decode(Received.self)) }
            self = .list(values)
            return
        }
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let flag = try? single.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? single.decode(Int64.self) {
            self = .number(number)
        } else if let text = try? single.decode(String.self) {
            self = .text(text)
        } else {
            self = .fraction
        }
    }

    private struct MemberName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// The members of an object that fits its schema.
struct Body: Sendable {
    /// The members, by name.
    let members: [String: Received]

    /// Takes an object apart; anything else has no members.
    init(_ value: Received) {
        if case .object(let members) = value { self.members = members } else { members = [:] }
    }

    /// A text that the schema requires.
    func text(_ name: String) throws(Problem) -> String {
        guard let text = optionalText(name) else { throw .invalid("\(name) is missing", name) }
        return text
    }

    /// A text that may be there.
    func optionalText(_ name: String) -> String? {
        guard case .text(let text) = members[name] else { return nil }
        return text
    }

    /// A number that may be there.
    func number(_ name: String) -> Int64? {
        guard case .number(let number) = members[name] else { return nil }
        return number
    }

    /// A truth value; what is not there is false.
    func flag(_ name: String) -> Bool { members[name] == .flag(true) }

    /// The texts of a list that may be there.
    func texts(_ name: String) -> [String]? {
        guard case .list(let values) = members[name] else { return nil }
        return values.compactMap { value in
            guard case .text(let text) = value else { return nil }
            return text
        }
    }

    /// The numbers of a list; what is not there is empty.
    func numbers(_ name: String) -> [Int64] {
        guard case .list(let values) = members[name] else { return [] }
        return values.compactMap { value in
            guard case .number(let number) = value else { return nil }
            return number
        }
    }

    /// The objects of a list; what is not there is empty.
    func objects(_ name: String) -> [Body] {
        guard case .list(let values) = members[name] else { return [] }
        return values.map(Body.init)
    }
}
