import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

/// The table and the oracle are told the same events and must say the same.
struct IdempotencyPropertyTests {
    private struct Run {
        var table: IdempotencyTable
        var oracle: IdempotencyOracle
        var random: SeededGenerator
        var now = Nanoseconds(1_000)
        var tickets: [(name: IdempotencyName, ticket: IdempotencyTable.Ticket)] = []
        var waiters: [(name: IdempotencyName, id: UInt64)] = []
        var counter: UInt64 = 0
        var outcomes: [String: Int] = [:]

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            var treatment = RepeatTreatment()
            treatment.window = Nanoseconds(Int64.random(in: 50...500, using: &random))
            treatment.entriesPerTenantMax = Int64.random(in: 1...8, using: &random)
            treatment.bytesPerTenantMax = Int64.random(in: 350...4_000, using: &random)
            treatment.bodyBytesMax = Int64.random(in: 0...400, using: &random)
            treatment.freeRepeatsMax = Int64.random(in: 0...3, using: &random)
            treatment.concurrent = Bool.random(using: &random) ? .join : .reject
            var settings = IdempotencySettings(
                treatment, entriesMax: Int.random(in: 2...20, using: &random),
                bytesMax: Int.random(in: 500...9_000, using: &random))
            settings.waitersMax = 2
            table = IdempotencyTable(settings: settings)
            oracle = IdempotencyOracle(settings: settings)
        }

        mutating func id() -> UInt64 {
            counter += 1
            return counter
        }

        mutating func answer() -> StoredAnswer? {
            guard Int.random(in: 0..<8, using: &random) > 0 else { return nil }
            let fields = [UInt8](repeating: 1, count: Int.random(in: 0...100, using: &random))
            let body = [UInt8](repeating: 2, count: Int.random(in: 0...500, using: &random))
            return StoredAnswer(status: 200, fields: fields, body: Bool.random(using: &random) ? body : nil)
        }

        mutating func step(_ seed: UInt64) {
            now = now + Nanoseconds(Int64.random(in: 0...20, using: &random))
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<10: begin(seed)
            case 10..<14: complete(seed)
            case 14..<17: abandon(seed)
            case 17: cancel()
            case 18:
                table.expire(upTo: 3, at: now)
                oracle.expire(upTo: 3, at: now)
            default: now = now + Nanoseconds(Int64.random(in: 0...200, using: &random))
            }
            #expect(table.count == oracle.items.count, "seed \(seed)")
            #expect(table.byteCount == oracle.byteCount, "seed \(seed)")
            #expect(table.tenantCount == Set(oracle.items.map(\.name.tenant)).count, "seed \(seed)")
            let (forgotten, expected) = (table.takeForgotten(), oracle.takeForgotten())
            #expect(Set(forgotten) == Set(expected), "seed \(seed)")
            #expect(table.count <= table.settings.entriesMax, "seed \(seed)")
            #expect(table.byteCount <= table.settings.bytesMax, "seed \(seed)")
        }

        mutating func begin(_ seed: UInt64) {
            let name = IdempotencyName(
                tenant: TenantKey(bits: UInt128(Int.random(in: 0..<3, using: &random))),
                bits: UInt128(Int.random(in: 0..<9, using: &random)))
            let body: UInt128? =
                Int.random(in: 0..<4, using: &random) == 0 ? UInt128(Int.random(in: 0..<2, using: &random)) : nil
            var request = IdempotencyTable.Request(
                name: name,
                fingerprint: RequestFingerprint(
                    target: Int.random(in: 0..<6, using: &random) == 0 ? 1 : 0, body: body),
                decision: DecisionID(bits: UInt128(id())))
            request.isKept = Bool.random(using: &random)
            if Bool.random(using: &random) { request.waiter = id() }
            let found = table.begin(request, at: now)
            let expected = oracle.begin(request, at: now)
            let said: IdempotencyOracle.Beginning
            switch found {
            case .new(let ticket, let isFree):
                said = .new(isFree: isFree)
                tickets.append((name, ticket))
            case .running(let first): said = .running(first.decision)
            case .joined:
                said = .joined
                waiters.append((name, request.waiter ?? 0))
            case .mismatch(let first): said = .mismatch(first.decision)
            case .completed(let answer, let first):
                said = .completed(answer, first.decision, isFree: first.isFree)
            case .full: said = .full
            case .interrupted:
                Issue.record("nothing was restored (seed \(seed))")
                return
            }
            #expect(said == expected, "seed \(seed)")
            outcomes["\(said)".prefix { $0.isLetter }.description, default: 0] += 1
        }

        mutating func complete(_ seed: UInt64) {
            guard let index = tickets.indices.randomElement(using: &random) else { return }
            let (name, ticket) = tickets.remove(at: index)
            let answer = answer()
            let body: UInt128? = Bool.random(using: &random) ? UInt128(Int.random(in: 0..<2, using: &random)) : nil
            let ending = table.complete(ticket, with: answer, body: body, at: now)
            let expected = oracle.complete(name, with: answer, body: body, at: now)
            #expect(ending == .answered(expected.0, expected.1), "seed \(seed)")
        }

        mutating func abandon(_ seed: UInt64) {
            guard let index = tickets.indices.randomElement(using: &random) else { return }
            let (name, ticket) = tickets.remove(at: index)
            let wasCharged = Bool.random(using: &random)
            let ending = table.abandon(ticket, wasCharged: wasCharged, at: now)
            let expected = oracle.abandon(name, wasCharged: wasCharged, at: now)
            switch ending {
            case .handedOn(let next, let waiter):
                #expect(expected.next == waiter, "seed \(seed)")
                tickets.append((name, next))
            case .released(let waiters):
                #expect(expected.next == nil && expected.released == waiters && !waiters.isEmpty, "seed \(seed)")
            case .ended: #expect(expected.next == nil && expected.released.isEmpty, "seed \(seed)")
            case .answered: Issue.record("nobody has answered (seed \(seed))")
            }
        }

        mutating func cancel() {
            guard let waiter = waiters.randomElement(using: &random) else { return }
            table.cancel(waiter.id, of: waiter.name)
            oracle.cancel(waiter.id, of: waiter.name)
        }
    }

    @Test(arguments: 0..<UInt64(40)) func `says what looking through everything says`(seed: UInt64) {
        var run = Run(seed: seed)
        for _ in 0..<1_500 { run.step(seed) }
        #expect(run.outcomes["new", default: 0] > 0, "seed \(seed): \(run.outcomes)")
    }

    @Test func `all kinds of beginnings come up`() {
        var outcomes: [String: Int] = [:]
        for seed in 0..<UInt64(40) {
            var run = Run(seed: seed)
            for _ in 0..<500 { run.step(seed) }
            outcomes.merge(run.outcomes, uniquingKeysWith: +)
        }
        for kind in ["new", "running", "joined", "mismatch", "completed", "full"] {
            #expect(outcomes[kind, default: 0] > 50, "\(outcomes)")
        }
    }
}
