import Foundation
import Testing
import Vocabulary

@testable import Journal

/// The record of incidents: who is in quarantine after a restart, and what has happened.
struct IncidentStoreTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func store() throws -> IncidentStore {
        try IncidentStore(folder: folder.path, at: WallTime(milliseconds: 0)) { _ in }
    }

    private static func record(
        _ number: UInt128, _ event: IncidentRecord.Event = .quarantined, at wall: Int64 = 10, until: Int64 = 1_000
    ) -> IncidentRecord {
        IncidentRecord(
            id: DecisionID(bits: number), event: event, wall: WallTime(milliseconds: wall), kind: "tenant",
            subject: "acme-\(number)", action: "quarantine", stage: "enforce", rule: number % 2 == 0 ? "growth" : nil,
            operatorName: number % 2 == 0 ? nil : "kim", reason: "far too \"much\"",
            evidence: "requests=512 mean_per_window=20", until: WallTime(milliseconds: until),
            sparedTiers: ["critical", "business"], sparedClasses: [])
    }

    @Test func `gives back every field of those who are in quarantine, after a restart too`() throws {
        let first = try store()
        try first.append([Self.record(1), Self.record(2)])
        first.close()
        let second = try store()
        #expect(try second.present(at: WallTime(milliseconds: 999)) == [Self.record(1), Self.record(2)])
        second.close()
    }

    @Test func `leaves out who was lifted, replaced or is over`() throws {
        let store = try store()
        try store.append((1...5).map { Self.record($0, until: $0 == 5 ? 500 : 1_000) })
        try store.append([Self.record(1, .lifted), Self.record(2, .replaced), Self.record(3, .expired)])
        try store.append([Self.record(6, .reported)])
        #expect(try store.present(at: WallTime(milliseconds: 500)).map(\.id.bits) == [4])
        #expect(try store.present(at: WallTime(milliseconds: 1_000)).isEmpty)
        let history = try IncidentHistory.read(folder: folder.path, limit: 4)
        #expect(history.map(\.event) == [.lifted, .replaced, .expired, .reported])
        store.close()
    }

    @Test func `forgets the oldest lines, but none about somebody who is still in quarantine`() throws {
        let store = try store()
        try store.append([Self.record(1, until: .max), Self.record(2, until: 20)])
        for part in 0..<11 {
            try store.append(
                (0..<10_000).map { Self.record(UInt128(100 + part * 10_000 + $0), .reported, at: 30, until: 31) })
        }
        try store.append([Self.record(3, at: 40)])
        #expect(try store.present(at: WallTime(milliseconds: 50)).map(\.id.bits) == [1, 3])
        let lines = try IncidentHistory.read(folder: folder.path, limit: 1_000_000)
        #expect(lines.count <= IncidentStore.countMax + 1)
        #expect(lines.first?.id.bits == 1)
        store.close()
    }

    @Test func `moves a file aside that is no database, and begins anew`() throws {
        try Data("no database at all, but long enough to be read as one".utf8).write(
            to: URL(fileURLWithPath: folder.path + "/incidents.sqlite"))
        var notices: [JournalNotice] = []
        let store = try IncidentStore(folder: folder.path, at: WallTime(milliseconds: 0)) { notices.append($0) }
        #expect(notices.map(\.code) == [.startedFresh])
        #expect(try store.present(at: WallTime(milliseconds: 0)).isEmpty)
        store.close()
    }
}
