package import Ledger

extension Governor {
    /// Who says that much of a quota is used.
    private static let watcher = "server"

    /// The streams of what servers say of tenants' use: apart from the tenants' own, which have versions that operators
    /// count on.
    package static func usageStream(of tenant: String) -> String { "usage/\(tenant)" }

    /// Has the ledger remember that a tenant has used a share of a quota.
    ///
    /// - Returns: whether that was news: of several servers, and of one that was restarted, one alone tells it.
    /// - Throws: why the ledger cannot remember it now.
    package func note(_ warning: QuotaWarningFacts, of tenant: String) async throws(GovernanceError) -> Bool {
        let id = "quota/\(tenant)/\(warning.id)"
        do throws(LedgerError) {
            // What was used and allowed may be otherwise where another server says it: the id alone counts.
            guard try ledger.store.receipts(of: [id])[id] == nil else { return false }
        } catch {
            throw .ledger(error)
        }
        let command = LedgerCommand(
            id: id, actor: Governor.watcher,
            events: [LedgerEvent(.quotaWarned(warning), in: Governor.usageStream(of: tenant))])
        let answer: LedgerAnswer
        do throws(LedgerError) { answer = try await ledger.append(command) } catch { throw .ledger(error) }
        switch answer {
        case .appended: return true
        case .repeated, .refused(.idReused): return false
        case .refused(let refusal): throw .refused(GovernanceRefusal(.conflict, refusal.description))
        }
    }

    /// What tenants were warned of.
    ///
    /// - Parameters:
    ///   - tenant: of one tenant alone.
    ///   - sequence: records before this one.
    ///   - limit: the most records.
    /// - Returns: the newest first.
    /// - Throws: why the ledger cannot be read.
    package func warnings(
        of tenant: String?, before sequence: Int64, limit: Int
    ) throws(GovernanceError) -> [(entry: LedgerEntry, tenant: String, facts: QuotaWarningFacts)] {
        var query = LedgerQuery(range: 0..<max(0, sequence), limit: limit, isNewestFirst: true)
        query.type = "quota.warned"
        query.stream = tenant.map(Governor.usageStream)
        let entries: [LedgerEntry]
        do throws(LedgerError) { entries = try ledger.store.entries(query) } catch { throw .ledger(error) }
        var found: [(entry: LedgerEntry, tenant: String, facts: QuotaWarningFacts)] = []
        for entry in entries {
            guard let name = entry.stream.removing(prefix: "usage/"), case .sealed(let seal) = entry.content,
                let record = LedgerRecord(bytes: seal.record)
            else { continue }
            do throws(UnreadableEvent) {
                guard case .quotaWarned(let facts)? = try GovernanceEvent(type: record.type, payload: record.payload)
                else { continue }
                found.append((entry, name, facts))
            } catch {
                throw .unreadable(error)
            }
        }
        return found
    }
}
