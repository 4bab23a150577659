import Vocabulary

@testable import Journal

extension Samples {
    /// Every situation that a story is told of in the snapshots, by name.
    static var stories: [(name: String, record: DecisionRecord)] {
        [
            ("within-guarantee", withinGuarantee), ("borrowed", borrowed), ("tenant-ceiling", tenantCeiling),
            ("class-budget", classBudget), ("service-saturated", serviceSaturated),
            ("quota-exhausted", quotaExhausted), ("cost-exceeds-burst", costExceedsBurst),
            ("unknown-credential", unknownCredential), ("class-not-allowed", classNotAllowed),
            ("shadow-would-be", shadowWouldBe), ("quarantine", quarantine), ("queue-timeout", queueTimeout),
            ("client-closed", clientClosed),
        ]
    }

    static var withinGuarantee: DecisionRecord {
        var record = call(
            "submit-signature", "POST", "/v1/envelopes/7/signatures", trafficClass: "interactive", tier: "critical",
            outcome: .admit, reason: .withinGuarantee)
        record.readings = [
            tenant("interactive", guarantee: 57, pool: 310, needed: 1), service("critical", remaining: 812, needed: 1),
        ]
        record.decidingBudget = .init(level: .tenant, name: "tenant acme")
        record.limit = 100
        record.remaining = 56
        record.fullAfter = Nanoseconds(430_000_000)
        return record
    }

    static var borrowed: DecisionRecord {
        var record = withinGuarantee
        record.reason = .borrowed
        record.readings[0] = tenant("interactive", guarantee: 0, pool: 310, needed: 1)
        record.claim = .init(trafficClass: "interactive", isHonoured: true)
        record.activeClasses = ["integration", "interactive"]
        return record
    }

    static var tenantCeiling: DecisionRecord {
        var record = call(
            "export", "GET", "/v1/exports/2026-11", trafficClass: "export", tier: "best-effort", cost: 20,
            outcome: .throttle, reason: .tenantCeiling)
        record.readings = [tenant("export", guarantee: nil, pool: 3, needed: 20)]
        record.decidingBudget = .init(level: .tenant, name: "tenant acme")
        record.limit = 400
        record.remaining = 3
        record.retryAfter = Nanoseconds(56_666_678)
        record.activeClasses = ["export", "integration"]
        return record
    }

    static var classBudget: DecisionRecord {
        var record = call(
            "rebuild-index", "POST", "/v1/repairs", trafficClass: "repair", tier: "business", cost: 5,
            outcome: .throttle, reason: .classBudget)
        record.claim = .init(trafficClass: "repair", isHonoured: true)
        record.readings = [
            tenant("repair", guarantee: 30, pool: nil, needed: 5),
            .init(
                level: .trafficClass, name: "class repair", rate: "30/min", burst: 30, remaining: 0, needed: 5,
                isSufficient: false, availableAfter: .seconds(10)),
        ]
        record.decidingBudget = .init(level: .trafficClass, name: "class repair")
        record.limit = 30
        record.remaining = 0
        record.retryAfter = .seconds(10)
        record.source = .externalAuthorization
        return record
    }

    static var serviceSaturated: DecisionRecord {
        var record = call(
            "export", "GET", "/v1/exports/2026-11", trafficClass: "export", tier: "best-effort", cost: 20,
            outcome: .shed, reason: .serviceSaturated)
        var service = service("best-effort", remaining: 0, needed: 20)
        service.poolRemaining = 900
        record.readings = [tenant("export", guarantee: nil, pool: 380, needed: 20), service]
        record.decidingBudget = .init(level: .service, name: "service")
        record.limit = 4_000
        record.remaining = 0
        record.retryAfter = Nanoseconds(5_000_000)
        return record
    }

    static var quotaExhausted: DecisionRecord {
        var record = call(
            "submit-signature", "POST", "/v1/envelopes/7/signatures", trafficClass: "interactive", tier: "critical",
            outcome: .throttle, reason: .quotaExhausted)
        let reset = WallTime(milliseconds: 1_796_083_200_000)  // 2026-12-01T00:00:00Z
        record.readings = [
            tenant("interactive", guarantee: 100, pool: 310, needed: 1),
            .init(
                level: .quota, name: "quota requests/month", rate: "5000000/month", burst: 5_000_000, remaining: 0,
                needed: 1, isSufficient: false,
                availableAfter: Nanoseconds((reset.milliseconds - wall.milliseconds) * 1_000_000), quotaReset: reset),
        ]
        record.decidingBudget = .init(level: .quota, name: "quota requests/month")
        record.limit = 5_000_000
        record.remaining = 0
        record.retryAfter = Nanoseconds((reset.milliseconds - wall.milliseconds) * 1_000_000)
        return record
    }

    static var costExceedsBurst: DecisionRecord {
        var record = call(
            "export", "GET", "/v1/exports/all", trafficClass: "export", tier: "best-effort", cost: 900,
            outcome: .throttle, reason: .costExceedsBurst)
        record.readings = [tenant("export", guarantee: nil, pool: 400, needed: 900)]
        record.readings[0].availableAfter = nil
        record.decidingBudget = .init(level: .tenant, name: "tenant acme")
        record.limit = 400
        record.remaining = 400
        return record
    }

    static var unknownCredential: DecisionRecord {
        var record = plain(9, outcome: .block, reason: .unknownCredential)
        record.tier = "quarantine"
        record.source = .authorize
        record.duration = Nanoseconds(3_900)
        return record
    }

    static var classNotAllowed: DecisionRecord {
        var record = call(
            "replay-events", "POST", "/v1/recovery/replay", trafficClass: "recovery", tier: "critical",
            outcome: .block, reason: .classNotAllowed)
        record.claim = .init(trafficClass: "repair", isHonoured: false)
        return record
    }

    static var shadowWouldBe: DecisionRecord {
        var record = tenantCeiling
        record.stage = .shadow
        record.outcome = .admit
        record.reason = .stageNotEnforcing
        record.wouldBe = .init(outcome: .throttle, reason: .tenantCeiling)
        record.retryAfter = nil
        return record
    }

    static var quarantine: DecisionRecord {
        var record = plain(10, outcome: .throttle, reason: .quarantined)
        record.tier = "quarantine"
        record.readings = [
            .init(
                level: .service, name: "quarantine", rate: "10/s", burst: 10, remaining: 0, needed: 1,
                isSufficient: false, availableAfter: Nanoseconds(100_000_000))
        ]
        record.decidingBudget = .init(level: .service, name: "quarantine")
        record.limit = 10
        record.remaining = 0
        record.retryAfter = Nanoseconds(100_000_000)
        record.duration = Nanoseconds(5_000)
        return record
    }

    static var clientClosed: DecisionRecord {
        var record = call(
            "export", "GET", "/v1/exports/7", trafficClass: "export", tier: "best-effort", outcome: .shed,
            reason: .clientClosed)
        record.wait = Nanoseconds(400_000_000)
        return record
    }

    static var queueTimeout: DecisionRecord {
        var record = call(
            "export", "GET", "/v1/exports/2026-11\u{1B}[2J", trafficClass: "export", tier: "best-effort", cost: 20,
            outcome: .shed, reason: .queueTimeout)
        record.wait = .seconds(2)
        record.retryAfter = Nanoseconds(1_150_000_000)
        return record
    }
}
