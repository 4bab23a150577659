internal import Directory
package import Ledger
internal import Vocabulary

/// Holds what was saved for the next start against the records: the same key that seals it could have sealed anything.
package final class RegistryAudit {
    private let image: RegistryImage
    private let head: RegistryImage.Head?
    private let size: Int64
    private var registry = Registry()
    /// Streams of which a record was erased: what was saved may know more of them than the records do.
    private var erased: Set<String> = []
    private var unreadable: UnreadableEvent?

    /// Looks at what was saved in a store.
    package init(_ store: any LedgerStore) throws(LedgerError) {
        image = RegistryImage(store)
        let head = try image.readHead()
        self.head = head
        // By whom it is sealed is asked at the end; until then it only says how many records to look at.
        size = head.flatMap { try? ProjectionSeal(note: Array($0.note.utf8)).size } ?? 0
    }

    /// Is shown the next record.
    package func visit(_ entry: LedgerEntry) {
        guard entry.sequence < size, unreadable == nil else { return }
        if case .erased = entry.content { erased.insert(entry.stream) }
        do throws(UnreadableEvent) { try registry.apply(entry) } catch { unreadable = error }
    }

    /// Says what is wrong with what was saved, once all records were shown.
    package func finish(
        _ store: any LedgerStore, _ report: inout LedgerAuditReport
    ) throws(LedgerError) {
        if let unreadable { report.add(.changedProjection, unreadable.description) }
        guard let head else { return }
        do throws(LedgerError) {
            let seal = try head.seal(by: report.verifier)
            try seal.checkRoot(in: store)
            try compare(head, seal, &report)
        } catch {
            guard [.malformed, .invalid].contains(error.code) else { throw error }
            report.add(.changedProjection, "what was saved for the next start is not believed: \(error.description)")
        }
    }

    private func compare(
        _ head: RegistryImage.Head, _ seal: ProjectionSeal, _ report: inout LedgerAuditReport
    ) throws(LedgerError) {
        var digests: [[UInt8]] = []
        var decoder = RegistryDecoder()
        var count = 0
        // Bytes that nobody has sealed are one finding, whatever they say of whom.
        var compared = report
        for part in 0..<head.partCount {
            let bytes = try image.bytes(of: part, head)
            digests.append(ProjectionSeal.digest(ofPart: bytes))
            var saved = Registry()
            do {
                if part == 0 {
                    try decoder.readRest(into: &saved, from: bytes)
                } else {
                    try decoder.readTenants(into: &saved, from: bytes)
                }
            } catch {
                throw LedgerError(.malformed, "part \(part) of it is no part of a registry")
            }
            if part == 0 { compareRest(saved, &compared) }
            for entry in saved.tenants.values {
                count += 1
                let name = entry.tenant.name
                if registry.tenants[name] != entry { tell("tenant/\(name)", &compared) }
            }
        }
        guard ProjectionSeal.digest(ofParts: digests) == seal.digest else {
            throw LedgerError(.invalid, "its bytes are not those that were sealed")
        }
        if count != registry.tenants.count {
            compared.add(
                .changedProjection,
                "what was saved has \(count) tenants, the records make \(registry.tenants.count)")
        }
        report = compared
    }

    private func compareRest(_ saved: Registry, _ report: inout LedgerAuditReport) {
        if saved.platform != registry.platform { tell("platform", &report) }
        if saved.policies != registry.policies { tell("policy", &report) }
        if saved.tokens != registry.tokens { tell(TokenRegistry.stream, &report) }
        for name in Set(saved.operators.keys).union(registry.operators.keys).sorted()
        where saved.operators[name] != registry.operators[name] { tell("operator/\(name)", &report) }
        for name in Set(saved.versions.keys).union(registry.versions.keys).sorted()
        where saved.versions[name] != registry.versions[name] { tell(name, &report) }
    }

    private func tell(_ stream: String, _ report: inout LedgerAuditReport) {
        guard !erased.contains(stream) else { return }
        report.add(.changedProjection, "what was saved of \(stream) is not what the records say")
    }
}
