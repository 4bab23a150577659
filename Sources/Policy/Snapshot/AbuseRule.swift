package import Vocabulary

/// One rule against abuse: whom it looks at, what it takes for a sign, and what follows.
package struct AbuseRule: Hashable, Sendable {
    /// The name, by which lists, records and metrics call it.
    package let name: String
    /// Whom it counts apart, and whom it acts on.
    package let subject: SubjectKind
    /// What it takes for a sign of abuse.
    package let detection: Detection
    /// What follows.
    package let action: Action
    /// For how long.
    package let lasts: Nanoseconds
    /// How far the rule is applied: `observe` counts findings, `shadow` also records them, `enforce` means them.
    package let stage: Stage
    /// Tiers whose work goes on whatever the rule has found, indices into `Snapshot.tiers`.
    package let sparedTiers: [Int]
    /// Classes whose work goes on likewise, indices into `Snapshot.classes`.
    package let sparedClasses: [Int]

    /// The longest time for which a rule acts: after that a person looks again.
    package static let lastsMax = Nanoseconds(30 * Nanoseconds.day.count)

    /// The most regions that a rule about new ones tells apart: one bit each.
    package static let regionsMax = 64

    /// States a rule.
    package init(
        name: String, subject: SubjectKind, detection: Detection, action: Action, lasts: Nanoseconds,
        stage: Stage = .enforce, sparedTiers: [Int] = [], sparedClasses: [Int] = []
    ) {
        self.name = name
        self.subject = subject
        self.detection = detection
        self.action = action
        self.lasts = lasts
        self.stage = stage
        self.sparedTiers = sparedTiers
        self.sparedClasses = sparedClasses
    }
}

extension AbuseRule {
    /// Whom a quarantine is about.
    package enum SubjectKind: UInt8, CaseIterable, Sendable {
        /// One key of a principal.
        case key
        /// A tenant, with all of its principals.
        case tenant
        /// One address.
        case address
        /// All addresses that begin alike.
        case prefix

        /// The word in policies, calls and records.
        package var name: String {
            switch self {
            case .key: "key"
            case .tenant: "tenant"
            case .address: "address"
            case .prefix: "prefix"
            }
        }
    }

    /// What follows from a finding.
    package enum Action: UInt8, CaseIterable, Sendable {
        /// A record, and nothing else.
        case report
        /// Every request is refused until the time is over, and the caller is told when that is.
        case coolDown
        /// Requests go into the quarantine tier, whose narrow budget all of them share.
        case quarantine
        /// The caller has to authenticate more strongly first.
        case challenge
        /// Every request is refused.
        case block

        /// The word in policies, calls, records and metrics.
        package var name: String {
            switch self {
            case .report: "report"
            case .coolDown: "cool-down"
            case .quarantine: "quarantine"
            case .challenge: "challenge"
            case .block: "block"
            }
        }
    }

    /// What a rule takes for a sign of abuse; each derived in docs/abuse.md.
    package enum Detection: Hashable, Sendable {
        /// Many more requests in a window than the subject's own history says.
        case spike(Spike)
        /// A large share of requests that fail.
        case errors(Errors)
        /// Requests that come before the time that the caller was told, and are refused again.
        case earlyRetry(EarlyRetry)
        /// Credentials that nobody knows.
        case unknownCredentials(UnknownCredentials)
        /// A credential from a region where it never was.
        case newRegion(NewRegion)

        /// The word in policies.
        package var word: String {
            switch self {
            case .spike: "spike"
            case .errors: "errors"
            case .earlyRetry: "early-retry"
            case .unknownCredentials: "unknown-credentials"
            case .newRegion: "new-region"
            }
        }
    }

    /// The numbers of a rule about growth.
    package struct Spike: Hashable, Sendable {
        /// How long requests are counted together.
        package let window: Nanoseconds
        /// How far back the subject's history reaches.
        package let history: Nanoseconds
        /// How many times the history's mean a window must have.
        package let factor: Int64
        /// How many requests a window must have in any case.
        package let least: Int64

        /// States the numbers.
        package init(window: Nanoseconds, history: Nanoseconds, factor: Int64, least: Int64) {
            self.window = window
            self.history = history
            self.factor = factor
            self.least = least
        }

        /// Windows in the history; at least 2.
        package var windowCount: Int64 { max(2, history.count / max(1, window.count)) }
    }

    /// The numbers of a rule about failures.
    package struct Errors: Hashable, Sendable {
        /// Which failures.
        package let kind: Kind
        /// How long requests are counted together.
        package let window: Nanoseconds
        /// The share of failures, in hundredths of a percent.
        package let shareBasisPoints: Int64
        /// How many requests a window must have in any case.
        package let least: Int64

        /// What counts as a failure.
        package enum Kind: UInt8, CaseIterable, Sendable {
            /// Requests that Headgate refuses because of what the caller did or is.
            case refusals
            /// Requests that the API behind answers with 400 to 499, as the proxy reports it.
            case answers

            /// The word in policies.
            package var name: String { self == .refusals ? "refusals" : "answers" }
        }

        /// States the numbers.
        package init(kind: Kind, window: Nanoseconds, shareBasisPoints: Int64, least: Int64) {
            self.kind = kind
            self.window = window
            self.shareBasisPoints = shareBasisPoints
            self.least = least
        }
    }

    /// The numbers of a rule about impatience.
    package struct EarlyRetry: Hashable, Sendable {
        /// How long retries are counted together.
        package let window: Nanoseconds
        /// How many retries.
        package let least: Int64
        /// How long after a refusal requests are on their way whose sender has not heard of it yet.
        package let grace: Nanoseconds

        /// States the numbers.
        package init(window: Nanoseconds, least: Int64, grace: Nanoseconds) {
            self.window = window
            self.least = least
            self.grace = grace
        }
    }

    /// The numbers of a rule about guessing.
    package struct UnknownCredentials: Hashable, Sendable {
        /// How long attempts are counted together.
        package let window: Nanoseconds
        /// How many attempts.
        package let least: Int64
        /// How many different credentials they must have brought.
        package let distinct: Int64

        /// The most that can be asked for: they are told apart by 64 bits, and more would take too long to see.
        package static let distinctMax: Int64 = 32

        /// States the numbers.
        package init(window: Nanoseconds, least: Int64, distinct: Int64) {
            self.window = window
            self.least = least
            self.distinct = distinct
        }
    }

    /// The numbers of a rule about places.
    package struct NewRegion: Hashable, Sendable {
        /// How long after the first request every region is learnt.
        package let learn: Nanoseconds
        /// How long a region is remembered at least.
        package let memory: Nanoseconds

        /// States the numbers.
        package init(learn: Nanoseconds, memory: Nanoseconds) {
            self.learn = learn
            self.memory = memory
        }
    }
}
