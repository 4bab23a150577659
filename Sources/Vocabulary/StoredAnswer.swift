/// An answer that is kept to be given again.
package struct StoredAnswer: Hashable, Sendable {
    /// The status code.
    package var status: Int
    /// The header fields, as lines of HTTP/1.1 with their ends; without those of the connection, which each answer has
    /// of its own.
    package var fields: [UInt8]
    /// The content; `nil` where it was too large to be kept.
    package var body: [UInt8]?

    /// States an answer.
    package init(status: Int, fields: [UInt8], body: [UInt8]?) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Bytes of the fields and of the body.
    package var byteCount: Int { fields.count + (body?.count ?? 0) }
}
