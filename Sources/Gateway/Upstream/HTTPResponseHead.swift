/// The head of an answer from an upstream, as offsets into the bytes it was parsed from.
struct HTTPResponseHead {
    /// The status code, from 100 to 599.
    var status = 0
    /// The bytes of the reason phrase, which may be none.
    var phrase = ByteRange.empty
    /// 1 for HTTP/1.1 and later minor versions, 0 for HTTP/1.0.
    var minorVersion: UInt8 = 1
    /// All field lines, in the order they came.
    var fields: [HTTPField] = []
    /// Where the body ends.
    var framing = HTTPResponseFraming.length(0)
    /// Whether another request may follow on the connection.
    var keepsAlive = true
    /// Bytes of the head, to the empty line's last.
    var length = 0

    /// Whether another answer follows to the same request (RFC 9110 §15.2); 101 is the last answer of its connection.
    var isInterim: Bool { (100..<200).contains(status) && status != 101 }
}

/// How the end of an answer's body is found (RFC 9112 §6.3).
enum HTTPResponseFraming: Hashable {
    /// The body has this many bytes.
    case length(Int)
    /// The body comes in chunks and ends with an empty one.
    case chunked
    /// The body ends with the connection.
    case untilClose
}

/// Why an answer of an upstream cannot be passed on.
///
/// What two parties read differently is how answers are smuggled (RFC 9112 §11.2): the answer to one client's request
/// must never become the answer to another's. So whoever is unclear about where an answer ends is not believed.
enum UpstreamViolation: Error, Hashable {
    /// The first line is no status line of HTTP/1.
    case statusLine
    /// A line ends with a line feed alone, or a carriage return stands inside one.
    case lineEnd
    /// A field line is no field, or is folded.
    case field
    /// The head, or a chunk's framing, is larger than heads may be.
    case tooLarge
    /// `Content-Length` is no number, or says two things, or stands beside `Transfer-Encoding`.
    case length
    /// A transfer coding other than chunked.
    case coding
    /// A chunk is not framed as chunks are.
    case chunk
    /// The connection ended before the answer did.
    case truncated
}
