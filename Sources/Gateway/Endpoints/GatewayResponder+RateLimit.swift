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
        do throws(RateLimitCall.Unreadable) {
            if let decision = try call.decideAlone(decider) {
                message.rateLimit(decision, profile: decider.plane.headers)
                return .written
            }
        } catch { return .failed(.invalidArgument, error.description) }
        return decideTogether(call, decider, &message)
    }

    private func decideTogether(
        _ call: borrowing RateLimitCall, _ decider: Decider, _ message: inout ByteWriter
    ) -> GRPCAnswer {
        var unreadable: RateLimitCall.Unreadable?
        var outcomes: [DescriptorOutcome] = []
        let decisions = decider.decideTogether { state, moment, id in
            outcomes.removeAll(keepingCapacity: true)
            do throws(RateLimitCall.Unreadable) {
                return try call.prepare(decider, state, moment, id, &outcomes)
            } catch {
                unreadable = error
                return []  // all or none: nothing is charged
            }
        } describe: {
            call.description(of: $0)
        }
        if let unreadable { return .failed(.invalidArgument, unreadable.description) }
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
