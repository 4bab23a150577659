/// The parts of `envoy.service.auth.v3.CheckRequest` that a decision needs, as ranges of the message.
///
/// Field numbers from service/auth/v3/external_auth.proto and attribute_context.proto; everything else is skipped.
struct AuthorizationRequest {
    /// The request's method.
    private(set) var method = 0..<0
    /// The request's path and query, as the client sent them.
    private(set) var path = 0..<0
    /// Whoever is connected to the proxy: a message `Peer`, which is read only where somebody asks for its address.
    private var source = 0..<0
    /// What the proxy's configuration says about the route.
    private(set) var extensions: [(name: Range<Int>, value: Range<Int>)] = []
    /// The values of the headers that are read, and whether one that must stand once stands twice.
    private(set) var headers = Headers()

    /// The headers that are read.
    struct Headers {
        /// The value of `authorization`.
        fileprivate(set) var authorization: Range<Int>?
        /// The value of `x-api-key`.
        fileprivate(set) var apiKey: Range<Int>?
        /// The value of `headgate-class`.
        fileprivate(set) var trafficClass: Range<Int>?
        /// The value of `headgate-attributes`.
        fileprivate(set) var attributes: Range<Int>?
        /// The value of `idempotency-key`.
        fileprivate(set) var idempotencyKey: Range<Int>?
        /// One of them stands more than once: somebody may have added it, and which one counts cannot be told.
        fileprivate(set) var isAmbiguous = false
    }

    /// The most extensions of a route that are read, as for the attributes of a caller.
    private static let extensionCountMax = Attributes.countMax

    /// Reads a message, over what was read before.
    ///
    /// - Complexity: O(n), no allocation once the table has grown.
    mutating func decode(_ bytes: Span<UInt8>) throws(ProtobufReader.Malformed) {
        (method, path, source, headers) = (0..<0, 0..<0, 0..<0, Headers())
        extensions.removeAll(keepingCapacity: true)
        var message = ProtobufReader(0..<bytes.count)
        while let field = try message.next(bytes) {
            guard field.number == 1, case .bytes(let range) = field.content else { continue }  // attributes
            try decodeAttributes(range, bytes)
        }
    }

    private mutating func decodeAttributes(_ range: Range<Int>, _ bytes: Span<UInt8>) throws(ProtobufReader.Malformed) {
        var message = ProtobufReader(range)
        while let field = try message.next(bytes) {
            guard case .bytes(let range) = field.content else { continue }
            switch field.number {
            case 1: source = range  // source
            case 4: try decodeRequest(range, bytes)  // request
            case 10:  // context_extensions
                let entry = try ProtobufReader.entry(range, bytes)
                if extensions.count < AuthorizationRequest.extensionCountMax { extensions.append(entry) }
            default: continue
            }
        }
    }

    /// Where the text of the client's address stands; `nil`: nowhere.
    ///
    /// `Peer.address` is 1, of which `socket_address` is 1, of which `address` is 2 (config/core/v3/address.proto).
    func sourceAddress(_ bytes: Span<UInt8>) -> Range<Int>? {
        var range = source
        do throws(ProtobufReader.Malformed) {
            for number in [1, 1, 2] as [UInt32] {
                guard let inner = try ProtobufReader.message(number, in: range, bytes) else { return nil }
                range = inner
            }
        } catch { return nil }
        return range
    }

    private mutating func decodeRequest(_ range: Range<Int>, _ bytes: Span<UInt8>) throws(ProtobufReader.Malformed) {
        var message = ProtobufReader(range)
        while let field = try message.next(bytes) {
            guard field.number == 2, case .bytes(let range) = field.content else { continue }  // http
            try decodeHTTP(range, bytes)
        }
    }

    private mutating func decodeHTTP(_ range: Range<Int>, _ bytes: Span<UInt8>) throws(ProtobufReader.Malformed) {
        var message = ProtobufReader(range)
        while let field = try message.next(bytes) {
            guard case .bytes(let range) = field.content else { continue }
            switch field.number {
            case 2: method = range
            case 3: headers.add(try ProtobufReader.entry(range, bytes), bytes)  // headers
            case 4: path = range
            case 13: try decodeHeaderMap(range, bytes)  // header_map, sent instead with encode_raw_headers
            default: continue
            }
        }
    }

    private mutating func decodeHeaderMap(_ range: Range<Int>, _ bytes: Span<UInt8>) throws(ProtobufReader.Malformed) {
        var message = ProtobufReader(range)
        while let field = try message.next(bytes) {
            guard field.number == 1, case .bytes(let range) = field.content else { continue }  // headers
            // HeaderValue: key 1, value 2, raw_value 3, of the last two only one.
            headers.add(try ProtobufReader.entry(range, bytes, otherValue: 3), bytes)
        }
    }
}

extension AuthorizationRequest.Headers {
    /// Takes a header if it is one that is read.
    fileprivate mutating func add(_ header: (name: Range<Int>, value: Range<Int>), _ bytes: Span<UInt8>) {
        if bytes.equals(header.name, "authorization") {
            set(\.authorization, header.value)
        } else if bytes.equals(header.name, "x-api-key") {
            set(\.apiKey, header.value)
        } else if bytes.equals(header.name, "headgate-class") {
            set(\.trafficClass, header.value)
        } else if bytes.equals(header.name, "headgate-attributes") {
            set(\.attributes, header.value)
        } else if bytes.equals(header.name, "idempotency-key") {
            set(\.idempotencyKey, header.value)
        }
    }

    private mutating func set(_ path: WritableKeyPath<Self, Range<Int>?>, _ value: Range<Int>) {
        if self[keyPath: path] != nil { isAmbiguous = true }
        self[keyPath: path] = value
    }
}

extension ProtobufReader {
    /// The last field of a message that has a number and holds bytes.
    static func message(
        _ number: UInt32, in range: Range<Int>, _ bytes: Span<UInt8>
    ) throws(Malformed) -> Range<Int>? {
        var message = ProtobufReader(range)
        var found: Range<Int>?
        while let field = try message.next(bytes) {
            if field.number == number, case .bytes(let range) = field.content { found = range }
        }
        return found
    }

    /// Reads an entry of a map, or any message with a key in field 1 and a value in field 2.
    static func entry(
        _ range: Range<Int>, _ bytes: Span<UInt8>, otherValue: UInt32 = 2
    ) throws(Malformed) -> (name: Range<Int>, value: Range<Int>) {
        var message = ProtobufReader(range)
        var entry = (name: range.lowerBound..<range.lowerBound, value: range.lowerBound..<range.lowerBound)
        while let field = try message.next(bytes) {
            guard case .bytes(let range) = field.content else { continue }
            if field.number == 1 { entry.name = range }
            if field.number == 2 || field.number == otherValue, !range.isEmpty { entry.value = range }
        }
        return entry
    }
}
