extension PolicyDifference {
    /// Whom or what a line is about.
    package struct Subject: Hashable, Sendable {
        /// What kind of thing.
        package let kind: Kind
        /// Its name; `nil` where there is only one.
        package let name: String?
        /// The part of it that the line is about.
        package let part: Part?

        /// A part: a class or an operation of a plan, a tier of the service or of a region, a limit or a key of a
        /// domain.
        package struct Part: Hashable, Sendable {
            /// What kind of thing.
            package let kind: Kind
            /// Its name.
            package let name: String
        }

        /// The kinds of things that policies state.
        package enum Kind: UInt8, CaseIterable, Sendable {
            case policy, plan, trafficClass, operation, tier, service, region, seats, domain, limit, descriptorKey,
                unknown, repeats, abuse, abuseRule, health, signal, governance

            /// The word in texts and documents.
            package var name: String {
                switch self {
                case .policy: "policy"
                case .plan: "plan"
                case .trafficClass: "class"
                case .operation: "operation"
                case .tier: "tier"
                case .service: "service"
                case .region: "region"
                case .seats: "seats"
                case .domain: "domain"
                case .limit: "limit"
                case .descriptorKey: "key"
                case .unknown: "unknown"
                case .repeats: "idempotency"
                case .abuse: "abuse"
                case .abuseRule: "abuse-rule"
                case .health: "health"
                case .signal: "signal"
                case .governance: "governance"
                }
            }
        }

        /// Names a subject.
        init(_ kind: Kind, _ name: String? = nil, part: Part? = nil) {
            self.kind = kind
            self.name = name
            self.part = part
        }

        /// The subject without its part.
        var whole: Subject { Subject(kind, name) }

        /// A part of the subject.
        func part(_ kind: Kind, _ name: String) -> Subject {
            Subject(self.kind, self.name, part: Part(kind: kind, name: name))
        }

        /// The subject without its part, for texts: `plan growth`, `the service`.
        var words: String {
            switch kind {
            case .policy: "the policy"
            case .service: "the service"
            case .seats: "the seats"
            case .unknown: "what the policy does not know"
            case .repeats: "what repeats an idempotency key"
            case .abuse: "what looks like abuse"
            case .health: "the health of the system"
            case .governance: "what grants may be"
            case .abuseRule: "rule \(name ?? "") against abuse"
            default: "\(kind.name) \(name ?? "")"
            }
        }
    }
}
