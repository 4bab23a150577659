internal import Admission
internal import Journal
internal import Policy
internal import Synchronization
internal import Vocabulary

/// Who looks like abuse and who is in quarantine, for all event loops together.
///
/// Requests read a view that never changes; every change of the list makes another one. What happened waits here until
/// a thread that may wait for the disk has written it.
package final class AbuseGuard: Sendable {
    /// Everything that changes.
    let state: Mutex<State>
    /// Names keys as requests do, and tenants as the directory does.
    private let keyedHash: KeyedHash
    /// Tells the event loops that there is another view.
    let changed: @Sendable () -> Void

    /// Lines that wait to be written at most; beyond, the oldest are lost and counted.
    static let outboxMax = 8_192

    /// Entries up to which a finding changes the view at once; with more, views are made at most with every `settle`: a
    /// flood of findings must not hold up the loop that has them.
    static let renewedAtOnceMax = 256

    /// What changes.
    struct State {
        /// Whether the list has changed since the view was made.
        var isStale = false
        /// Who is in quarantine.
        var list = QuarantineList()
        /// The policy that holds.
        var policy: Snapshot?
        /// The numbers of regions.
        var regions = RegionNumbers()
        /// What event loops read.
        var view: AbuseView
        /// What waits to be written.
        var outbox: [IncidentRecord] = []
        /// Findings by rule and action.
        var counts: [SuspicionSeries: UInt64] = [:]
        /// What found no room.
        var dropped: UInt64 = 0
        /// Names entries.
        var identifiers = DecisionIDSource()
    }

    /// The labels of a counter of findings.
    struct SuspicionSeries: Hashable {
        /// The rule's name.
        let rule: String
        /// The word for what follows.
        let action: String
    }

    /// Guards with an empty list; `changed` is called whenever there is another view.
    init(policy: Snapshot, hash: KeyedHash, changed: @escaping @Sendable () -> Void) {
        keyedHash = hash
        self.changed = changed
        let table = QuarantineTable(QuarantineList(), for: policy) { _ in 0 }
        state = Mutex(State(view: AbuseView(watch: nil, table: table, policy: nil, regionNumbers: [])))
        adopt(policy)
    }

    /// What holds now.
    var view: AbuseView { state.withLock { $0.view } }

    /// The keyed hash of a key's public name.
    func hash(ofKey name: String) -> UInt128 { keyedHash(name) &+ 1 }  // a hash, apart from that of a tenant so called

    /// The keyed hash of the first bits of an address.
    func hash(of prefix: AddressPrefix) -> UInt128 {
        var bytes = InlineArray<17, UInt8>(repeating: UInt8(truncatingIfNeeded: prefix.length))
        for index in 0..<16 {
            bytes[index] = UInt8(truncatingIfNeeded: prefix.address.bits >> UInt128(120 - 8 * index))
        }
        return keyedHash(bytes.span)
    }

    /// The hash by which requests look for a subject.
    func hash(of subject: Quarantine.Subject) -> UInt128 {
        switch subject {
        case .key(let name): hash(ofKey: name)
        case .tenant(let name): keyedHash(name)
        case .addresses(let prefix): hash(of: prefix)
        }
    }

    /// Makes a policy the one that holds; rules that stay keep what they remember.
    func adopt(_ policy: Snapshot) {
        state.withLock { state in
            let isSame = state.policy?.abuse == policy.abuse
            let watch =
                isSame && state.view.watch != nil
                ? state.view.watch
                : policy.abuse.flatMap { $0.rules.isEmpty ? nil : AbuseWatch($0, keeping: state.view.watch) }
            state.policy = policy
            renew(&state, watch: watch)
        }
        changed()
    }

    /// Makes the view anew.
    func renew(_ state: inout State, watch: AbuseWatch?) {
        state.isStale = false
        var numbers: [Int] = []
        if let policy = state.policy {
            for region in policy.regions { numbers.append(state.regions.number(of: region.name)) }
        }
        state.view = AbuseView(
            watch: watch, table: QuarantineTable(state.list, for: state.policy) { hash(of: $0) },
            policy: state.policy?.abuse, regionNumbers: numbers)
    }
}

/// Numbers for regions that stay the same when a policy changes, as long as there are any left.
struct RegionNumbers {
    private var numbers: [String: Int] = [:]

    /// The number of a region; -1: all are given away.
    mutating func number(of name: String) -> Int {
        if let number = numbers[name] { return number }
        guard numbers.count < AbuseRule.regionsMax else { return -1 }
        let number = numbers.count
        numbers[name] = number
        return number
    }
}
