/// The request methods of RFC 9110 §9 and RFC 5789; every other one is `other`, and its bytes stand in the head.
package enum HTTPMethod: UInt8, CaseIterable, Sendable {
    case get, head, post, put, patch, delete, options, trace, connect, other

    /// The method as it is written; empty for `other`.
    package var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        case .other: ""
        }
    }

    /// Recognises a method; methods are case-sensitive (RFC 9110 §9.1).
    package init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let candidate: HTTPMethod
        switch (range.count, bytes[range.lowerBound]) {
        case (3, UInt8(ascii: "G")): candidate = .get
        case (4, UInt8(ascii: "P")): candidate = .post
        case (4, _): candidate = .head
        case (3, _): candidate = .put
        case (5, UInt8(ascii: "P")): candidate = .patch
        case (6, _): candidate = .delete
        case (7, UInt8(ascii: "O")): candidate = .options
        case (7, _): candidate = .connect
        case (5, _): candidate = .trace
        default: candidate = .other
        }
        self = bytes.equals(range, candidate.name) ? candidate : .other
    }
}
