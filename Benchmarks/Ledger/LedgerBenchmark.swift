import Foundation
import Ledger
import PostgresLedger
import Vocabulary

/// Measures what appending to a ledger takes, every commit on the disk.
///
/// `ledger-benchmark FOLDER SECONDS CALLERS RECORDS [ADDRESS]`: first so many callers append one event each time for
/// so many seconds, waiting for each answer; then one caller appends so many records in batches of a thousand; then
/// proofs are made, the ledger is opened anew and audited. The folder has to be on the disk that counts, and is used
/// up. With an address, such as `postgres:///postgres?schema=benchmark`, the records go to that database instead; the
/// schema must not be there yet, and stays. `ledger-benchmark tenants` fills a ledger instead (`TenantMaker`),
/// and `saving` measures what saving all that holds does to changes (`SavingMeasure`).
@main
struct LedgerBenchmark {
    static func main() async throws {
        do {
            try await run()
        } catch let failure as Failure {
            FileHandle.standardError.write(Data("ledger-benchmark: \(failure.rawValue)\n".utf8))
            exit(1)
        }
    }

    private static func run() async throws {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "tenants": return try await TenantMaker.run(Array(arguments.dropFirst(2)))
        case "saving": return try await SavingMeasure.run(Array(arguments.dropFirst(2)))
        default: break
        }
        let numbers = arguments.dropFirst(2).compactMap { Int($0) }
        let address = arguments.count == 6 ? arguments[5] : nil
        guard arguments.count == 5 || address != nil, numbers.count == 3 else { throw Failure.usage }
        let folder = LedgerFolder(path: arguments[1] + "/ledger-benchmark-\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        print("one write with fsync: \(try synchronizing(in: arguments[1])) µs")
        let place = try LedgerLocation(data: folder.path, address: address)
        let ledger = try place.open { WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
        try await appendSingly(ledger, seconds: numbers[0], callers: 1)
        try await appendSingly(ledger, seconds: numbers[0], callers: numbers[1])
        try await appendInBatches(ledger, records: numbers[2])
        ledger.close()
        try read(place)
        guard address == nil else { return }
        let size = try FileManager.default.attributesOfItem(atPath: folder.recordsPath)[.size] as? Int
        print("file: \(size ?? 0) bytes")
    }

    /// Why nothing is measured.
    enum Failure: String, Error {
        case usage = "asked for as FOLDER SECONDS CALLERS RECORDS [ADDRESS], tenants … or saving …"
        case disk = "the folder is not there, or cannot be written"
        case refused = "the ledger has refused an event"
    }

    private static let clock = ContinuousClock()

    private static func perSecond(_ count: Int, _ duration: Duration) -> String {
        String(Int(Double(count) / (duration / .seconds(1))))
    }

    /// The median of a hundred appends of 4 KiB, each synchronized: what the disk gives to anybody.
    private static func synchronizing(in folder: String) throws -> Int {
        let path = folder + "/ledger-benchmark-disk"
        defer { try? FileManager.default.removeItem(atPath: path) }
        guard FileManager.default.createFile(atPath: path, contents: nil) else { throw Failure.disk }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        let times = try (0..<100).map { _ in
            try clock.measure {
                try file.write(contentsOf: Data(count: 4_096))
                try file.synchronize()
            }
        }
        return Int(times.sorted()[50] / .microseconds(1))
    }

    private static func appendSingly(_ ledger: LedgerWriter, seconds: Int, callers: Int) async throws {
        let start = clock.now
        let end = start.advanced(by: .seconds(seconds))
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<callers {
                group.addTask { [caller, start, end] in
                    var number = 0
                    while clock.now < end {
                        let command = LedgerCommand(
                            id: "\(start)-\(caller)-\(number)", actor: "operator/\(caller % 20)",
                            events: [event(caller * 1_000_003 + number)])
                        guard try await ledger.append(command).receipt != nil else { throw Failure.refused }
                        number += 1
                    }
                    return number
                }
            }
            return try await group.reduce(0, +)
        }
        print("single appends, \(callers) callers: \(perSecond(done, clock.now - start)) a second")
    }

    private static func appendInBatches(_ ledger: LedgerWriter, records: Int) async throws {
        let start = clock.now
        for first in stride(from: 0, to: records, by: 1_000) {
            let command = LedgerCommand(
                actor: "operator/\(first % 20)",
                events: (first..<min(first + 1_000, records)).map(event))
            guard try await ledger.append(command).receipt != nil else { throw Failure.refused }
        }
        print("batches of 1000: \(perSecond(records, clock.now - start)) records a second")
    }

    private static func event(_ number: Int) -> LedgerEvent {
        LedgerEvent(
            stream: "tenant/\(number % 1_000_000)", type: "tenant.type_\(number % 30)",
            payload: Array("{\"plan\":\"growth\",\"reason\":\"contract \(number)\",\"until\":\"2027-01-31\"}".utf8))
    }

    private static func read(_ place: LedgerLocation) throws {
        let opened = clock.now
        let ledger = try place.open { WallTime(milliseconds: 0) }
        print("opening: \(Int((clock.now - opened) / .milliseconds(1))) ms")
        ledger.close()
        let store = try place.openForReading()
        let prover = try LedgerProver(store)
        let size = prover.checkpoint.size
        let proving = clock.now
        for number in 0..<1_000 { _ = try prover.proof(of: Int64(number) * 7_919 % size) }
        print("proofs of \(size) records: \(perSecond(1_000, clock.now - proving)) a second")
        let auditing = clock.now
        let report = try LedgerAudit.run(store)
        print("audit: \(perSecond(Int(size), clock.now - auditing)) records a second, sound: \(report.isSound)")
        store.close()
    }
}
