/// How large one request may be.
///
/// The defaults are those that common servers have, so that what passes them passes us.
package struct HTTPLimits: Hashable, Sendable {
    /// Bytes of the request line without its line end; beyond: 414.
    ///
    /// 8 KiB: RFC 9112 §3 recommends at least 8,000, and nginx (`large_client_header_buffers`) has 8 KiB.
    package var requestLineBytesMax = 8 * 1_024
    /// Bytes of all field lines and the empty line after them; beyond: 431.
    ///
    /// Also bounds what a chunked body carries besides its data: chunk extensions and trailer fields. 16 KiB: the
    /// default of Node.js (`--max-http-header-size`).
    package var headerBytesMax = 16 * 1_024
    /// Field lines; beyond: 431.
    ///
    /// 100: Apache's `LimitRequestFields`.
    package var headerCountMax = 100
    /// Bytes of a body, after chunks have been joined; beyond: 413.
    ///
    /// 1 MiB: nginx's `client_max_body_size`.
    package var bodyBytesMax = 1_024 * 1_024

    /// States the defaults.
    package init() {}

    /// Bytes of a whole request at most, with the line ends that the single limits leave out.
    package var requestBytesMax: Int { requestLineBytesMax + headerBytesMax + bodyBytesMax + 4 }

    /// Traps when a limit exceeds what the tables of the parser can hold: 254 field lines, and so much of a body that
    /// numbers do not overflow.
    func check() {
        precondition((16...1 << 20).contains(requestLineBytesMax), "request line limit is \(requestLineBytesMax)")
        precondition((16...1 << 20).contains(headerBytesMax), "header byte limit is \(headerBytesMax)")
        precondition((1...254).contains(headerCountMax), "header count limit is \(headerCountMax)")
        precondition((0...1 << 40).contains(bodyBytesMax), "body limit is \(bodyBytesMax)")
    }
}
