internal import Dispatch
internal import Directory
package import Ledger
internal import Synchronization
internal import Vocabulary

/// A registry as bytes, saved beside the ledger so that a start need not read every record again.
///
/// It is a cache: whatever is wrong with it, the records say the same. The ledger's key seals it, over its bytes and
/// the root of the records it was made from; without a seal that fits, it is not believed. Parts of some thousand
/// tenants each keep single writes small, and are read by several threads. There are two places and a head that says
/// which of them holds: a save that is cut off leaves the other one whole.
package struct RegistryImage: Sendable {
    /// The version of the form; another one is not read.
    private static let form: UInt64 = 2
    /// Under which name the head is saved, and what its seal is of.
    static let name = "registry"
    /// Tenants of one part: half a megabyte, so that an append that waits for one waits for some milliseconds.
    private static let partSize = 2_048

    private let store: any LedgerStore

    /// Looks at a store.
    package init(_ store: any LedgerStore) { self.store = store }

    /// What is known of what was saved.
    package enum Finding: Sendable {
        /// Nothing was saved, or in another form.
        case nothing
        /// What was saved, and the seal on it.
        case registry(Registry, ProjectionSeal)
        /// Why what was saved is not believed.
        case refused(String)
    }

    /// What was saved, if the key has sealed it.
    ///
    /// - Complexity: O(n) in tenants, principals and keys.
    package func load(sealedBy verifier: NoteVerifier) throws(LedgerError) -> Finding {
        guard let head = try readHead() else { return .nothing }
        do throws(LedgerError) {
            let seal = try head.seal(by: verifier)
            try seal.checkRoot(in: store)
            return try load(head, seal)
        } catch {
            guard [.malformed, .invalid].contains(error.code) else { throw error }
            return .refused(error.description)
        }
    }

    private func load(_ head: Head, _ seal: ProjectionSeal) throws(LedgerError) -> Finding {
        let parts = Parts(store: store, head: head)
        DispatchQueue.concurrentPerform(iterations: Parts.readerCount) { _ in parts.read() }
        let (found, digests) = try parts.result()
        guard ProjectionSeal.digest(ofParts: digests) == seal.digest else {
            return .refused("its bytes are not those that were sealed")
        }
        var registry = found.rest
        for part in found.tenants { registry.merge(tenants: part) }
        registry.sequence = seal.size
        registry.directorySequence = seal.size
        registry.changes = OwnerChanges(from: seal.size)
        return .registry(registry, seal)
    }

    /// Saves a registry in the place that does not hold now, and then lets it hold.
    ///
    /// - Complexity: O(n).
    package func save(_ registry: Registry, sealedBy ledger: LedgerWriter) throws(LedgerError) {
        let place: UInt64 = try readHead().map { 1 - $0.place } ?? 0
        var digests: [[UInt8]] = []
        var rest = RegistryEncoder()
        rest.writeRest(of: registry)
        try put(rest.writer.bytes, place, registry.sequence, &digests)
        var encoder = RegistryEncoder()
        var count = 0
        for entry in registry.tenants.values {
            encoder.write(entry)
            count += 1
            guard count % RegistryImage.partSize == 0 else { continue }
            try put(encoder.writer.bytes, place, registry.sequence, &digests)
            encoder = RegistryEncoder()
        }
        if !encoder.writer.bytes.isEmpty { try put(encoder.writer.bytes, place, registry.sequence, &digests) }
        let note = try ledger.seal(
            projection: RegistryImage.name, size: registry.sequence, digest: ProjectionSeal.digest(ofParts: digests))
        var head = CompactWriter()
        for number in [RegistryImage.form, place, UInt64(digests.count)] { head.append(number) }
        head.append(note.description)
        try store.save(LedgerSnapshot(name: RegistryImage.name, sequence: registry.sequence, bytes: head.bytes))
    }

    private func put(
        _ bytes: [UInt8], _ place: UInt64, _ sequence: Int64, _ digests: inout [[UInt8]]
    ) throws(LedgerError) {
        let name = Head.name(place, UInt64(digests.count))
        try store.save(LedgerSnapshot(name: name, sequence: sequence, bytes: bytes))
        digests.append(ProjectionSeal.digest(ofPart: bytes))
    }

    /// What the head says.
    struct Head: Sendable {
        /// Which of the two places holds.
        let place: UInt64
        /// How many parts there are.
        let partCount: UInt64
        /// The seal, as a signed note.
        let note: String

        /// Under which name a part is saved.
        static func name(_ place: UInt64, _ part: UInt64) -> String { "registry/\(place)/\(part)" }

        /// The seal, if a key has made it.
        func seal(by verifier: NoteVerifier) throws(LedgerError) -> ProjectionSeal {
            let seal = try ProjectionSeal(note: Array(note.utf8), by: verifier)
            guard seal.name == RegistryImage.name else {
                throw LedgerError(.invalid, "its seal is that of \(seal.name)")
            }
            return seal
        }
    }

    /// The head; `nil` if nothing was saved, or in another form.
    func readHead() throws(LedgerError) -> Head? {
        guard let saved = try store.snapshot(named: RegistryImage.name) else { return nil }
        var reader = CompactReader(saved.bytes)
        guard let form = try? reader.unsigned(), form == RegistryImage.form, let place = try? reader.unsigned(),
            place < 2, let partCount = try? reader.unsigned(), partCount > 0, partCount < 1 << 20,
            let note = try? reader.text()
        else { return nil }
        return Head(place: place, partCount: partCount, note: note)
    }

    /// The bytes of a part; empty if it is not there.
    func bytes(of part: UInt64, _ head: Head) throws(LedgerError) -> [UInt8] {
        try store.snapshot(named: Head.name(head.place, part))?.bytes ?? []
    }
}

