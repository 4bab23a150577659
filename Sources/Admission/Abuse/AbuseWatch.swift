package import Policy
package import Vocabulary

/// All rules of a policy at work.
///
/// Thread-safe; what one request costs is one locked look into a small table for each rule that concerns it.
package final class AbuseWatch: Sendable {
    /// What the policy says.
    package let policy: AbusePolicy
    /// What each rule remembers, by the rule's index.
    private let watches: [Watch]
    private let kinds: UInt8

    /// Subjects that one rule remembers: some megabytes at most for each rule, whatever strangers do.
    package static let subjectsMax = 16_384
    /// Parts of a rule's memory, each with a lock.
    static let partCount = 16

    /// What a rule remembers.
    enum Watch: Sendable {
        case spike(RuleWatch<SpikeDetector>)
        case refusals(RuleWatch<ErrorDetector>)
        case answers(RuleWatch<ErrorDetector>)
        case earlyRetry(RuleWatch<EarlyRetryDetector>)
        case unknownCredentials(RuleWatch<UnknownCredentialDetector>)
        case newRegion(RuleWatch<NewRegionDetector>)

        /// Remembers nothing yet.
        init(_ rule: AbuseRule) {
            self =
                switch rule.detection {
                case .spike(let spike): .spike(RuleWatch(SpikeDetector(spike), quiet: rule.lasts))
                case .errors(let errors) where errors.kind == .answers:
                    .answers(RuleWatch(ErrorDetector(errors), quiet: rule.lasts))
                case .errors(let errors): .refusals(RuleWatch(ErrorDetector(errors), quiet: rule.lasts))
                case .earlyRetry(let retry): .earlyRetry(RuleWatch(EarlyRetryDetector(retry), quiet: rule.lasts))
                case .unknownCredentials(let unknown):
                    .unknownCredentials(RuleWatch(UnknownCredentialDetector(unknown), quiet: rule.lasts))
                case .newRegion(let region): .newRegion(RuleWatch(NewRegionDetector(region), quiet: rule.lasts))
                }
        }
    }

    /// Puts the rules of a policy to work.
    ///
    /// A rule that stood in the policy before and looks for the same in the same kind of subject keeps what it
    /// remembers: a reload teaches nobody patience anew.
    package init(_ policy: AbusePolicy, keeping former: AbuseWatch? = nil) {
        self.policy = policy
        watches = policy.rules.map { rule in former?.memory(of: rule) ?? Watch(rule) }
        kinds = policy.rules.reduce(UInt8(0)) { kinds, rule in kinds | UInt8(1) << rule.subject.rawValue }
    }

    private func memory(of rule: AbuseRule) -> Watch? {
        let same = policy.rules.firstIndex {
            $0.name == rule.name && $0.subject == rule.subject && $0.detection == rule.detection
                && $0.lasts == rule.lasts
        }
        return same.map { watches[$0] }
    }

    /// Whether any rule is about subjects of a kind.
    package func isAbout(_ kind: AbuseRule.SubjectKind) -> Bool { kinds & 1 << kind.rawValue != 0 }

    /// Shows a decided request to all rules.
    ///
    /// - Parameters:
    ///   - observation: the request, and what was decided.
    ///   - now: the monotonic clock.
    ///   - found: is told which rule has found something, by its index, and why.
    package func note(
        _ observation: borrowing AbuseObservation, at now: Nanoseconds, found: (Int, Evidence) -> Void
    ) {
        for index in watches.indices {
            let subject = observation[policy.rules[index].subject]
            guard subject != 0, let evidence = look(watches[index], observation, subject, at: now) else { continue }
            found(index, evidence)
        }
    }

    /// Shows all rules about answers how the API behind answered a request.
    package func note(
        _ outcome: UpstreamOutcome, of observation: borrowing AbuseObservation, at now: Nanoseconds,
        found: (Int, Evidence) -> Void
    ) {
        guard outcome != .failed else { return }
        for index in watches.indices {
            guard case .answers(let watch) = watches[index] else { continue }
            let subject = observation[policy.rules[index].subject]
            if let evidence = watch.note(outcome == .faulted, of: subject, at: now) { found(index, evidence) }
        }
    }

    private func look(
        _ watch: Watch, _ observation: borrowing AbuseObservation, _ subject: UInt128, at now: Nanoseconds
    ) -> Evidence? {
        switch watch {
        case .spike(let watch): return watch.note((), of: subject, at: now)
        case .refusals(let watch): return watch.note(observation.isRefused, of: subject, at: now)
        case .answers: return nil
        case .earlyRetry(let watch):
            guard observation.retryAfter >= .zero else { return nil }
            // A caller's budgets are those of its classes: what it was told about one says nothing about another.
            let one = subject &+ UInt128(observation.trafficClass + 1)  // a hash: where it wraps does not matter
            return watch.note(observation.retryAfter, of: one, at: now)
        case .unknownCredentials(let watch):
            guard observation.unknownCredential != 0 else { return nil }
            return watch.note(observation.unknownCredential, of: subject, at: now)
        case .newRegion(let watch):
            guard observation.region >= 0 else { return nil }
            return watch.note(observation.region, of: subject, at: now)
        }
    }

    /// Has all rules about a kind of subject forget one of them: it was lifted out of quarantine, and begins anew.
    package func forget(_ subject: UInt128, _ kind: AbuseRule.SubjectKind, classCount: Int) {
        for index in watches.indices where policy.rules[index].subject == kind {
            switch watches[index] {
            case .spike(let watch): watch.forget(subject)
            case .refusals(let watch), .answers(let watch): watch.forget(subject)
            case .earlyRetry(let watch):
                for trafficClass in 0..<classCount { watch.forget(subject &+ UInt128(trafficClass + 1)) }  // as above
            case .unknownCredentials(let watch): watch.forget(subject)
            case .newRegion(let watch): watch.forget(subject)
            }
        }
    }

    /// How many subjects all rules together remember.
    package var subjectCount: Int {
        watches.reduce(0) { sum, watch in
            switch watch {
            case .spike(let watch): sum + watch.count
            case .refusals(let watch), .answers(let watch): sum + watch.count
            case .earlyRetry(let watch): sum + watch.count
            case .unknownCredentials(let watch): sum + watch.count
            case .newRegion(let watch): sum + watch.count
            }
        }
    }
}
