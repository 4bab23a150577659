internal import Journal
internal import Policy
internal import Vocabulary

/// Forward-auth: the proxy asks about a request of somebody else, and the status is the answer.
extension GatewayResponder {
    /// `ANY /v1/authorize`: method and URI of the original request come in fields that the proxy sets.
    mutating func authorize(
        _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) {
        let original: Original
        do {
            original = try Original(request)
        } catch {
            return writer.problem(.badRequest, detail: error.description)
        }
        decide(request, original, source: .authorize, from: peer, &writer)
    }

    /// `ANY /ext_authz/…`: Envoy sends the original method, and the original path behind the prefix.
    mutating func authorizeExternally(
        _ request: borrowing HTTPRequestView, from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) {
        var target = request.head.target
        // An absolute form would have been cut by the parser: the target is at least as long as the path.
        guard target.start == request.head.path.start else {
            return writer.problem(.badRequest, detail: "Send the path alone, as in /ext_authz/v1/orders.")
        }
        let prefix = UInt32(Endpoint.externalAuthorizationPrefix.utf8CodeUnitCount)
        target.start += prefix
        target.count -= prefix
        decide(
            request, Original(method: request.head.methodRange, uri: target), source: .externalAuthorization,
            from: peer, &writer)
    }

    private mutating func decide(
        _ request: borrowing HTTPRequestView, _ original: Original, source: DecisionRecord.Source,
        from peer: HTTPPeer, _ writer: inout HTTPResponseWriter
    ) {
        var call = DecisionCall(source: source)
        if let claim = request.value(of: .headgateClass) { call.claim = request.string(claim) }
        if let region = request.value(of: .headgateRegion), vouches(request, peer) {
            call.region = request.string(region)
        }
        if let key = request.value(of: .idempotencyKey) {
            call.keyUse = request.withBytes(key) { KeyUse.charge(field: $0) }
        }
        if let attributes = request.value(of: .headgateAttributes) {
            call.attributes = Attributes.parse(request.string(attributes))
        }
        if self.decider.looksAtAddresses { call.address = clientAddress(of: request, from: peer) }
        let credential = Credentials.find(in: request)
        let decider = decider
        let decision = decider.decide(call) { state, moment in
            guard let credential else { return .stranger }
            return request.withBytes(credential) { decider.identify($0, in: state, at: moment) }
        } target: { policy in
            request.withBytes(original.method, original.uri) { method, uri in
                .matched(policy.matcher.match(method: method, path: uri))
            }
        } describe: {
            (request.string(original.method), request.string(original.uri))
        }
        writer.answer(decision, profile: decider.plane.headers)
    }
}

/// The request that a proxy asks about.
struct Original {
    /// The bytes of its method.
    let method: ByteRange
    /// The bytes of its request target.
    let uri: ByteRange

    /// Why a proxy's question cannot be answered.
    struct Problem: Error, CustomStringConvertible {
        /// One sentence for whoever configures the proxy.
        let description: String
    }

    /// Names a request.
    init(method: ByteRange, uri: ByteRange) {
        self.method = method
        self.uri = uri
    }

    /// Reads the fields of a proxy: nginx's `X-Original-Method` and `X-Original-URI`, or Traefik's and Caddy's
    /// `X-Forwarded-Method` and `X-Forwarded-Uri`.
    ///
    /// A field that stands twice, or the two families saying different things, means that somebody besides the proxy
    /// has written one of them. Which one cannot be told, so the question is refused rather than guessed.
    init(_ request: borrowing HTTPRequestView) throws(Problem) {
        let method = try Original.single(request, .xOriginalMethod, .xForwardedMethod)
        let uri = try Original.single(request, .xOriginalURI, .xForwardedURI)
        guard let method, let uri else {
            let missing = method == nil ? "method" : "URI"
            throw Problem(
                description: "The original request's \(missing) is missing: the proxy must set X-Original-Method and "
                    + "X-Original-URI, or X-Forwarded-Method and X-Forwarded-Uri.")
        }
        self.init(method: method, uri: uri)
    }

    private static func single(
        _ request: borrowing HTTPRequestView, _ original: HTTPFieldName, _ forwarded: HTTPFieldName
    ) throws(Problem) -> ByteRange? {
        try requireOne(request, original)
        try requireOne(request, forwarded)
        guard let first = request.value(of: original) else { return request.value(of: forwarded) }
        guard let second = request.value(of: forwarded) else { return first }
        let isSame = request.withBytes(first, second) { left, right in left.isEqual(to: right) }
        guard isSame else {
            throw Problem(
                description: "The fields \(original.name) and \(forwarded.name) differ: the proxy must clear the one "
                    + "it does not set.")
        }
        return second
    }

    private static func requireOne(_ request: borrowing HTTPRequestView, _ name: HTTPFieldName) throws(Problem) {
        guard request.lineCount(of: name) <= 1 else {
            throw Problem(description: "The field \(name.name) stands more than once: the proxy must replace it.")
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether two runs of bytes are the same.
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}

/// Where credentials stand in a request.
enum Credentials {
    /// Finds `Authorization: Bearer …` or `X-API-Key: …`; blanks around the credential do not belong to it.
    ///
    /// Of two that differ neither counts: the application behind the proxy gets both, and might believe the other one.
    static func find(in request: borrowing HTTPRequestView) -> ByteRange? {
        let key = request.value(of: .xAPIKey)
        guard let value = request.value(of: .authorization),
            let range = request.withBytes(value, { bytes in Credentials.bearer(in: bytes, 0..<bytes.count) })
        else { return key }
        let bearer = ByteRange(Int(value.start) + range.lowerBound..<Int(value.start) + range.upperBound)
        guard let key else { return bearer }
        let isSame = request.withBytes(key) { left in request.withBytes(bearer) { right in left.isEqual(to: right) } }
        return isSame ? bearer : nil
    }

    /// Where the credential stands in the value of `Authorization`; `nil` if it has another scheme.
    static func bearer(in bytes: Span<UInt8>, _ value: Range<Int>) -> Range<Int>? {
        guard bytes.beginsIgnoringCase(value, "bearer ") else { return nil }
        return bytes.trimmingBlanks(value.lowerBound + 7..<value.upperBound)
    }
}

/// The field `Headgate-Attributes`: `workflow.stage=active, region-kind=eu`.
enum Attributes {
    /// The most attributes that are read; policies look at a handful.
    static let countMax = 32

    /// Reads the field; what has no `=` says nothing.
    static func parse(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: ",").prefix(countMax).compactMap { part in
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return nil }
            return (Attributes.trimmed(pair[0]), Attributes.trimmed(pair[1]))
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