/// The parts of an image, as several threads read them.
private final class Parts: Sendable {
    private let image: RegistryImage
    private let head: RegistryImage.Head
    private let state: Mutex<State>

    private struct State {
        var next: UInt64 = 0
        var digests: [[UInt8]]
        var rest = Registry()
        var tenants: [Registry] = []
        var failure: LedgerError?
    }

    /// Threads: decoding is most of the work, and the rest of the start waits for it.
    static let readerCount = 4

    init(store: any LedgerStore, head: RegistryImage.Head) {
        image = RegistryImage(store)
        self.head = head
        state = Mutex(State(digests: Array(repeating: [], count: Int(head.partCount))))
    }

    /// Reads parts until none is left.
    func read() {
        var registry = Registry()
        var decoder = RegistryDecoder()
        while let part = take() {
            do throws(LedgerError) {
                let bytes = try image.bytes(of: part, head)
                let digest = ProjectionSeal.digest(ofPart: bytes)
                state.withLock { $0.digests[Int(part)] = digest }
                do {
                    if part == 0 {
                        var rest = Registry()
                        try decoder.readRest(into: &rest, from: bytes)
                        state.withLock { [rest] in $0.rest = rest }
                    } else {
                        try decoder.readTenants(into: &registry, from: bytes)
                    }
                } catch {
                    throw LedgerError(.malformed, "part \(part) of it is no part of a registry")
                }
            } catch {
                state.withLock { $0.failure = error }
            }
        }
        state.withLock { [registry] in $0.tenants.append(registry) }
    }

    private func take() -> UInt64? {
        state.withLock { state in
            guard state.next < head.partCount, state.failure == nil else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    /// What was read.
    func result() throws(LedgerError) -> (found: (rest: Registry, tenants: [Registry]), digests: [[UInt8]]) {
        try state.withLock { (state) throws(LedgerError) in
            if let failure = state.failure { throw failure }
            return ((state.rest, state.tenants), state.digests)
        }
    }
}
