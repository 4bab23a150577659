package import NIOCore

/// Decodes the bodies of `POST /v1/check` and `POST /v1/check/batch` (design §8.1).
///
/// One decoder serves an event loop: calls, attributes and text lie flat in arrays whose memory is reused, so that
/// decoding allocates nothing in the steady state. What a `decode` call returned is valid until the next one.
package struct CheckCallDecoder: Sendable {
    /// The decoded calls, in order.
    package private(set) var calls: [CheckCall] = []
    /// The attributes of all calls, one call's after the other's.
    package private(set) var attributes: [CheckCall.Attribute] = []
    /// Reads the body, and keeps its text.
    var scanner = JSONScanner()
    /// The bounds.
    let limits: CheckCallLimits
    /// Whether the call that is read asks for an admission.
    private(set) var isOfAdmission = false

    /// Makes a decoder.
    package init(limits: CheckCallLimits = CheckCallLimits()) { self.limits = limits }

    /// Decodes the body of a single call.
    ///
    /// - Parameters:
    ///   - body: the body.
    ///   - asAdmission: whether it is that of `POST /v1/admissions`, which has members of its own.
    /// - Returns: the call, which is also the only one of `calls`.
    /// - Throws: the first thing that is wrong.
    /// - Complexity: O(n) in the bytes, with at most `membersMax` comparisons per member.
    @discardableResult
    package mutating func decode(_ body: ByteBuffer, asAdmission: Bool = false) throws(JSONError) -> CheckCall {
        begin(body)
        isOfAdmission = asAdmission
        let call = try readCall()
        try scanner.end()
        calls.append(call)
        return call
    }

    /// Decodes the body of a batch, `{"requests": […]}`, into `calls`.
    ///
    /// - Throws: the first thing that is wrong; one bad call makes the whole batch bad.
    package mutating func decodeBatch(_ body: ByteBuffer) throws(JSONError) {
        begin(body)
        isOfAdmission = false
        var isFound = false
        try scanner.beginObject()
        while let name = try scanner.nextMember() {
            guard scanner.string(name) == "requests" else {
                throw scanner.invalid("is an unknown member; a batch is {\"requests\": [...]}")
            }
            isFound = true
            try readBatch()
        }
        try scanner.end()
        guard isFound else { throw scanner.invalid("must have the member `requests`", at: 0) }
    }

    /// Lends the bytes of a text.
    package func withBytes<Result, Failure: Error>(
        _ range: ByteRange, _ read: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try scanner.withBytes(range, read)
    }

    /// A text as a string.
    package func string(_ range: ByteRange) -> String { scanner.string(range) }

    /// Forgets the calls before, and begins to read a body.
    mutating func begin(_ body: ByteBuffer) {
        calls.removeAll(keepingCapacity: true)
        attributes.removeAll(keepingCapacity: true)
        scanner.load(body.readableBytesUInt8Span)
    }

    private mutating func readBatch() throws(JSONError) {
        try scanner.beginArray()
        while try scanner.nextElement() {
            guard calls.count < limits.batchCountMax else {
                throw scanner.invalid("is one call too many; a batch may have \(limits.batchCountMax)")
            }
            calls.append(try readCall())
        }
    }

    /// Adds an attribute to the call that is being read.
    mutating func append(_ attribute: CheckCall.Attribute) { attributes.append(attribute) }
}
