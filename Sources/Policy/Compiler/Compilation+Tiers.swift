internal import Vocabulary

extension Compilation {
    /// The name of the built-in tier.
    static let quarantine = "quarantine"

    /// Checks the tiers and adds the built-in one.
    mutating func lowerTiers() -> [Tier] {
        for tier in document.tiers where tier.name.value == Compilation.quarantine {
            log.error(
                .reservedName, "the tier `quarantine` is built in, after the last one", at: tier.name.span,
                suggestion: "remove it; `unknown` says what is quarantined and how much may pass")
        }
        checkReserves()
        let holdbacks = holdbacks
        let named = zip(document.tiers, holdbacks).map { tier, holdback in
            Tier(
                name: tier.name.value, reserveBasisPoints: tier.reserve?.value ?? 0, holdbackBasisPoints: holdback,
                concurrencyBasisPoints: tier.concurrency?.value, keptBasisPoints: tier.kept?.value,
                floorBasisPoints: tier.floor?.value, tenantShareBasisPoints: tier.tenantShare?.value,
                queue: tier.queue.map { queue in
                    Tier.Queue(
                        depthMax: queue.depth.value, waitMax: queue.wait.value,
                        tenantDepthMax: queue.perTenant.map { min($0.value, queue.depth.value) })
                }, latency: tier.latency,
                nearMissBasisPoints: tier.nearMiss?.value ?? Tier.nearMissStandard)
        }
        // No floor: what is unknown may starve while anything that is known waits.
        let last = Tier(name: Compilation.quarantine, holdbackBasisPoints: holdbacks.last ?? 0, floorBasisPoints: 0)
        return named + [last]
    }

    /// The share of the pool that each named tier leaves to more protected ones, in hundredths of a percent.
    ///
    /// Unless stated, it rises evenly from nothing for the first to one half for the last, so that less protected work
    /// is shed earlier but never cut off by this alone.
    var holdbacks: [Int64] {
        let last = Int64(document.tiers.count - 1)
        return document.tiers.enumerated().map { index, tier in
            tier.holdback?.value ?? (last > 0 ? 5_000 * Int64(index) / last : 0)
        }
    }

    private mutating func checkReserves() {
        var sum: Int64 = 0
        for tier in document.tiers {
            guard let reserve = tier.reserve else { continue }
            sum += reserve.value
            guard sum > 10_000, sum - reserve.value <= 10_000 else { continue }
            let total = document.tiers.reduce(0) { $0 + ($1.reserve?.value ?? 0) }
            log.error(
                .reservesExceedWhole, "the reserves of all tiers add up to \(UnitText.percentage(total))",
                at: reserve.span, suggestion: "reserve 100% or less; what is left is the pool that all share")
        }
    }
}
