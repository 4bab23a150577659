/// The head of one request, as offsets into the bytes it was parsed from.
package struct HTTPRequestHead: Sendable {
    /// The method, if it is a common one.
    package var method = HTTPMethod.other
    /// The bytes of the method.
    package var methodRange = ByteRange.empty
    /// The request target as it was sent.
    package var target = ByteRange.empty
    /// The path of the target, without the query.
    ///
    /// Empty for `http://host` alone; `*` for `OPTIONS *`.
    package var path = ByteRange.empty
    /// What follows the first question mark of the target; `nil` without a question mark.
    package var query: ByteRange?
    /// The host and port the request is for.
    ///
    /// Those of the target if it names them, else the value of `Host` (RFC 9112 §3.3); empty when
    /// neither says anything.
    package var authority = ByteRange.empty
    /// 1 for HTTP/1.1 and later minor versions, 0 for HTTP/1.0.
    package var minorVersion: UInt8 = 1
    /// All field lines, in the order they came.
    package private(set) var fields: [HTTPField] = []
    /// Where the body ends.
    package var framing = HTTPBodyFraming.none
    /// Whether the client wants the connection to stay open.
    package var keepsAlive = true
    /// Whether the client waits for `100 Continue` before it sends the body.
    package var expectsContinue = false
    /// Bytes of the head, from the first one looked at to the empty line's last.
    package var length = 0

    /// The first line of each known field, an index into `fields`; `absent` if there is none.
    private var firstLine = InlineArray<20, UInt8>(repeating: HTTPRequestHead.absent)

    private static let absent: UInt8 = 255

    /// An empty head, to be filled by the parser.
    package init() {
        assert(HTTPFieldName.allCases.count == firstLine.count, "one place per known field")
        fields.reserveCapacity(16)
    }

    /// The memory that the table of fields takes.
    var tableBytes: Int { fields.capacity * MemoryLayout<HTTPField>.stride }

    /// The value of the first line of a known field.
    ///
    /// - Complexity: O(1).
    package subscript(name: HTTPFieldName) -> ByteRange? {
        let index = firstLine[Int(name.rawValue)]
        return index == HTTPRequestHead.absent ? nil : fields[Int(index)].value
    }

    /// Calls back with the value of every line of a known field, in order.
    ///
    /// - Complexity: O(fields), O(1) if there is none.
    package func forEachValue(of name: HTTPFieldName, _ body: (ByteRange) -> Void) {
        let first = firstLine[Int(name.rawValue)]
        guard first != HTTPRequestHead.absent else { return }
        for field in fields[Int(first)...] where field.known == name { body(field.value) }
    }

    /// How many lines a known field has.
    ///
    /// - Complexity: O(fields), O(1) if there is none.
    package func lineCount(of name: HTTPFieldName) -> Int {
        let first = firstLine[Int(name.rawValue)]
        guard first != HTTPRequestHead.absent else { return 0 }
        var count = 1
        for index in Int(first) + 1..<fields.count where fields[index].known?.rawValue == name.rawValue { count += 1 }
        return count
    }

    /// Adds a field line.
    ///
    /// - Precondition: there are fewer than 254.
    mutating func append(_ field: HTTPField) {
        if let known = field.known, firstLine[Int(known.rawValue)] == HTTPRequestHead.absent {
            firstLine[Int(known.rawValue)] = UInt8(fields.count)
        }
        fields.append(field)
    }

    /// Forgets everything but the memory of the table.
    mutating func reset() {
        fields.removeAll(keepingCapacity: true)
        firstLine = InlineArray(repeating: HTTPRequestHead.absent)
        query = nil
        authority = .empty
        framing = .none
        expectsContinue = false
        length = 0
    }
}

/// One field line.
package struct HTTPField: Sendable {
    /// The bytes of the name.
    package var name: ByteRange
    /// The bytes of the value, without the white space around it.
    package var value: ByteRange
    /// Which known field it is.
    package var known: HTTPFieldName?
}

/// How the end of a body is found (RFC 9112 §6.3).
package enum HTTPBodyFraming: Hashable, Sendable {
    /// There is no body.
    case none
    /// The body has this many bytes.
    case length(Int)
    /// The body comes in chunks and ends with an empty one.
    case chunked
}
