/// Why a request line is not matched at all: software behind Headgate might read it in another way.
///
/// The rule behind every case is "refuse to guess". A path that two programs read differently lets its sender be
/// classified as one operation and served as another. Such a request is refused, in the strictest stage that any class
/// has: no operation it could be meant as is treated more strictly, so an odd spelling never pays.
/// `docs/path-matching.md` explains each case for operators and shows it in a table of examples. The raw values are the
/// codes that records and documents use.
package enum PathProblem: String, Error, CaseIterable, Hashable, Sendable {
    /// The method is empty, too long, or holds anything but upper-case letters, digits, `-` and `_`.
    ///
    /// Methods are case-sensitive (RFC 9110, §9.1), but ASP.NET Core compares them without case: `get` would miss the
    /// `GET` pattern here and reach the `GET` handler there.
    case malformedMethod = "malformed_method"
    /// The target is neither a path, nor an `http(s)` URL with a plain authority, nor `*`.
    case notAPath = "not_a_path"
    /// The path, or what stands before its query, has more than `OperationMatcher.pathBytesMax` bytes.
    case tooLong = "too_long"
    /// The path has more than `OperationMatcher.segmentsMax` segments.
    case tooManySegments = "too_many_segments"
    /// The path begins with `//`: servers that resolve it as a relative reference (`new URL(path, base)` in Node) take
    /// the first segment for a host and route what follows.
    case leadingDoubleSlash = "leading_double_slash"
    /// A `#`, raw or encoded: some servers cut the path there, some keep it.
    case fragment
    /// An encoded `?`: a proxy that forwards the decoded path (nginx, `proxy_pass …$uri`) makes it a query.
    case encodedQuery = "encoded_query"
    /// An encoded `/`: inside a segment for some (Express, Go since 1.22), a separator for those that decode first
    /// (nginx, WSGI servers).
    case encodedSlash = "encoded_slash"
    /// A `\`, raw or encoded: Windows servers, browsers and `new URL` read it as `/`.
    case backslash
    /// A `;`, raw or encoded: Java servers cut path parameters out of each segment before they route.
    case pathParameter = "path_parameter"
    /// A segment of dots only, raw or encoded: removed, resolved or kept, each by somebody.
    case dotSegment = "dot_segment"
    /// A raw byte that a URI cannot hold: controls, spaces, and all beyond ASCII.
    case rawByte = "raw_byte"
    /// An encoded control character, NUL and line breaks included.
    case encodedControl = "encoded_control"
    /// A `%` that two hexadecimal digits do not follow.
    case malformedEscape = "malformed_escape"
    /// After one decoding there is still an escape: whoever decodes twice sees another path.
    case doubleEncoding = "double_encoding"
    /// The escapes decode to something that is not UTF-8; overlong forms such as `%C0%AF` hide ASCII.
    case invalidUTF8 = "invalid_utf8"
    /// A segment with a space at its start or end: old Spring versions trim segments (CVE-2016-5007).
    case paddedSegment = "padded_segment"
    /// A segment that begins like `(S(`: ASP.NET cuts cookieless session identifiers out (CVE-2023-36899).
    case sessionSegment = "session_segment"
    /// The last segment is a literal of the policy followed by an extension, as in `exports.json`, which the policy
    /// does not state: Rails and old Spring versions route it as `exports`.
    case extendedLiteral = "extended_literal"

    /// One plain sentence for people.
    package var summary: String {
        switch self {
        case .malformedMethod: "The method is not an upper-case word."
        case .notAPath: "The request target is not a path."
        case .tooLong: "The path is longer than \(OperationMatcher.pathBytesMax) bytes."
        case .tooManySegments: "The path has more than \(OperationMatcher.segmentsMax) segments."
        case .leadingDoubleSlash: "The path begins with two slashes."
        case .fragment: "The path holds a \"#\"."
        case .encodedQuery: "The path holds an encoded \"?\"."
        case .encodedSlash: "The path holds an encoded \"/\"."
        case .backslash: "The path holds a \"\\\"."
        case .pathParameter: "The path holds a \";\"."
        case .dotSegment: "A segment of the path consists of dots only."
        case .rawByte: "The path holds a byte that must be percent-encoded."
        case .encodedControl: "The path holds an encoded control character."
        case .malformedEscape: "The path holds a \"%\" that two hexadecimal digits do not follow."
        case .doubleEncoding: "The path is percent-encoded twice."
        case .invalidUTF8: "The percent-escapes of the path are not UTF-8."
        case .paddedSegment: "A segment of the path begins or ends with a space."
        case .sessionSegment: "A segment of the path looks like a cookieless session identifier."
        case .extendedLiteral: "The path ends in a name that the policy knows, with an extension that it does not know."
        }
    }
}
