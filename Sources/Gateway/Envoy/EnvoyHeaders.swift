internal import Admission
internal import Policy
internal import Vocabulary

/// A list of headers in a message of Envoy's: `HeaderValue` (config.core.v3) as the rate limit service answers them,
/// or `HeaderValueOption` around it as external authorization does.
struct EnvoyHeaders: ~Copyable, FieldSink {
    private var output: ByteWriter
    private let number: UInt64
    private let isOption: Bool

    /// Goes on writing where another writer ended; every header becomes one field with this number.
    fileprivate init(appendingTo output: consuming ByteWriter, field number: UInt64, isOption: Bool) {
        self.output = output
        self.number = number
        self.isOption = isOption
    }

    fileprivate consuming func finish() -> ByteWriter { output }

    mutating func field(_ name: StaticString, writing value: (inout ByteWriter) -> Void) {
        guard isOption else { return output.field(number) { $0.header(name, value) } }
        output.field(number) { option in
            option.field(1) { $0.header(name, value) }  // HeaderValueOption.header
            option.field(3, UInt64(2))  // append_action: OVERWRITE_IF_EXISTS_OR_ADD, so that no client's value stays
        }
    }

    mutating func fields(_ lines: Span<UInt8>) {
        var start = 0
        while let end = lines.lineFeed(from: start) {
            let colon = lines.firstIndex(in: start..<end) { word in word.equal(to: ASCII.colon) }
            let name = lines.extracting(start..<colon)
            let value = lines.extracting(colon + 2..<end - 1)  // behind the blank, before the carriage return
            guard isOption else {
                output.field(number) { $0.header(name, value) }
                start = end + 1
                continue
            }
            output.field(number) { option in
                option.field(1) { $0.header(name, value) }
                option.field(3, UInt64(2))
            }
            start = end + 1
        }
    }
}

extension ByteWriter {
    /// Writes a `HeaderValue`: key 1, value 2.
    fileprivate mutating func header(_ name: StaticString, _ value: (inout ByteWriter) -> Void) {
        field(1, literal: name)
        field(2, message: value)
    }

    /// Writes a `HeaderValue` whose both sides stand ready.
    fileprivate mutating func header(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        field(1) { $0.write(name) }
        field(2) { $0.write(value) }
    }
}

extension ByteWriter {
    /// Writes a list of headers.
    mutating func headers(_ number: UInt64, isOption: Bool, _ body: (inout EnvoyHeaders) -> Void) {
        var taken = ByteWriter()
        swap(&taken, &self)
        var list = EnvoyHeaders(appendingTo: taken, field: number, isOption: isOption)
        body(&list)
        self = list.finish()
    }

    /// Writes JSON text.
    mutating func json(_ body: (inout JSONWriter) -> Void) {
        var taken = ByteWriter()
        swap(&taken, &self)
        var json = JSONWriter(appendingTo: taken)
        body(&json)
        self = json.finish()
    }

    /// Writes one entry of a `google.protobuf.Struct` that holds a text, which the closure writes.
    mutating func structEntry(_ name: StaticString, writing value: (inout ByteWriter) -> Void) {
        field(1) { entry in  // Struct.fields
            entry.field(1, literal: name)
            entry.field(2) { $0.field(3, message: value) }  // Value.string_value
        }
    }

    /// Writes one entry of a `google.protobuf.Struct` that holds a text.
    mutating func structEntry(_ name: StaticString, _ value: String) {
        structEntry(name) { $0.write(value) }
    }

    /// Writes one entry of a `google.protobuf.Struct` that holds a number.
    mutating func structEntry(_ name: StaticString, _ value: Double) {
        field(1) { entry in
            entry.field(1, literal: name)
            entry.field(2) { $0.field(2, value) }  // Value.number_value
        }
    }

    /// Writes what was decided as the entries of a `google.protobuf.Struct`: dynamic metadata, for Envoy's access log
    /// and for filters behind.
    mutating func metadata(of decision: Decision) {
        structEntry("decision_id") { $0.write(decision.id.characters.span) }
        structEntry("decision", decision.outcome.name)
        structEntry("reason", decision.reason.code)
        structEntry("policy", decision.policy.version.description)
        structEntry("stage", decision.stage.name)
        structEntry("tier", decision.tierName)
        structEntry("class", decision.className)
        if let tenant = decision.tenantName { structEntry("tenant", tenant) }
        if let operation = decision.operationName { structEntry("operation", operation) }
        if let wouldBe = decision.wouldBe { structEntry("would_be", wouldBe.code) }
        if let retry = decision.retryAfter {
            structEntry("retry_after_ms", Double(retry.millisecondsRoundedUp))
        }
    }
}
