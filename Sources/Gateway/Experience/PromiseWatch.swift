internal import Policy
internal import Vocabulary

/// Whether tiers keep the latency that the policy promises for them.
struct PromiseWatch: Sendable {
    /// How each promise stands.
    private(set) var standings: [Promise: Standing] = [:]
    private var lastSlice: Int64 = -1

    /// The most promises that are remembered: 16 percentiles of each of some tiers of some policies.
    private static let promiseCountMax = 512

    /// One promise: a percentile of a tier.
    struct Promise: Hashable, Comparable, Sendable {
        /// The tier's name.
        let tier: String
        /// The percentile in tenths of a percent.
        let permille: Int

        static func < (left: Promise, right: Promise) -> Bool {
            (left.tier, left.permille) < (right.tier, right.permille)
        }
    }

    /// How a promise stands.
    struct Standing: Equatable, Sendable {
        /// Whether it is broken now.
        var isBroken = false
        /// How often it was broken after it had been kept.
        var brokenCount: UInt64 = 0
    }

    /// Nothing is known yet.
    init() {}

    /// Whether it is time to judge again: once for each slice of the shortest window.
    mutating func isDue(at now: Nanoseconds) -> Bool {
        let slice = now.count / ExperienceWindow.minute.slice.count
        defer { lastSlice = slice }
        return slice != lastSlice
    }

    /// Judges a tier by its latencies of the last minute.
    mutating func judge(_ tier: Tier, by counts: LatencyCounts) {
        for target in tier.latency {
            let promise = Promise(tier: tier.name, permille: target.permille)
            guard standings[promise] != nil || standings.count < PromiseWatch.promiseCountMax else { continue }
            var standing = standings[promise] ?? Standing()
            let isBroken = PromiseWatch.isKept(target, by: counts).map { !$0 } ?? false
            if isBroken, !standing.isBroken { standing.brokenCount += 1 }
            standing.isBroken = isBroken
            standings[promise] = standing
        }
    }

    /// Whether latencies keep a promise; `nil` while there are too few to tell: a 99th percentile of five requests is
    /// the longest of them.
    static func isKept(_ target: Tier.LatencyTarget, by counts: LatencyCounts) -> Bool? {
        guard counts.count * UInt64(1_000 - target.permille) >= 1_000 else { return nil }
        return counts.latency(permille: target.permille).map { $0 < target.below }
    }
}
