import Admission
import Policy
import Vocabulary

/// What is remembered of idempotency keys, found by looking through all of it at every event.
struct IdempotencyOracle {
    var settings: IdempotencySettings
    private(set) var items: [Item] = []
    private(set) var forgotten: [IdempotencyName] = []
    private var finishCount = 0

    struct Item {
        var name: IdempotencyName
        var fingerprint: RequestFingerprint
        var decision: DecisionID
        var since: Nanoseconds
        var state = State.running
        /// The how-manieth it was to finish.
        var order = 0
        var repeats = 0
        var isKept: Bool
        var answer: StoredAnswer?
        var waiters: [UInt64] = []
        var waiterDecisions: [DecisionID] = []

        var byteCount: Int { IdempotencyTable.entryBytes + (state == .completed ? answer?.byteCount ?? 0 : 0) }
    }

    enum State { case running, completed, abandoned }

    /// `IdempotencyTable.Beginning`, without tickets.
    enum Beginning: Hashable {
        case new(isFree: Bool), running(DecisionID), joined, mismatch(DecisionID), full
        case completed(StoredAnswer?, DecisionID, isFree: Bool)
    }

    init(settings: IdempotencySettings) { self.settings = settings }

    var byteCount: Int { items.reduce(0) { $0 + $1.byteCount } }

    private func bytes(of tenant: TenantKey) -> Int {
        items.filter { $0.name.tenant == tenant }.reduce(0) { $0 + $1.byteCount }
    }

    /// The finished items of a tenant or of all, oldest first.
    private func finished(_ tenant: TenantKey? = nil) -> [Item] {
        items.filter { $0.state != .running && (tenant == nil || $0.name.tenant == tenant) }.sorted {
            $0.order < $1.order
        }
    }

    private mutating func forget(_ name: IdempotencyName) {
        for item in items where item.name == name && item.isKept { forgotten.append(name) }
        items.removeAll { $0.name == name }
    }

    mutating func expire(upTo limit: Int, at now: Nanoseconds) {
        for item in finished().prefix(limit) {
            guard now - item.since >= settings.window else { return }
            forget(item.name)
        }
    }

    /// Evicts until a condition on a tenant, or on all, holds.
    private mutating func evict(_ tenant: TenantKey?, until isEnough: (IdempotencyOracle) -> Bool) -> Bool {
        while !isEnough(self) {
            guard let oldest = finished(tenant).first else { return false }
            forget(oldest.name)
        }
        return true
    }

    private mutating func makeRoom(_ bytes: Int, entries: Int, for tenant: TenantKey) -> Bool {
        let settings = settings
        return evict(tenant) { oracle in
            oracle.bytes(of: tenant) + bytes <= settings.bytesPerTenantMax
                && oracle.items.count { $0.name.tenant == tenant } + entries <= settings.entriesPerTenantMax
        }
            && evict(nil) {
                $0.byteCount + bytes <= settings.bytesMax && $0.items.count + entries <= settings.entriesMax
            }
    }

    mutating func begin(_ request: IdempotencyTable.Request, at now: Nanoseconds) -> Beginning {
        expire(upTo: 2, at: now)
        if let item = items.first(where: { $0.name == request.name }), item.state != .running,
            now - item.since >= settings.window
        {
            forget(request.name)
        }
        guard let index = items.firstIndex(where: { $0.name == request.name }) else {
            guard makeRoom(IdempotencyTable.entryBytes, entries: 1, for: request.name.tenant) else { return .full }
            items.append(
                Item(
                    name: request.name, fingerprint: request.fingerprint, decision: request.decision, since: now,
                    isKept: request.isKept))
            return .new(isFree: false)
        }
        guard items[index].fingerprint.target == request.fingerprint.target,
            [nil, request.fingerprint.body].contains(items[index].fingerprint.body) || request.fingerprint.body == nil
        else { return .mismatch(items[index].decision) }
        let isFree = items[index].repeats < settings.freeRepeatsMax
        switch items[index].state {
        case .running:
            guard settings.joins, let waiter = request.waiter, items[index].waiters.count < settings.waitersMax else {
                return .running(items[index].decision)
            }
            items[index].waiters.append(waiter)
            items[index].waiterDecisions.append(request.decision)
            return .joined
        case .completed:
            if isFree { items[index].repeats += 1 }
            return .completed(items[index].answer, items[index].decision, isFree: isFree)
        case .abandoned:
            if isFree { items[index].repeats += 1 }
            items[index].state = .running
            items[index].since = now
            items[index].decision = request.decision
            items[index].isKept = items[index].isKept || request.isKept
            return .new(isFree: isFree)
        }
    }

    private mutating func finish(_ index: Int, as state: State, at now: Nanoseconds) {
        finishCount += 1
        items[index].order = finishCount
        items[index].state = state
        items[index].since = now
    }

    /// - Returns: the answer as it is kept, and who has waited.
    mutating func complete(
        _ name: IdempotencyName, with answer: StoredAnswer?, body: UInt128?, at now: Nanoseconds
    ) -> (StoredAnswer?, [UInt64]) {
        var kept = answer
        if let content = kept?.body, content.count > settings.bodyBytesMax { kept?.body = nil }
        for attempt in 0..<3 {
            if attempt == 1 { kept?.body = nil }
            if attempt == 2 { kept?.fields = [] }
            guard let bytes = kept?.byteCount, bytes > 0 else { break }
            let least = IdempotencyTable.entryBytes + bytes
            guard least <= settings.bytesPerTenantMax, least <= settings.bytesMax else { continue }
            if makeRoom(bytes, entries: 0, for: name.tenant) { break }
        }
        guard let index = items.firstIndex(where: { $0.name == name }) else { return (nil, []) }
        items[index].answer = kept
        items[index].fingerprint.body = body ?? items[index].fingerprint.body
        let waiters = items[index].waiters
        items[index].waiters = []
        items[index].waiterDecisions = []
        finish(index, as: .completed, at: now)
        return (kept, waiters)
    }

    /// - Returns: who runs instead, or who has waited in vain.
    mutating func abandon(
        _ name: IdempotencyName, wasCharged: Bool, at now: Nanoseconds
    ) -> (next: UInt64?, released: [UInt64]) {
        guard let index = items.firstIndex(where: { $0.name == name }) else { return (nil, []) }
        guard wasCharged else {
            let waiters = items[index].waiters
            forget(name)
            return (nil, waiters)
        }
        guard !items[index].waiters.isEmpty else {
            finish(index, as: .abandoned, at: now)
            return (nil, [])
        }
        items[index].decision = items[index].waiterDecisions.removeFirst()
        items[index].since = now
        return (items[index].waiters.removeFirst(), [])
    }

    mutating func cancel(_ waiter: UInt64, of name: IdempotencyName) {
        guard let index = items.firstIndex(where: { $0.name == name }),
            let place = items[index].waiters.firstIndex(of: waiter)
        else { return }
        items[index].waiters.remove(at: place)
        items[index].waiterDecisions.remove(at: place)
    }

    mutating func takeForgotten() -> [IdempotencyName] {
        defer { forgotten = [] }
        return forgotten
    }
}
