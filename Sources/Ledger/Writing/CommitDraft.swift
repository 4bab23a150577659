internal import Vocabulary

/// What becomes of the commands of one commit, in their order.
struct CommitDraft {
    /// The records to be appended.
    private(set) var entries: [LedgerEntry] = []
    /// What commands with an id are told.
    private(set) var receipts: [(id: String, receipt: LedgerReceipt)] = []
    /// What is left of records that are erased.
    private(set) var erased: [(sequence: Int64, commitment: [UInt8])] = []

    private let size: Int64
    private let time: CommitTime
    private var versions: [String: Int64] = [:]
    private var known: [String: LedgerReceipt] = [:]
    private let stored: ((Range<Int64>) throws(LedgerError) -> [LedgerEntry])?

    /// Nothing yet.
    init(size: Int64, time: CommitTime) {
        self.size = size
        self.time = time
        stored = nil
    }

    /// Looks up what the commands depend on.
    ///
    /// - Throws: `otherWriter` when there is something in the store that is beyond the given size.
    init(
        _ commands: [LedgerCommand], size: Int64, time: CommitTime, store: some LedgerStore
    ) throws(LedgerError) {
        self.size = size
        self.time = time
        let streams = commands.flatMap { $0.events.map(\.stream) + $0.expectedVersions.keys }
        versions = try store.versions(of: Set(streams + (time.setBackFrom == nil ? [] : [CommitTime.stream])))
        known = try store.receipts(of: Set(commands.map(\.id).filter { !$0.isEmpty }))
        if known.values.contains(where: { $0.sequences.upperBound > size }) { throw CommitDraft.isBehind }
        stored = { (range) throws(LedgerError) in
            try store.entries(LedgerQuery(range: range, limit: range.count))
        }
    }

    /// Whether there is nothing to write.
    var isEmpty: Bool { entries.isEmpty }

    /// Judges one command and, if it is accepted, adds its records.
    mutating func add(_ command: LedgerCommand) throws(LedgerError) -> LedgerAnswer {
        if let flaw = command.flaw { return .refused(.malformed(flaw)) }
        if let receipt = known[command.id] {
            return try isSame(command, as: receipt) ? .repeated(receipt) : .refused(.idReused(command.id))
        }
        for (stream, expected) in command.expectedVersions.sorted(by: { $0.key < $1.key }) {
            let actual = versions[stream] ?? 0
            guard actual == expected else {
                return .refused(.versionConflict(stream: stream, expected: expected, actual: actual))
            }
        }
        guard let erased = try seals(of: command.erasures) else {
            return .refused(.malformed("a command can erase only records that were appended before"))
        }
        self.erased += erased
        if entries.isEmpty { noteSetBack() }
        let first = size + Int64(entries.count)
        for event in command.events { append(event, of: command) }
        let receipt = LedgerReceipt(sequences: first..<first + Int64(command.events.count), time: time.time)
        if !command.id.isEmpty {
            known[command.id] = receipt
            receipts.append((command.id, receipt))
        }
        return .appended(receipt)
    }

    /// The first record after time was set back says so.
    private mutating func noteSetBack() {
        guard let payload = time.payload else { return }
        let event = LedgerEvent(stream: CommitTime.stream, type: CommitTime.setBackType, payload: payload)
        append(event, of: LedgerCommand(actor: CommitTime.actor, events: [event]))
    }

    private mutating func append(_ event: LedgerEvent, of command: LedgerCommand) {
        let version = (versions[event.stream] ?? 0) + 1
        versions[event.stream] = version
        let record = LedgerRecord(
            sequence: size + Int64(entries.count), time: time.time, actor: command.actor, type: event.type,
            stream: event.stream, version: version, command: command.id, payload: event.payload)
        entries.append(LedgerEntry(record, seal: RecordSeal(record: record.bytes)))
    }

    /// Whether the records of a receipt are those that a command would append; what was erased fits everything.
    private func isSame(_ command: LedgerCommand, as receipt: LedgerReceipt) throws(LedgerError) -> Bool {
        guard receipt.sequences.count == command.events.count else { return false }
        for (entry, event) in zip(try entries(in: receipt.sequences), command.events) {
            guard entry.stream == event.stream, entry.type == event.type else { return false }
            guard let record = try entry.record() else { continue }
            guard record.payload == event.payload, record.actor == command.actor, record.command == command.id else {
                return false
            }
        }
        return true
    }

    /// Entries of the ledger, or of this draft; a command's are all in one of them.
    private func entries(in range: Range<Int64>) throws(LedgerError) -> [LedgerEntry] {
        guard range.lowerBound < size else {
            return Array(entries[Int(range.lowerBound - size)..<Int(range.upperBound - size)])
        }
        return try stored?(range) ?? []
    }

    private static var isBehind: LedgerError {
        LedgerError(.otherWriter, "another process has appended to the ledger meanwhile")
    }

    /// What is left of records to be erased; `nil` when one of them is not there.
    private func seals(of sequences: [Int64]) throws(LedgerError) -> [(sequence: Int64, commitment: [UInt8])]? {
        var found: [(sequence: Int64, commitment: [UInt8])] = []
        for sequence in sequences {
            guard 0 <= sequence, sequence < .max,
                let entry = try stored?(sequence..<sequence + 1).first
            else { return nil }
            guard sequence < size else { throw CommitDraft.isBehind }
            found.append((sequence, entry.commitment))
        }
        return found
    }
}
