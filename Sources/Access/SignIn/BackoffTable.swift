internal import Vocabulary

/// Counters of failures by key, a bounded number of them.
///
/// Strangers choose the keys. When the table is full, what is forgotten goes, and if that is not enough the older half:
/// whoever floods the table pays for a pass over it once in as many entries as it gains.
struct BackoffTable<Key: Hashable & Sendable>: Sendable {
    /// How each counter grows.
    let rule: Backoff.Rule
    /// The most counters.
    let countMax: Int
    private var counters: [Key: Backoff] = [:]

    /// Begins without a counter.
    init(rule: Backoff.Rule, countMax: Int) {
        self.rule = rule
        self.countMax = countMax
    }

    /// How many counters there are.
    var count: Int { counters.count }

    /// Milliseconds until a key may try again.
    func wait(for key: Key, at now: WallTime) -> Int64 { counters[key]?.wait(at: now, rule) ?? 0 }

    /// Counts an attempt of a key as failed.
    ///
    /// - Complexity: O(1), amortised.
    mutating func count(_ key: Key, at now: WallTime) {
        if counters[key] == nil, counters.count >= countMax { makeRoom(at: now) }
        counters[key, default: Backoff(at: now)].count(at: now)
    }

    /// Takes one failure of a key back.
    mutating func uncount(_ key: Key) { counters[key]?.uncount() }

    /// Forgets a key's failures.
    mutating func clear(_ key: Key) { counters[key] = nil }

    private mutating func makeRoom(at now: WallTime) {
        counters = counters.filter { !$0.value.isForgotten(at: now) }
        guard counters.count > countMax / 2 else { return }
        let newest = counters.sorted { $0.value.lastAt > $1.value.lastAt }.prefix(countMax / 2)
        counters = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
    }
}
