internal import HTTPTypes

/// A call of the control API as clients in this program know it: the table of routes without what answers them.
package struct ControlRoute: Sendable {
    /// The name of the call, as the OpenAPI document has it.
    package let id: String
    /// The method.
    package let method: String
    /// The path; parts in braces are parameters.
    package let path: String
    /// What it does, as one sentence.
    package let summary: String
    /// The most items of a page, of lists that have pages.
    package let pageMax: Int?

    /// All there are, in the order of the document.
    package static let all = Route.all.map { route in
        ControlRoute(
            id: route.id, method: route.method.rawValue, path: route.path, summary: route.summary,
            pageMax: route.query.contains { $0.name == "cursor" } ? Page.limitMax : nil)
    }

    private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

    /// The call with a name.
    package static func named(_ id: String) -> ControlRoute? { byID[id] }

    /// The path and query of one call.
    ///
    /// - Parameters:
    ///   - parameters: what stands in the place of the parts in braces, all of which have to be there.
    ///   - query: names and values; those without a value are left out.
    /// - Returns: what stands in the first line of the request.
    package func target(_ parameters: [String: String], query: [(name: String, value: String?)] = []) -> String {
        let parts = path.split(separator: "/").map { part -> String in
            guard part.hasPrefix("{") else { return String(part) }
            let name = String(part.dropFirst().dropLast())
            guard let value = parameters[name] else { preconditionFailure("\(id) needs the parameter \(name)") }
            return value.percentEncoded
        }
        let pairs = query.compactMap { pair in pair.value.map { "\(pair.name)=\($0.percentEncoded)" } }
        return "/" + parts.joined(separator: "/") + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }
}

extension String {
    /// The text with percent signs before everything but what RFC 3986 §2.3 leaves as it is.
    fileprivate var percentEncoded: String {
        var encoded = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return encoded
    }
}
