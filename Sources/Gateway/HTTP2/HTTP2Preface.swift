/// The bytes that every HTTP/2 connection begins with (RFC 9113 §3.4).
///
/// They were chosen so that an HTTP/1.1 server sees a request with an unknown method and a version it does not speak;
/// no HTTP/1.1 request begins with them.
enum HTTP2Preface: Hashable {
    /// The bytes are something else.
    case different
    /// The bytes are a part of it.
    case begun
    /// All of it is there.
    case complete

    /// The preface.
    static let text: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    /// Compares the first bytes of a connection with it.
    ///
    /// - Complexity: O(1): one byte tells nearly all requests apart.
    init(_ bytes: Span<UInt8>) {
        for index in 0..<min(bytes.count, HTTP2Preface.text.utf8CodeUnitCount) {
            // SAFETY: the index is below the text's own count; literals never move.
            guard unsafe bytes[index] == HTTP2Preface.text.utf8Start[index] else {
                self = .different
                return
            }
        }
        self = bytes.count < HTTP2Preface.text.utf8CodeUnitCount ? .begun : .complete
    }
}
