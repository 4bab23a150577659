internal import Directory
internal import Policy
internal import Tokens
internal import Vocabulary

/// Requests of callers that bring a token.
extension Decider {
    /// Finds who has a token.
    @inline(never)  // so that requests with keys stay small enough to be compiled as one
    func identify(token text: Span<UInt8>, at desk: TokenDesk, in state: DataPlaneState, at moment: Moment) -> Identity
    {
        let match = desk.match(text, in: state.binding, at: moment.wall)
        var identity = Identity.stranger
        if match.place >= 0, let token = desk[match.place] {
            identity = Identity(principal: token.principal, in: state.binding, at: moment.wall)
            identity.key = token.key
            identity.token = Int32(match.place)
        }
        guard let fault = match.fault else { return identity }
        // What was good once is refused, as a revoked key is. What never was is a stranger's, whom the policy has its
        // own words for.
        if identity.token >= 0 || fault.reason == .credentialRevoked { identity.refusal = fault.reason }
        if !abuse.isIdle { identity.unknownCredential = hashForAbuse(of: text) }
        return identity
    }

    /// Says what a request of a token is: what it would be of the principal, within what the token is for.
    ///
    /// A class that the request states wins over that of the token, and neither opens anything: `caller` has only
    /// the classes that both the directory and the token list. The tier is never better than the token's ceiling.
    @inline(never)  // as above
    func classify(
        _ target: ClassificationRequest.Target, _ call: DecisionCall, _ identity: Identity, _ token: BoundToken,
        in state: DataPlaneState
    ) -> Classification {
        var attributes = attributes(call, identity)
        if let workflow = token.workflow { attributes.append((BoundToken.workflowAttribute, workflow)) }
        var caller = token.caller
        caller.plan = identity.plan
        var classification = state.policy.classify(
            target, claim: call.claim ?? token.claim, attributes: attributes, caller: caller)
        classification.tier = max(classification.tier, token.tierCeiling)
        return classification
    }
}
