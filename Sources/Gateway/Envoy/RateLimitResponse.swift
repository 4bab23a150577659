internal import Admission
internal import Policy
internal import Vocabulary

/// The answer of `ShouldRateLimit` (service/ratelimit/v3/rls.proto).
extension ByteWriter {
    /// Writes the message.
    ///
    /// - Parameters:
    ///   - outcomes: one per descriptor.
    ///   - strictest: the decision that speaks for the call; `nil` if nothing was decided.
    ///   - profile: how callers are told about their limits.
    mutating func rateLimit(_ outcomes: [DescriptorOutcome], strictest: Decision?, profile: HeaderProfile) {
        let isRefused = outcomes.contains { $0.isRefused }
        field(1, UInt64(isRefused ? RateLimitCode.overLimit.rawValue : RateLimitCode.ok.rawValue))  // overall_code
        for outcome in outcomes { field(2) { $0.status(of: outcome) } }  // statuses
        if let strictest { speak(for: strictest, isRefused: isRefused, profile: profile) }
    }

    /// Writes the answer to a call with one descriptor.
    mutating func rateLimit(_ decision: Decision, profile: HeaderProfile) {
        field(1, UInt64(decision.isAdmitted ? RateLimitCode.ok.rawValue : RateLimitCode.overLimit.rawValue))
        field(2) { $0.status(of: decision) }
        speak(for: decision, isRefused: !decision.isAdmitted, profile: profile)
    }

    /// Writes what the caller is told, by the decision that speaks for the call.
    private mutating func speak(for strictest: Decision, isRefused: Bool, profile: HeaderProfile) {
        headers(3, isOption: false) { list in  // response_headers_to_add
            if isRefused {
                list.decisionFields(of: strictest)
                list.limitFields(of: strictest, profile: profile)
                list.refusalFields(of: strictest)
                list.field("Content-Type", literal: "application/problem+json")
            } else {
                list.field("Headgate-Decision", strictest.id)
                list.limitFields(of: strictest, profile: profile)
            }
        }
        if isRefused {
            // raw_body: the proxy answers with one status whatever the reason, by default this one.
            field(5) { $0.json { $0.value(of: Problem(strictest, status: .tooManyRequests)) } }
        }
        field(6) { $0.metadata(of: strictest) }  // dynamic_metadata
    }

    /// `DescriptorStatus`.
    private mutating func status(of outcome: DescriptorOutcome) {
        if case .decided(let decision) = outcome { return status(of: decision) }
        field(1, UInt64(RateLimitCode.ok.rawValue))  // code
        if case .unlimited = outcome { field(3, UInt64(UInt32.max)) }  // limit_remaining
    }

    private mutating func status(of decision: Decision) {
        let isRefused = !decision.isAdmitted
        field(1, UInt64(isRefused ? RateLimitCode.overLimit.rawValue : RateLimitCode.ok.rawValue))  // code
        guard let facts = decision.speakingFacts else { return }
        let amount = decision.limit?.amount ?? facts.amount
        field(2) { limit in  // current_limit
            limit.field(1, UInt64(UInt32(clamping: amount.requests)))  // requests_per_unit
            limit.field(2, UInt64(amount.unit.code))  // unit
            if let name = decision.limit?.name { limit.field(3, name) }  // name
        }
        let remaining = isRefused ? 0 : facts.remaining(hasSpent: decision.hasSpent)
        field(3, UInt64(UInt32(clamping: remaining)))  // limit_remaining
        let reset = isRefused ? decision.retryAfter : facts.fullAfter
        if let reset, reset > .zero {
            field(4) { duration in  // duration_until_reset: google.protobuf.Duration
                duration.field(1, UInt64(reset.count / Nanoseconds.second.count))
                duration.field(2, UInt64(reset.count % Nanoseconds.second.count))
            }
        }
    }
}

/// `RateLimitResponse.Code`.
private enum RateLimitCode: UInt8 {
    case ok = 1
    case overLimit = 2
}

extension DescriptorLimit.Unit {
    /// `RateLimitResponse.RateLimit.Unit`, in which weeks came last.
    fileprivate var code: UInt8 {
        switch self {
        case .second: 1
        case .minute: 2
        case .hour: 3
        case .day: 4
        case .month: 5
        case .year: 6
        case .week: 7
        }
    }
}

extension BudgetFacts {
    /// The allowance as Envoy's protocol can state one.
    fileprivate var amount: DescriptorLimit.Amount {
        switch allowance {
        case .rate(let rate): DescriptorLimit.Amount(rate)
        case .calendar(let amount, let period):
            DescriptorLimit.Amount(requests: amount, unit: DescriptorLimit.Unit(period))
        }
    }
}

/// What became of one descriptor.
enum DescriptorOutcome {
    /// No limit is for it.
    case unmatched
    /// The policy lets everything through.
    case unlimited
    /// A decision.
    case decided(Decision)

    /// Whether it is over its limit.
    var isRefused: Bool { if case .decided(let decision) = self { !decision.isAdmitted } else { false } }
}
