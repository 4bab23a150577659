internal import Vocabulary

/// Holds what commands were told against the records that they made.
///
/// A repeat of a command gets the answer of the first time from a table beside the records. A row that was added to it
/// makes a command seem to be done that never was; one that was taken out lets it be done twice. All rows follow from
/// the records, so both sides are added up, under a key that nobody knows, and only where the sums differ one row after
/// the other is looked at.
struct CommandAudit {
    private let hash = KeyedHash(key: (.random(in: .min ... .max), .random(in: .min ... .max)))
    private var sum: UInt128 = 0
    private var run: Run?
    /// Ids of commands beside which a record was erased: how far they reach is not known any more.
    private var doubtful: Set<String> = []
    private var erased: Set<Int64> = []
    private var isAfterErased = false

    /// The records of one command, which stand together.
    private struct Run {
        let id: String
        let first: Int64
        var count: Int64
        let time: WallTime
    }

    /// Rows read at once.
    private static let pageSize = 1_000

    /// Takes the next record into account.
    mutating func note(_ entry: LedgerEntry, _ record: LedgerRecord?) {
        guard let record else {
            if let run { doubtful.insert(run.id) }
            end()
            erased.insert(entry.sequence)
            isAfterErased = true
            return
        }
        if run?.id == record.command {
            run?.count += 1
        } else {
            end()
            guard !record.command.isEmpty else {
                isAfterErased = false
                return
            }
            run = Run(id: record.command, first: record.sequence, count: 1, time: record.time)
            if isAfterErased { doubtful.insert(record.command) }
        }
        isAfterErased = false
    }

    private mutating func end() {
        guard let run else { return }
        self.run = nil
        if !doubtful.contains(run.id) { add(run.id, run.first, run.count, run.time) }
    }

    private mutating func add(_ id: String, _ first: Int64, _ count: Int64, _ time: WallTime) {
        sum &+= digest(id, first, count, time)
    }

    private func digest(_ id: String, _ first: Int64, _ count: Int64, _ time: WallTime) -> UInt128 {
        var writer = CompactWriter()
        writer.append(id)
        for number in [first, count, time.milliseconds] { writer.append(number) }
        return hash(writer.bytes.span)
    }

    /// Looks at the rows, once all records were noted.
    mutating func finish(_ store: some LedgerStore, size: Int64, _ report: inout LedgerAuditReport) throws(LedgerError)
    {
        end()
        var rows: UInt128 = 0
        try CommandAudit.each(of: store) { (id, receipt) throws(LedgerError) in
            // One of later records was appended while they were read, or is of none at all.
            if receipt.sequences.upperBound > size || doubtful.contains(id)
                || !erased.isEmpty && receipt.sequences.prefix(10_000).contains(where: erased.contains)
            {
                try check(id, receipt, store, &report)
            } else {
                rows &+= digest(
                    id, receipt.sequences.lowerBound, Int64(receipt.sequences.count), receipt.time)
            }
        }
        guard rows != sum else { return }
        try CommandAudit.each(of: store) { (id, receipt) throws(LedgerError) in
            try check(id, receipt, store, &report)
        }
        try findMissing(store, size: size, &report)
    }

    private static func each(
        of store: some LedgerStore, _ body: (String, LedgerReceipt) throws(LedgerError) -> Void
    ) throws(LedgerError) {
        var last = ""
        while true {
            let page = try store.commands(after: last, limit: pageSize)
            for (id, receipt) in page { try body(id, receipt) }
            guard let end = page.last else { return }
            last = end.id
        }
    }

    /// Holds one row against its records and those beside them.
    private func check(
        _ id: String, _ receipt: LedgerReceipt, _ store: some LedgerStore, _ report: inout LedgerAuditReport
    ) throws(LedgerError) {
        let range = receipt.sequences
        let around = max(0, range.lowerBound - 1)..<min(range.upperBound, .max - 1) + 1
        let entries = try store.entries(LedgerQuery(range: around, limit: LedgerCommand.eventCountMax + 2))
        let own = entries.filter { range.contains($0.sequence) }
        let fits =
            !range.isEmpty && own.count == range.count
            && own.allSatisfy { entry in
                guard case .sealed(let seal) = entry.content else { return true }
                return LedgerRecord(bytes: seal.record).map { $0.command == id && $0.time == receipt.time } ?? false
            }
            && !entries.contains { entry in
                guard !range.contains(entry.sequence), case .sealed(let seal) = entry.content else { return false }
                return LedgerRecord(bytes: seal.record)?.command == id
            }
        guard !fits else { return }
        report.add(
            .changedCommand,
            "the command \(id) is said to have made \(range.count) records from \(range.lowerBound) on, which do not say so"
        )
    }

    /// Finds records whose command has no row.
    private func findMissing(
        _ store: some LedgerStore, size: Int64, _ report: inout LedgerAuditReport
    ) throws(LedgerError) {
        for start in stride(from: 0, to: size, by: CommandAudit.pageSize) {
            let range = start..<min(size, start + Int64(CommandAudit.pageSize))
            var ids: [String: Int64] = [:]
            for entry in try store.entries(LedgerQuery(range: range, limit: range.count)) {
                guard case .sealed(let seal) = entry.content, let record = LedgerRecord(bytes: seal.record),
                    !record.command.isEmpty, ids[record.command] == nil
                else { continue }
                ids[record.command] = record.sequence
            }
            let known = try store.receipts(of: Set(ids.keys))
            for (id, sequence) in ids.sorted(by: { $0.value < $1.value }) where known[id] == nil {
                report.add(
                    .changedCommand,
                    "the command \(id), which made record \(sequence), is not remembered: it could be done twice")
            }
        }
    }
}
