package import Vocabulary

extension DecisionRecord {
    /// By which door a request came in.
    package enum Source: UInt8, CaseIterable, Sendable {
        /// `POST /v1/check`.
        case check
        /// `/v1/authorize`: forward-auth of nginx, Traefik and Caddy.
        case authorize
        /// Envoy's external authorization, over HTTP or gRPC.
        case externalAuthorization
        /// One item of `POST /v1/check/batch`.
        case batch
        /// Envoy's rate limit service.
        case rateLimit
        /// The reverse proxy: a request that Headgate itself passes on.
        case proxy
        /// `POST /v1/admissions`.
        case admission

        /// The word that records use; stable.
        package var code: String {
            switch self {
            case .check: "check"
            case .authorize: "authorize"
            case .externalAuthorization: "ext_authz"
            case .batch: "batch"
            case .proxy: "proxy"
            case .rateLimit: "ratelimit"
            case .admission: "admission"
            }
        }
    }

    /// A class that the caller claimed.
    package struct Claim: Hashable, Sendable {
        /// The class as the caller wrote it, at most `claimLengthMax` bytes; the policy may not know it.
        package let trafficClass: String
        /// Whether the principal may claim this class; else the request was classified as if nothing had been claimed.
        package let isHonoured: Bool

        /// States a claim; the text is a stranger's: keys in it are masked, and it is cut to `claimLengthMax` bytes.
        package init(trafficClass: String, isHonoured: Bool) {
            self.trafficClass = trafficClass.withKeysMasked.clipped(toBytes: DecisionRecord.claimLengthMax)
            self.isHonoured = isHonoured
        }
    }

    /// What enforcement would have said.
    package struct WouldBe: Hashable, Sendable {
        /// What would have happened to the request.
        package let outcome: Outcome
        /// Why.
        package let reason: Reason

        /// States what would have been.
        package init(outcome: Outcome, reason: Reason) {
            self.outcome = outcome
            self.reason = reason
        }
    }

    /// The budget that decided.
    package struct DecidingBudget: Hashable, Sendable {
        /// Its place in the hierarchy.
        package let level: BudgetLevel
        /// Its name, as in `BudgetReading.name`.
        package let name: String

        /// Names a budget.
        package init(level: BudgetLevel, name: String) {
            self.level = level
            self.name = name
        }
    }

    /// One budget as the decision saw it, in cost units (quotas: in the unit they count).
    package struct BudgetReading: Hashable, Sendable {
        /// The budget's place in the hierarchy.
        package var level: BudgetLevel
        /// The budget's name for people: "service", "region eu-west-1", "tenant acme", "class repair".
        package var name: String
        /// The lane the request spent from: a tier's or a class's name; `nil` where the budget has no lanes.
        package var lane: String?
        /// The rate as the policy writes it: `300/s`, `5000000/month`.
        package var rate: String
        /// What the full budget holds; of a quota, the allowance of the period.
        package var burst: Int64
        /// What the request could have spent here, before it did.
        package var remaining: Int64
        /// What of that stood in the lane's own guarantee; `nil` where the lane has none.
        package var guaranteeRemaining: Int64?
        /// What stood in the shared pool; `nil` where there is none or the lane may not borrow.
        package var poolRemaining: Int64?
        /// What the request needed here.
        package var needed: Int64
        /// Whether that was there.
        package var isSufficient: Bool
        /// After how long this budget alone would have had enough; `nil` when it had, or when waiting cannot help.
        package var availableAfter: Nanoseconds?
        /// When a quota's period ends; `nil` for every other budget.
        package var quotaReset: WallTime?

        /// States what was seen.
        package init(
            level: BudgetLevel, name: String, lane: String? = nil, rate: String, burst: Int64, remaining: Int64,
            guaranteeRemaining: Int64? = nil, poolRemaining: Int64? = nil, needed: Int64, isSufficient: Bool,
            availableAfter: Nanoseconds? = nil, quotaReset: WallTime? = nil
        ) {
            self.level = level
            self.name = name
            self.lane = lane
            self.rate = rate
            self.burst = burst
            self.remaining = remaining
            self.guaranteeRemaining = guaranteeRemaining
            self.poolRemaining = poolRemaining
            self.needed = needed
            self.isSufficient = isSufficient
            self.availableAfter = availableAfter
            self.quotaReset = quotaReset
        }
    }
}
