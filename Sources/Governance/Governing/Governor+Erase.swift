package import Access
internal import Directory
internal import Ledger
internal import Policy
package import Vocabulary

/// Erasing records: personal data goes, and what holds stays.
extension Governor {
    /// How old a sign-in has to be before its record may go: the codes of that time are no good any more.
    private static let signInAge: Int64 = 86_400_000

    /// Erases the contents of records, and writes down that, by whom and why.
    ///
    /// What holds follows from the records alone, so only those may go without which the same would hold: reads of the
    /// ledger, sign-ins of yesterday and before, and what later records of the same tenant have stated anew. What must
    /// go and still counts is stated anew first, without what must go.
    ///
    /// - Throws: `refused` with the first record that has to stay.
    /// - Complexity: O(n) in the records of the streams that are touched.
    @discardableResult
    package func erase(_ facts: ErasureFacts, by authority: Authority, at now: WallTime) async throws(GovernanceError)
        -> Outcome
    {
        var streams: [String: Set<Int64>] = [:]
        for sequence in facts.sequences {
            guard let entry = try entries(LedgerQuery(range: sequence..<sequence &+ 1, limit: 1)).first, sequence >= 0
            else {
                throw .refused(GovernanceRefusal(.unknown, "there is no record \(sequence)", member: "sequences"))
            }
            guard case .sealed = entry.content else {
                throw .refused(
                    GovernanceRefusal(.conflict, "record \(sequence) is erased already", member: "sequences"))
            }
            if try needsReplay(entry, at: now) { streams[entry.stream, default: []].insert(sequence) }
        }
        for (stream, sequences) in streams { try checkNothingRests(on: sequences, of: stream) }
        return try await execute(.eraseRecords(facts), erasing: facts.sequences, by: authority)
    }

    /// Whether it has to be found out if a record still counts.
    private func needsReplay(_ entry: LedgerEntry, at now: WallTime) throws(GovernanceError) -> Bool {
        switch entry.type {
        case "audit.read": return false
        case "operator.signed_in":
            guard entry.time.milliseconds + Governor.signInAge <= now.milliseconds else {
                throw .refused(
                    GovernanceRefusal(
                        .conflict, "record \(entry.sequence) keeps a code from being used twice: wait a day",
                        member: "sequences"))
            }
            return false
        default:
            guard entry.stream == "platform" || entry.stream.hasPrefix("tenant/") else {
                throw .refused(
                    GovernanceRefusal(
                        .conflict,
                        "record \(entry.sequence) is \(entry.type.quoted): what it says counts for ever, and names nobody "
                            + "but operators", member: "sequences"))
            }
            return true
        }
    }

    /// Replays a stream with and without some of its records.
    private func checkNothingRests(on sequences: Set<Int64>, of stream: String) throws(GovernanceError) {
        var whole = Registry()
        var rest = Registry()
        var next: Int64 = 0
        while true {
            var query = LedgerQuery(range: next..<Int64.max, limit: 512)
            query.stream = stream
            let page = try entries(query)
            guard let last = page.last else { break }
            next = last.sequence + 1
            do throws(UnreadableEvent) {
                for entry in page {
                    try whole.apply(entry)
                    try rest.apply(sequences.contains(entry.sequence) ? entry.erased : entry)
                }
            } catch {
                throw .unreadable(error)
            }
        }
        guard !whole.holdsSame(as: rest, in: stream) else { return }
        throw .refused(
            GovernanceRefusal(
                .conflict, "what holds for \(stream.quoted) rests on what would be erased", member: "sequences",
                suggestion: "state it anew without what must go, and erase the former records then"))
    }

    private func entries(_ query: LedgerQuery) throws(GovernanceError) -> [LedgerEntry] {
        do throws(LedgerError) { return try ledger.store.entries(query) } catch { throw .ledger(error) }
    }
}

extension LedgerEntry {
    /// The same without its contents.
    fileprivate var erased: LedgerEntry {
        LedgerEntry(
            sequence: sequence, time: time, actor: "", type: type, stream: stream, version: version,
            content: .erased(commitment: commitment))
    }
}

extension Registry {
    /// Whether two registries say the same of a tenant or of the platform; the order of principals means nothing.
    fileprivate func holdsSame(as other: Registry, in stream: String) -> Bool {
        guard let name = stream.removing(prefix: "tenant/") else {
            return platform.sorted { $0.name < $1.name } == other.platform.sorted { $0.name < $1.name }
        }
        guard let left = tenants[name], let right = other.tenants[name] else {
            return tenants[name] == nil && other.tenants[name] == nil
        }
        return left.tenant == right.tenant && left.contract == right.contract && left.requests == right.requests
            && left.principals.sorted { $0.name < $1.name } == right.principals.sorted { $0.name < $1.name }
    }
}
