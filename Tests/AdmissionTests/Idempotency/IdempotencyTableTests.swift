import Admission
import Policy
import Testing
import Vocabulary

/// What a request with an idempotency key finds, case by case.
struct IdempotencyTableTests {
    private var table: IdempotencyTable

    init() { table = IdempotencyTable(settings: IdempotencySettings(RepeatTreatment())) }

    private static let answer = StoredAnswer(status: 201, fields: Array("Location: /1\r\n".utf8), body: [1, 2, 3])

    private static func request(
        _ key: UInt128 = 1, tenant: UInt128 = 1, target: UInt128 = 7, body: UInt128? = nil, decision: UInt128 = 1,
        waiter: UInt64? = nil
    ) -> IdempotencyTable.Request {
        IdempotencyTable.Request(
            name: IdempotencyName(tenant: TenantKey(bits: tenant), bits: key),
            fingerprint: RequestFingerprint(target: target, body: body), decision: DecisionID(bits: decision),
            isKept: true, waiter: waiter)
    }

    private mutating func run(
        _ request: IdempotencyTable.Request, at now: Nanoseconds = .zero, isFree: Bool = false
    ) throws -> IdempotencyTable.Ticket {
        guard case .new(let ticket, isFree) = table.begin(request, at: now) else { throw Unexpected() }
        return ticket
    }

    struct Unexpected: Error {}

    @Test mutating func `a repeat finds the first one running, then its answer, until the window is over`() throws {
        let ticket = try run(Self.request(), at: .seconds(5))
        guard case .running(let first) = table.begin(Self.request(decision: 2), at: .seconds(6)) else {
            throw Unexpected()
        }
        #expect(first.decision == DecisionID(bits: 1))
        #expect(first.since == .seconds(5))
        _ = table.complete(ticket, with: Self.answer, body: 9, at: .seconds(10))
        let last = Nanoseconds.seconds(10) + .day - Nanoseconds(1)
        guard case .completed(let answer, let again) = table.begin(Self.request(decision: 3), at: last) else {
            throw Unexpected()
        }
        #expect(answer == Self.answer)
        #expect(again.decision == DecisionID(bits: 1))
        #expect(again.body == 9)
        _ = try run(Self.request(), at: last + Nanoseconds(1))
    }

    @Test mutating func `what runs outlives every window and every eviction`() throws {
        table.settings.entriesPerTenantMax = 3
        let ticket = try run(Self.request(1))
        for key in 2...50 as ClosedRange<UInt128> {
            let other = try run(Self.request(key))
            _ = table.complete(other, with: Self.answer, at: .zero)
        }
        #expect(table.count == 3)
        table.expire(upTo: 100, at: Nanoseconds(Nanoseconds.day.count * 40))
        #expect(table.count == 1)
        guard case .running = table.begin(Self.request(1), at: Nanoseconds(Nanoseconds.day.count * 40)) else {
            throw Unexpected()
        }
        _ = table.complete(ticket, with: Self.answer, at: Nanoseconds(Nanoseconds.day.count * 40))
    }

    @Test mutating func `a tenant whose keys all run has no room for another, and takes none of anybody else`() throws {
        table.settings.entriesPerTenantMax = 2
        _ = try run(Self.request(1))
        _ = try run(Self.request(2))
        let third = table.begin(Self.request(3), at: .zero)
        #expect(third == .full)
        _ = try run(Self.request(3, tenant: 2))
    }

    @Test mutating func `no key of one tenant is one of another's, nor one of another caller's`() throws {
        let ticket = try run(Self.request(1, tenant: 1))
        _ = table.complete(ticket, with: Self.answer, at: .zero)
        _ = try run(Self.request(1, tenant: 2))
        let hash = KeyedHash(key: (3, 4))
        let key = Array("k".utf8)
        var names: Set<IdempotencyName> = []
        for tenant in ["a", "ab", ""] {
            for principal in [nil, "", "b", "bk"] {
                for kind in [IdempotencyName.Kind.answer, .charge] {
                    for key in [key, Array("bk".utf8), []] {
                        names.insert(
                            IdempotencyName(hash, tenant: tenant, principal: principal, key: key.span, kind: kind))
                    }
                }
            }
        }
        #expect(names.count == 3 * 4 * 2 * 3)
    }

    @Test mutating func `another payload is a mismatch, while the first one runs and afterwards`() throws {
        let ticket = try run(Self.request(body: 1))
        guard case .mismatch = table.begin(Self.request(target: 8), at: .zero),
            case .mismatch = table.begin(Self.request(body: 2), at: .zero),
            case .running = table.begin(Self.request(), at: .zero)
        else { throw Unexpected() }
        _ = table.complete(ticket, with: Self.answer, at: .zero)
        guard case .mismatch = table.begin(Self.request(body: 2), at: .zero) else { throw Unexpected() }
    }

