internal import Directory
package import Ledger
internal import Vocabulary

/// A registry as bytes, saved beside the ledger so that a start need not read every record again.
///
/// It is a cache: whatever is wrong with it, the records say the same. Parts of some thousand tenants each keep single
/// writes small. There are two places and a head that says which of them holds: a save that is cut off leaves the other
/// one whole.
package struct RegistryImage {
    /// The version of the form; another one is not read.
    private static let form: UInt64 = 2
    /// Under which name the head is saved.
    private static let headName = "registry"
    /// Tenants of one part.
    private static let partSize = 4_096

    private let store: any LedgerStore

    /// Looks at a store.
    package init(_ store: any LedgerStore) { self.store = store }

    /// What was saved; `nil` if nothing was, or nothing that can be used.
    ///
    /// - Complexity: O(n) in tenants, principals and keys.
    package func load() throws(LedgerError) -> Registry? {
        guard let head = try readHead() else { return nil }
        var registry = Registry()
        var decoder = RegistryDecoder()
        for part in 0..<head.partCount {
            guard let saved = try store.snapshot(named: RegistryImage.name(head.place, part)),
                saved.sequence == head.sequence
            else { return nil }
            do {
                if part == 0 {
                    try decoder.readRest(into: &registry, from: saved.bytes)
                } else {
                    try decoder.readTenants(into: &registry, from: saved.bytes)
                }
            } catch { return nil }
        }
        registry.sequence = head.sequence
        registry.directorySequence = head.sequence
        return registry
    }

    /// Saves a registry in the place that does not hold now, and then lets it hold.
    ///
    /// - Complexity: O(n).
    package func save(_ registry: Registry) throws(LedgerError) {
        let place: UInt64 = try readHead().map { 1 - $0.place } ?? 0
        var part: UInt64 = 0
        var rest = RegistryEncoder()
        rest.writeRest(of: registry)
        try put(rest.writer.bytes, place, part, registry.sequence)
        var encoder = RegistryEncoder()
        var count = 0
        for entry in registry.tenants.values {
            encoder.write(entry)
            count += 1
            guard count % RegistryImage.partSize == 0 else { continue }
            part += 1
            try put(encoder.writer.bytes, place, part, registry.sequence)
            encoder = RegistryEncoder()
        }
        if !encoder.writer.bytes.isEmpty {
            part += 1
            try put(encoder.writer.bytes, place, part, registry.sequence)
        }
        var head = CompactWriter()
        for number in [RegistryImage.form, place, part + 1] { head.append(number) }
        try store.save(
            LedgerSnapshot(name: RegistryImage.headName, sequence: registry.sequence, bytes: head.bytes))
    }

    private func put(
        _ bytes: [UInt8], _ place: UInt64, _ part: UInt64, _ sequence: Int64
    ) throws(LedgerError) {
        try store.save(LedgerSnapshot(name: RegistryImage.name(place, part), sequence: sequence, bytes: bytes))
    }

    private static func name(_ place: UInt64, _ part: UInt64) -> String { "registry/\(place)/\(part)" }

    private func readHead() throws(LedgerError) -> (place: UInt64, partCount: UInt64, sequence: Int64)? {
        guard let saved = try store.snapshot(named: RegistryImage.headName) else { return nil }
        var reader = CompactReader(saved.bytes)
        guard let form = try? reader.unsigned(), form == RegistryImage.form, let place = try? reader.unsigned(),
            place < 2, let partCount = try? reader.unsigned(), partCount > 0, partCount < 1 << 20
        else { return nil }
        return (place, partCount, saved.sequence)
    }
}
