internal import Admission
internal import Directory
internal import Policy
internal import Vocabulary

/// Rules against abuse, where decisions are made.
extension Decider {
    /// Whether doors should say from which address a request comes: something depends on it.
    var looksAtAddresses: Bool { abuse.looksAtAddresses }

    /// Applies the quarantine list to a decision that is to be taken.
    ///
    /// An entry that refuses goes before any other refusal: else somebody who is blocked for guessing would still hear
    /// which of the guesses was right. One that does not refuse leaves a refused request to the rules, which go on
    /// counting.
    ///
    /// - Parameters:
    ///   - decision: the decision.
    ///   - refusal: why it falls in any case.
    /// - Returns: whether it falls by the list; else budgets decide, perhaps those of the quarantine.
    func restrain(_ decision: Decision, whatIsRefusedFor refusal: Reason?) -> Bool {
        guard !abuse.table.isEmpty, let match = quarantine(of: decision) else { return false }
        let isMeant = !match.isSpared && match.entry.stage == .enforce
        guard refusal == nil || isMeant && match.entry.action.refuses else { return false }
        let restraint = Restraint(
            match.entry, isSpared: !isMeant, shadowed: isMeant || match.isSpared ? nil : match.entry.action.reason)
        decision.restraint = restraint
        guard isMeant else { return false }
        switch match.entry.action {
        case .report: return false
        case .quarantine:
            decision.moveToQuarantine()
            return false
        case .challenge: decision.refuse(.stepUpRequired)
        case .block: decision.refuse(.abuseSuspected)
        case .coolDown:
            decision.refuse(.quarantined)
            guard !decision.isAdmitted else { break }
            restraint.coolDown = .milliseconds(match.entry.until.milliseconds - decision.moment.wall.milliseconds)
        }
        return true
    }

    private func quarantine(of decision: Decision) -> QuarantineTable.Match? {
        let identity = decision.identity
        return abuse.table.find(
            tenant: identity.tenant.map { decision.state.binding.key(ofTenant: $0).bits } ?? 0,
            key: abuse.table.hasKeys ? keyHash(of: decision) : 0, address: decision.call.address,
            tier: decision.classification.tier, trafficClass: decision.classification.trafficClass,
            at: decision.moment.wall)
    }

    private func keyHash(of decision: Decision) -> UInt128 {
        guard let key = decision.identity.key else { return 0 }
        return plane.abuse.hash(ofKey: decision.state.binding.directory.key(at: key).id)
    }

    /// Shows a decision to the rules, unless it was shaped by the list: nobody is found again for having been found.
    func watch(_ decision: Decision) {
        guard let watch = abuse.watch, !decision.isOfLimit, !decision.call.isPeek,
            decision.restraint?.isSpared ?? true
        else { return }
        let seen = observation(of: decision, watch)
        watch.note(seen, at: decision.moment.monotonic) { index, evidence in
            act(on: watch.policy.rules[index], decision, evidence)
        }
    }

    /// Shows the rules how the API behind answered a request that was decided on this loop.
    func note(_ outcome: UpstreamOutcome, of decision: Decision) {
        guard let watch = abuse.watch, !decision.isOfLimit, decision.restraint == nil else { return }
        let seen = observation(of: decision, watch)
        watch.note(outcome, of: seen, at: decision.moment.monotonic) { index, evidence in
            act(on: watch.policy.rules[index], decision, evidence)
        }
    }

    private func observation(of decision: Decision, _ watch: AbuseWatch) -> AbuseObservation {
        var seen = AbuseObservation()
        let guarding = plane.abuse
        if let tenant = decision.identity.tenant { seen[.tenant] = decision.state.binding.key(ofTenant: tenant).bits }
        if watch.isAbout(.key) { seen[.key] = keyHash(of: decision) }
        if let address = decision.call.address {
            if watch.isAbout(.address) { seen[.address] = guarding.hash(of: AddressPrefix(address)) }
            if watch.isAbout(.prefix) { seen[.prefix] = guarding.hash(of: AddressPrefix(address, by: watch.policy)) }
        }
        seen.trafficClass = decision.classification.trafficClass
        if decision.region >= 0, decision.region < abuse.regionNumbers.count {
            seen.region = abuse.regionNumbers[decision.region]
        }
        seen.unknownCredential = decision.identity.unknownCredential
        switch decision.outcome {
        case .throttle, .block, .challenge: seen.isRefused = true
        case .admit, .queue, .replay, .shed: break
        }
        if !decision.isAdmitted, let retry = decision.retryAfter { seen.retryAfter = retry }
        return seen
    }

    /// Acts on a finding about somebody of a decision.
    private func act(on rule: AbuseRule, _ decision: Decision, _ evidence: Evidence) {
        guard let policy = abuse.policy, let subject = subject(of: rule.subject, decision, policy) else { return }
        let why = AbuseReasons.sentence(
            rule, subject, region: decision.region < 0 ? nil : decision.policy.regions[decision.region].name)
        plane.abuse.act(on: rule, subject, why, evidence, at: decision.moment.wall)
    }

    private func subject(
        of kind: AbuseRule.SubjectKind, _ decision: Decision, _ policy: AbusePolicy
    ) -> Quarantine.Subject? {
        switch kind {
        case .key: decision.identity.key.map { .key(decision.state.binding.directory.key(at: $0).id) }
        case .tenant: decision.tenantName.map { .tenant($0) }
        case .address: decision.call.address.map { .addresses(AddressPrefix($0)) }
        case .prefix: decision.call.address.map { .addresses(AddressPrefix($0, by: policy)) }
        }
    }
}

extension AbuseRule.Action {
    /// Whether requests are refused, and not only treated otherwise.
    fileprivate var refuses: Bool {
        switch self {
        case .report, .quarantine: false
        case .coolDown, .challenge, .block: true
        }
    }

    /// The reason that requests are refused for.
    fileprivate var reason: Reason? {
        switch self {
        case .report: nil
        case .coolDown, .quarantine: .quarantined
        case .challenge: .stepUpRequired
        case .block: .abuseSuspected
        }
    }
}

/// Says why somebody was found, for lists and records.
enum AbuseReasons {
    /// One sentence.
    static func sentence(_ rule: AbuseRule, _ subject: Quarantine.Subject, region: String?) -> String {
        let who = "\(subject.kind.name) \(subject.name)"
        return switch rule.detection {
        case .spike: "\(who) makes far more requests than its own history says"
        case .errors(let errors):
            errors.kind == .refusals
                ? "most requests of \(who) are refused" : "the API answers most requests of \(who) with 400 to 499"
        case .earlyRetry: "\(who) comes back before the time that it is told"
        case .unknownCredentials: "\(who) tries credentials that nobody knows"
        case .newRegion: "\(who) comes from \(region.map { "region \($0)" } ?? "a region") where it was not before"
        }
    }
}