    @Test mutating func `a refusal is forgotten, a failure that was charged may run again for nothing`() throws {
        _ = table.abandon(try run(Self.request()), wasCharged: false, at: .zero)
        #expect(table.count == 0)
        let forgotten = table.takeForgotten()
        #expect(forgotten == [Self.request().name])
        _ = table.abandon(try run(Self.request()), wasCharged: true, at: .zero)
        #expect(table.count == 1)
        guard case .mismatch = table.begin(Self.request(target: 8), at: .zero) else { throw Unexpected() }
        let again = try run(Self.request(decision: 5), isFree: true)
        guard case .running(let first) = table.begin(Self.request(), at: .zero) else { throw Unexpected() }
        #expect(first.decision == DecisionID(bits: 5))
        _ = table.complete(again, with: Self.answer, at: .zero)
    }

    @Test mutating func `only so many repeats are free`() throws {
        table.settings.freeRepeatsMax = 2
        _ = table.complete(try run(Self.request()), with: nil, at: .zero)
        var free: [Bool] = []
        for _ in 0..<4 {
            guard case .completed(_, let first) = table.begin(Self.request(), at: .zero) else { throw Unexpected() }
            free.append(first.isFree)
        }
        #expect(free == [true, true, false, false])
    }

    @Test mutating func `who waits is told the answer, or runs in the place of one that failed`() throws {
        table.settings.joins = true
        table.settings.waitersMax = 2
        var ticket = try run(Self.request())
        for waiter in 1...2 as ClosedRange<UInt64> {
            guard case .joined = table.begin(Self.request(decision: UInt128(waiter) + 10, waiter: waiter), at: .zero)
            else { throw Unexpected() }
        }
        guard case .running = table.begin(Self.request(waiter: 3), at: .zero) else { throw Unexpected() }
        guard case .handedOn(let next, to: 1) = table.abandon(ticket, wasCharged: true, at: .zero) else {
            throw Unexpected()
        }
        ticket = next
        #expect(table.request(of: ticket).decision == DecisionID(bits: 11))
        guard case .joined = table.begin(Self.request(waiter: 4), at: .zero) else { throw Unexpected() }
        table.cancel(2, of: Self.request().name)
        let ending = table.complete(ticket, with: Self.answer, at: .zero)
        #expect(ending == .answered(Self.answer, [4]))
    }

    @Test mutating func `who waits for one that is refused is released`() throws {
        table.settings.joins = true
        let ticket = try run(Self.request())
        _ = table.begin(Self.request(waiter: 8), at: .zero)
        let ending = table.abandon(ticket, wasCharged: false, at: .zero)
        #expect(ending == .released([8]))
    }

    @Test mutating func `an answer that is too large is kept without its body`() throws {
        table.settings.bodyBytesMax = 2
        let ending = table.complete(try run(Self.request()), with: Self.answer, at: .zero)
        var kept = Self.answer
        kept.body = nil
        #expect(ending == .answered(kept, []))
        guard case .completed(kept, _) = table.begin(Self.request(), at: .zero) else { throw Unexpected() }
    }

    @Test mutating func `what can never fit pushes nothing out`() throws {
        table.settings.bytesPerTenantMax = 2_000
        for key in 1...3 as ClosedRange<UInt128> {
            _ = table.complete(try run(Self.request(key)), with: Self.answer, at: .zero)
        }
        let large = StoredAnswer(status: 200, fields: [], body: [UInt8](repeating: 0, count: 5_000))
        _ = table.complete(try run(Self.request(9)), with: large, at: .zero)
        #expect(table.count == 4)
    }

    @Test(arguments: [RepeatTreatment.Interrupted.reject, .run])
    mutating func `a start remembers answers, and what was interrupted`(interrupted: RepeatTreatment.Interrupted) throws
    {
        table.settings.rerunsInterrupted = interrupted == .run
        let now = Nanoseconds.seconds(10)
        let old = now - .day
        let isRestored = [
            table.restore(Self.request(1), answer: Self.answer, since: old, at: now),
            table.restore(Self.request(2), answer: Self.answer, since: old + .second, at: now),
            table.restore(Self.request(3, decision: 33), answer: nil, since: now - .second, at: now),
        ]
        #expect(isRestored == [false, true, true])
        guard case .completed(Self.answer, _) = table.begin(Self.request(2), at: now) else { throw Unexpected() }
        switch table.begin(Self.request(3), at: now) {
        case .interrupted(let first): #expect(interrupted == .reject && first.decision == DecisionID(bits: 33))
        case .new(let ticket, isFree: true):
            #expect(interrupted == .run)
            _ = table.complete(ticket, with: Self.answer, at: now)
        default: throw Unexpected()
        }
        _ = try run(Self.request(2), at: now + .second)
    }

    @Test mutating func `keys that came and went leave nothing behind`() throws {
        table.settings.entriesPerTenantMax = 100
        for key in 0..<20_000 as Range<UInt128> {
            let ticket = try run(Self.request(key, tenant: key % 7))
            _ = table.complete(ticket, with: Self.answer, at: Nanoseconds(Int64(key)))
        }
        #expect(table.count == 700)
        #expect(table.byteCount == 700 * (IdempotencyTable.entryBytes + Self.answer.byteCount))
        table.expire(upTo: .max, at: Nanoseconds(Nanoseconds.day.count * 2))
        #expect(table.count == 0)
        #expect(table.byteCount == 0)
        #expect(table.tenantCount == 0)
    }
}
