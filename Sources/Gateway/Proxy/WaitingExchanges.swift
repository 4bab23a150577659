internal import Admission
internal import Policy
internal import Vocabulary

/// The requests of one event loop that wait for seats, by tier: whom to let go when memory is short.
struct WaitingExchanges {
    private var tiers: [[ProxyExchange]] = []

    /// A request waits from now on.
    ///
    /// - Returns: where it stands, which `remove` wants to know.
    mutating func add(_ exchange: ProxyExchange, tier: Int) -> Int {
        while tiers.count <= tier { tiers.append([]) }
        tiers[tier].append(exchange)
        return tiers[tier].count - 1
    }

    /// A request does not wait any more.
    ///
    /// - Returns: the one that stands there now; `nil`: none does.
    /// - Complexity: O(1): the last one takes its place.
    mutating func remove(at position: Int, tier: Int) -> ProxyExchange? {
        let last = tiers[tier].removeLast()
        guard position < tiers[tier].count else { return nil }
        tiers[tier][position] = last
        return last
    }

    /// One that waits in the least protected tier that is less protected than a given one; mostly the newest.
    func lowest(below tier: Int) -> ProxyExchange? {
        tiers.indices.reversed().first { $0 > tier && !tiers[$0].isEmpty }.flatMap { tiers[$0].last }
    }
}

extension ProxyExchange {
    /// Whether it waits: for seats, or for a place among those whose bodies are still to come.
    private static func isWaiting(_ phase: Phase) -> Bool { phase == .waiting || phase == .lined }

    /// Enters it into the list of those that wait, or takes it out.
    func noteWaiting(after last: Phase) {
        let (waited, waits) = (ProxyExchange.isWaiting(last), ProxyExchange.isWaiting(phase))
        guard waited != waits, let decision else { return }
        let tier = decision.classification.tier
        if waits {
            waitingPosition = loop.waiting.add(self, tier: tier)
        } else if let position = waitingPosition {
            waitingPosition = nil
            loop.waiting.remove(at: position, tier: tier)?.waitingPosition = position
        }
    }

    /// Memory is short, and this request holds more of it than before: lets one go that waits in a less protected tier,
    /// or this one if there is none.
    ///
    /// - Returns: whether one has gone.
    func makeRoom() -> Bool {
        guard let decision else { return false }
        if let lower = loop.waiting.lowest(below: decision.classification.tier) {
            lower.displace()
            return true
        }
        guard ProxyExchange.isWaiting(phase) || phase == .gathering else { return false }
        displace()
        return true
    }

    /// Its memory is needed by others.
    private func displace() {
        guard let decision else { return }
        let now = Clock.monotonic()
        if let hold { loop.seats.cancel(hold, at: now) }
        hold = nil
        leavePlace()
        loop.seats.noteRefusal(.memoryExhausted, tier: decision.policy.tiers[decision.classification.tier].name)
        let waited = phase == .gathering ? .zero : Nanoseconds(max(0, now.count - askedAt.count - lined.count))
        refuseSeats(decision, .memoryExhausted, retryAfter: .second, waited: waited) { description }
    }
}
