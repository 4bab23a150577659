internal import Admission
internal import Directory
internal import Journal
internal import NIOCore
internal import Policy
internal import Vocabulary

/// Envoy's rate limit service.
extension GatewayResponder {
    /// `envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit`.
    mutating func shouldRateLimit(
        _ call: borrowing GRPCCall, from peer: HTTPPeer, _ message: inout ByteWriter
    ) -> GRPCAnswer {
        let isTrusted = trusts(call, from: peer)
        let source = call.message
        do { try rateLimit.decode(source.readableBytesUInt8Span) } catch {
            switch error {
            case .malformed: return .failed(.invalidArgument, "The message is no RateLimitRequest.")
            case .tooManyDescriptors:
                return .failed(
                    .invalidArgument, "One call has at most \(RateLimitRequest.descriptorCountMax) descriptors.")
            }
        }
        let call = RateLimitCall(request: rateLimit, source: source, isTrusted: isTrusted)
        let decider = decider
        if let decision = call.decideAlone(decider) {
            message.rateLimit(decision, profile: decider.plane.headers)
            return .written
        }
        var outcomes: [DescriptorOutcome] = []
        let decisions = decider.decideTogether { state, moment, id in
            outcomes.removeAll(keepingCapacity: true)
            return call.prepare(decider, state, moment, id, &outcomes)
        } describe: {
            call.description(of: $0)
        }
        var next = decisions.makeIterator()
        for index in outcomes.indices {
            if case .decided = outcomes[index], let decision = next.next() { outcomes[index] = .decided(decision) }
        }
        services.noteUnmatched(outcomes.count { if case .unmatched = $0 { true } else { false } })
        message.rateLimit(
            outcomes, strictest: Decision.strictest(of: decisions), profile: decider.plane.headers)
        return .written
    }
}
