internal import Policy
internal import Vocabulary

extension Decision {
    /// What the latencies of the request are counted by; of a descriptor's own limit, which has no tier, nothing is.
    var experienceKey: ExperienceKey? {
        guard !isOfLimit else { return nil }
        return ExperienceKey(
            tier: classification.tier, trafficClass: classification.trafficClass, operation: classification.operation)
    }
}

extension Decider {
    /// Counts what the customer felt of one request that was held or handed on.
    ///
    /// For doors that see a request end: the proxy, admissions. Called once, on the decider's loop. A door that
    /// outlives its decision keeps `experienceKey` and the policy instead, and calls `experience.note` with them.
    ///
    /// - Parameters:
    ///   - decision: the decision on the request.
    ///   - wait: how long the request was held for a seat; zero where it was not.
    ///   - upstream: from handing it to the upstream to the end of the answer; `nil` where it never got there.
    ///   - endToEnd: from reading the head to the last byte of the answer; `nil` where it was refused after a wait.
    func note(_ decision: Decision, wait: Nanoseconds, upstream: Nanoseconds?, endToEnd: Nanoseconds?) {
        guard let key = decision.experienceKey else { return }
        experience.note(key, of: decision.policy, wait: wait, upstream: upstream, endToEnd: endToEnd)
    }
}
