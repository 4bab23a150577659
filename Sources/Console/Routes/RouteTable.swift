internal import HTTPTypes

/// Finds routes by method and path.
struct RouteTable: Sendable {
    /// The routes.
    let routes: [Route]
    private let byCount: [Int: [(parts: [Substring], route: Int)]]

    /// Prepares to look.
    init(_ routes: [Route]) {
        self.routes = routes
        byCount = Dictionary(grouping: routes.indices.map { (parts: routes[$0].parts, route: $0) }, by: \.parts.count)
    }

    /// What a path leads to.
    enum Match: Sendable {
        /// A route, and what stands in the place of its parameters.
        case route(Route, [String: String])
        /// The path is there, with these methods only.
        case otherMethods([HTTPRequest.Method])
        /// Nothing is there.
        case nothing
    }

    /// Looks for a route; where a word and a parameter both fit, the word does.
    ///
    /// - Complexity: O(routes with as many parts).
    func match(_ method: HTTPRequest.Method, path: Substring) -> Match {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { $0.percentDecoded }
        guard parts.allSatisfy({ $0 != nil && $0 != "" }) else { return .nothing }
        let texts = parts.compactMap { $0 }
        let fitting = (byCount[texts.count] ?? []).compactMap { candidate -> (Route, [String: String])? in
            RouteTable.parameters(of: candidate.parts, in: texts).map { (routes[candidate.route], $0) }
        }
        guard let fewest = fitting.map(\.1.count).min() else { return .nothing }
        let best = fitting.filter { $0.1.count == fewest }
        if let (route, parameters) = best.first(where: { $0.0.method == method }) { return .route(route, parameters) }
        return .otherMethods(best.map(\.0.method))
    }

    private static func parameters(of parts: [Substring], in texts: [String]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (part, text) in zip(parts, texts) {
            if part.hasPrefix("{") {
                parameters[String(part.dropFirst().dropLast())] = text
            } else if part != text[...] {
                return nil
            }
        }
        return parameters
    }
}

extension Substring {
    /// The text behind percent signs; `nil` if there is none, or it is no UTF-8 or holds control characters.
    var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Substring.digit),
                let low = rest.popFirst().flatMap(Substring.digit)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
