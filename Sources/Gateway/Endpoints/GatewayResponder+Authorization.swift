internal import Admission
internal import Journal
internal import NIOCore
internal import Policy
internal import Vocabulary

/// Envoy's external authorization over gRPC.
extension GatewayResponder {
    /// `envoy.service.auth.v3.Authorization/Check`.
    ///
    /// What cannot be decided is denied in the answer, not failed as a call: a proxy that lets requests through when
    /// its authorization fails must not do so because of what a client has sent.
    mutating func checkAuthorization(
        _ call: borrowing GRPCCall, from peer: HTTPPeer, _ message: inout ByteWriter
    ) -> GRPCAnswer {
        let isTrusted = trusts(call, from: peer)
        let bytes = call.message.readableBytesUInt8Span
        do { try authorization.decode(bytes) } catch {
            return .failed(.invalidArgument, "The message is no CheckRequest.")
        }
        let request = authorization
        guard !request.headers.isAmbiguous else {
            message.denial(.badRequest, detail: "A header that says who calls, or as what, stands more than once.")
            return .written
        }
        let decider = decider
        let source = call.message
        var stated = request.call(bytes, isTrusted: isTrusted)
        if isTrusted, decider.looksAtAddresses, let text = request.sourceAddress(bytes) {
            stated.address = IPAddress.last(in: bytes, text)
        }
        let decision = decider.decide(stated) { state, moment in
            guard let credential = request.credential(bytes) else { return .stranger }
            return decider.identify(source.readableBytesUInt8Span.extracting(credential), in: state, at: moment)
        } target: { policy in
            let bytes = source.readableBytesUInt8Span
            return .matched(
                policy.matcher.match(method: bytes.extracting(request.method), path: bytes.extracting(request.path)))
        } describe: {
            let bytes = source.readableBytesUInt8Span
            return (bytes.string(request.method), bytes.string(request.path))
        }
        message.authorization(of: decision, profile: decider.plane.headers)
        return .written
    }
}

extension AuthorizationRequest {
    /// Where the credential stands; of two that differ neither counts (`Credentials.find`).
    fileprivate func credential(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard let bearer = headers.authorization.flatMap({ Credentials.bearer(in: bytes, $0) }) else {
            return headers.apiKey
        }
        guard let key = headers.apiKey, !bytes.extracting(key).isEqual(to: bytes.extracting(bearer)) else {
            return bearer
        }
        return nil
    }

    /// What the client says, and what the proxy's configuration says about the route.
    fileprivate func call(_ bytes: Span<UInt8>, isTrusted: Bool) -> DecisionCall {
        var call = DecisionCall(source: .externalAuthorization)
        call.claim = headers.trafficClass.map { bytes.string($0) }
        if let attributes = headers.attributes { call.attributes = Attributes.parse(bytes.string(attributes)) }
        if let key = headers.idempotencyKey { call.keyUse = KeyUse.charge(field: bytes.extracting(key)) }
        for (name, value) in extensions {
            let stated = (name: bytes.string(name), value: bytes.string(value))
            if !isTrusted {
                call.attributes.append(stated)
            } else if stated.name == "headgate-region" {
                call.region = stated.value
            } else {
                call.configuredAttributes.append(stated)
            }
        }
        return call
    }
}
