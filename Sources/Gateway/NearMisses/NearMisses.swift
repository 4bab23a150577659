internal import Journal
internal import Policy
internal import Synchronization
package import Vocabulary

/// Finds near misses and collisions, and counts them: what all loops share.
package final class NearMisses: Sendable {
    /// Which lanes are in a dip.
    let dips = DipTable()
    private let counts = Mutex(NearMissCounts())

    /// Nothing has come close.
    init() {}

    /// Notes that a lane is too close to its boundary.
    ///
    /// - Returns: whether that is news: a dip is told of once, when it begins.
    func begin(_ lane: UInt64, at now: Nanoseconds) -> Bool {
        switch dips.begin(lane, second: now.count / 1_000_000_000) {
        case .began: return true
        case .known: return false
        case .full:
            counts.withLock { $0.untracked += 1 }
            return false
        }
    }

    /// Counts a near miss and the classes that were active beside it.
    func count(_ miss: NearMiss, of decision: Decision) {
        let (tier, trafficClass) = (decision.tierName, decision.className)
        let others = decision.policy.classNames(in: miss.others)
        counts.withLock { $0.count(level: miss.level, tier: tier, trafficClass: trafficClass, others: others) }
    }

    /// Forgets dips of lanes that nobody uses any more; called every second or so.
    package func sweep(at now: Nanoseconds) { dips.sweep(second: now.count / 1_000_000_000) }

    /// What was counted.
    var total: NearMissCounts { counts.withLock { $0 } }
}

/// Numbers of near misses and collisions.
struct NearMissCounts: Sendable {
    /// Near misses by lane.
    private(set) var misses: [Series: UInt64] = [:]
    /// Collisions by class and the other class.
    private(set) var collisions: [Pair: UInt64] = [:]
    /// Near misses that could not be told apart from those before them, or counted by label, for want of room.
    var untracked: UInt64 = 0

    /// The most series of each kind: a policy of 64 classes has 4,032 pairs.
    static let seriesCountMax = 8_192

    /// What near misses are counted by.
    struct Series: Hashable, Sendable {
        /// The tier's name.
        let tier: String
        /// The class's name.
        let trafficClass: String
        /// Where the lane is.
        let level: NearMissLevel
    }

    /// What collisions are counted by.
    struct Pair: Hashable, Sendable {
        /// The class whose lane came close.
        let trafficClass: String
        /// A class that was active beside it.
        let other: String
    }

    /// Nothing counted.
    init() {}

    /// Counts a near miss.
    mutating func count(level: NearMissLevel, tier: String, trafficClass: String, others: [String]) {
        let series = Series(tier: tier, trafficClass: trafficClass, level: level)
        if misses[series] != nil || misses.count < NearMissCounts.seriesCountMax {
            misses[series, default: 0] += 1
        } else {
            untracked += 1
        }
        for other in others {
            let pair = Pair(trafficClass: trafficClass, other: other)
            guard collisions[pair] != nil || collisions.count < NearMissCounts.seriesCountMax else { continue }
            collisions[pair, default: 0] += 1
        }
    }
}

extension Snapshot {
    /// The names of the classes whose bits are set.
    func classNames(in bits: UInt64) -> [String] {
        classes.indices.filter { bits & 1 << UInt64($0 & 63) != 0 }.map { classes[$0].name }
    }
}
