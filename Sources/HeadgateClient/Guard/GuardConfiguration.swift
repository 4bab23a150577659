/// What holds while the server is away.
///
/// The guard knows neither credentials nor budgets. It keeps this process from doing more at once than it can, tier by
/// tier, until somebody can be asked again; who a caller is remains the service's own business.
public struct GuardConfiguration: Hashable, Sendable {
    /// What becomes of the requests of one tier.
    public struct Tier: Hashable, Sendable {
        /// How many run at once in this process; 0: the tier fails closed.
        public var concurrencyMax: Int
        /// How many of one caller run at once: a key, or a tenant and principal.
        public var concurrencyPerCallerMax: Int

        /// Admits requests as long as no more than so many run at once.
        public static func open(concurrencyMax: Int, perCaller concurrencyPerCallerMax: Int) -> Tier {
            Tier(concurrencyMax: concurrencyMax, concurrencyPerCallerMax: concurrencyPerCallerMax)
        }

        /// Refuses all.
        public static let closed = Tier(concurrencyMax: 0, concurrencyPerCallerMax: 0)

        /// Whether the tier fails open.
        public var isOpen: Bool { concurrencyMax > 0 }
    }

    /// Says of which tier requests are that the server has not been asked about yet.
    public struct Rule: Hashable, Sendable {
        /// The method; `nil`: all.
        public var method: String?
        /// How the path begins.
        public var pathPrefix: String
        /// The tier.
        public var tier: String

        /// States a rule.
        public init(method: String? = nil, pathPrefix: String, tier: String) {
            self.method = method
            self.pathPrefix = pathPrefix
            self.tier = tier
        }
    }

    /// The tiers, by the names that the policy has for them.
    ///
    /// Critical and business work goes on, best effort and what is in quarantine waits until somebody can be asked.
    public var tiers: [String: Tier] = [
        "critical": .open(concurrencyMax: 64, perCaller: 16),
        "business": .open(concurrencyMax: 32, perCaller: 8),
        "best-effort": .closed,
        "quarantine": .closed,
    ]
    /// What holds for tiers that have no entry.
    public var otherTiers = Tier.open(concurrencyMax: 16, perCaller: 4)
    /// Of which tier requests are that nothing is remembered about; the first rule that fits counts.
    public var rules: [Rule] = []
    /// Of which tier requests are that no rule fits.
    public var defaultTier = "business"
    /// How many routes the guard remembers the tier of, at most.
    public var routesMax = 4_096
    /// After so many calls in a row that failed the server is not asked any more.
    ///
    /// 3: one slow moment is no outage; each call that fails costs its request up to `callTimeout`.
    public var failuresMax = 3
    /// How long after that the server is looked for, at first; twice as long each time, and never exactly so long.
    public var probeDelayMin = Duration.milliseconds(100)
    /// The longest time between two looks.
    public var probeDelayMax = Duration.seconds(5)
    /// How long a call of `check` that the guard admits counts as running, since nobody says when it ends.
    ///
    /// 100 ms: what most requests take; the seats of `admit` need no such guess.
    public var checkTime = Duration.milliseconds(100)
    /// What refused callers are told to wait.
    public var retryAfter = Duration.seconds(1)

    /// States the defaults.
    public init() {}

    /// What holds for a tier.
    package func limits(of tier: String) -> Tier { tiers[tier] ?? otherTiers }
}
