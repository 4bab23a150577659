package import Policy
package import Vocabulary

/// One entry of the quarantine list: whom it is about, what happens to them, why, on whose word, and until when.
package struct Quarantine: Hashable, Sendable {
    /// Its name, which begins with the time like that of a decision.
    package let id: DecisionID
    /// Whom it is about.
    package let subject: Subject
    /// What happens to their requests; never `report`.
    package let action: AbuseRule.Action
    /// Whether it is meant, or in `shadow` only recorded.
    package let stage: Stage
    /// The rule that found them; `nil`: somebody did it by hand.
    package let rule: String?
    /// Who did it by hand.
    package let operatorName: String?
    /// Why, in a sentence.
    package let reason: String
    /// The numbers that spoke for it.
    package let evidence: Evidence
    /// Since when.
    package let since: WallTime
    /// Until when.
    package let until: WallTime
    /// Names of tiers whose work goes on all the same.
    package let sparedTiers: [String]
    /// Names of classes whose work goes on all the same.
    package let sparedClasses: [String]

    /// Whom a quarantine is about.
    package enum Subject: Hashable, Sendable {
        /// A key, by its public name.
        case key(String)
        /// A tenant, by its name.
        case tenant(String)
        /// An address or a prefix.
        case addresses(AddressPrefix)

        /// Its kind.
        package var kind: AbuseRule.SubjectKind {
            switch self {
            case .key: .key
            case .tenant: .tenant
            case .addresses(let prefix): prefix.isSingle ? .address : .prefix
            }
        }

        /// Its name.
        package var name: String {
            switch self {
            case .key(let name), .tenant(let name): name
            case .addresses(let prefix): prefix.description
            }
        }

        /// Reads a subject; `nil` if the name is none of that kind.
        package init?(kind: AbuseRule.SubjectKind, name: String) {
            switch kind {
            case .key: self = .key(name)
            case .tenant: self = .tenant(name)
            case .address, .prefix:
                guard let prefix = AddressPrefix(name), prefix.isSingle == (kind == .address), !prefix.isOfMachine
                else { return nil }
                self = .addresses(prefix)
            }
        }
    }

    /// States an entry.
    package init(
        id: DecisionID, subject: Subject, action: AbuseRule.Action, stage: Stage, rule: String?, operatorName: String?,
        reason: String, evidence: Evidence, since: WallTime, until: WallTime, sparedTiers: [String] = [],
        sparedClasses: [String] = []
    ) {
        self.id = id
        self.subject = subject
        self.action = action
        self.stage = stage
        self.rule = rule
        self.operatorName = operatorName
        self.reason = reason
        self.evidence = evidence
        self.since = since
        self.until = until
        self.sparedTiers = sparedTiers
        self.sparedClasses = sparedClasses
    }

    /// Whether it holds at a moment.
    package func holds(at wall: WallTime) -> Bool { wall < until }
}

extension AddressPrefix {
    /// Whether it is the machine itself, where proxies stand: never anybody to act on.
    package var isOfMachine: Bool { address.isLocal }
}
