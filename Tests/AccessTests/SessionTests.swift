import Testing
import Vocabulary

@testable import Access

@Suite struct sessions {
    private var generator = SeededGenerator(seed: 10)
    private let first = CredentialGeneration(1)

    private mutating func begin(
        _ name: String, in table: inout SessionTable, at now: WallTime = Samples.noon
    ) throws -> SessionToken {
        let signedIn = try Samples.signedIn(name, at: now)
        return try #require(table.begin(for: signedIn, address: "192.0.2.1", using: &generator)).token
    }

    @Test mutating func `end after 30 minutes without use`() throws {
        var table = SessionTable()
        let token = try begin("ada", in: &table)
        let inTime = table.resume(token, generation: first, at: Samples.noon.plus(seconds: 1_799))
        #expect(inTime?.lastUsedAt == Samples.noon.plus(seconds: 1_799))
        let again = table.resume(token, generation: first, at: Samples.noon.plus(seconds: 3_598))
        #expect(again?.signedIn.name.text == "ada")
        let late = table.resume(token, generation: first, at: Samples.noon.plus(seconds: 3_598 + 1_800))
        #expect(late == nil)
        #expect(table.count == 0)
    }

    @Test mutating func `end after 12 hours, however much they are used`() throws {
        var table = SessionTable()
        let token = try begin("ada", in: &table)
        for seconds in stride(from: 1_000, to: 43_200, by: 1_000) as StrideTo<Int64> {
            let session = table.resume(token, generation: first, at: Samples.noon.plus(seconds: seconds))
            #expect(session != nil, "after \(seconds) s")
        }
        let late = table.resume(token, generation: first, at: Samples.noon.plus(seconds: 43_200))
        #expect(late == nil)
    }

    @Test mutating func `that are there to set up a phone end after a quarter of an hour`() throws {
        var table = SessionTable()
        let signedIn = SignedIn(
            try Samples.name("ada"), generation: first, method: .enrolment, at: Samples.noon)
        let token = try #require(table.begin(for: signedIn, address: "192.0.2.1", using: &generator)).token
        let inTime = table.resume(token, generation: first, at: Samples.noon.plus(seconds: 899))
        #expect(inTime?.signedIn.isForEnrolment == true)
        let late = table.resume(token, generation: first, at: Samples.noon.plus(seconds: 900))
        #expect(late == nil)
    }

    @Test mutating func `end when the clock goes back behind their beginning, and do not get older by less`() throws {
        var table = SessionTable()
        let token = try begin("ada", in: &table)
        _ = table.resume(token, generation: first, at: Samples.noon.plus(seconds: 1_000))
        let stepped = table.resume(token, generation: first, at: Samples.noon.plus(seconds: 500))
        #expect(stepped?.lastUsedAt == Samples.noon.plus(seconds: 1_000))
        let before = table.resume(token, generation: first, at: Samples.noon.plus(seconds: -1))
        #expect(before == nil)
    }

    @Test(arguments: [nil, CredentialGeneration(2)])
    mutating func `end when their owner's credentials change or the owner is disabled`(
        generation: CredentialGeneration?
    ) throws {
        var table = SessionTable()
        let tokens = try [begin("ada", in: &table), begin("ada", in: &table)]
        for token in tokens {
            let session = table.resume(token, generation: generation, at: Samples.noon)
            #expect(session == nil)
            let back = table.resume(token, generation: first, at: Samples.noon)
            #expect(back == nil, "what has ended stays ended")
        }
    }

    @Test mutating func `are listed and ended one by one and all together, each owner's apart`() throws {
        var table = SessionTable()
        let old = try begin("ada", in: &table)
        let new = try begin("ada", in: &table, at: Samples.noon.plus(seconds: 10))
        let other = try begin("bo", in: &table)
        let ada = try Samples.name("ada")
        let bo = try Samples.name("bo")
        let list = table.list(of: ada, at: Samples.noon.plus(seconds: 20))
        #expect(list.map(\.signedIn.at) == [Samples.noon.plus(seconds: 10), Samples.noon])
        #expect(table.owner(of: other) == bo)
        let isForeignEnded = table.end(id: list[0].id, of: bo)
        #expect(!isForeignEnded)
        let isEnded = table.end(id: list[0].id, of: ada)
        #expect(isEnded && table.owner(of: new) == nil && table.owner(of: old) == ada)
        let endedCount = table.endAll(of: ada)
        #expect(endedCount == 1 && table.count == 1)
        table.end(other)
        #expect(table.count == 0)
    }

    @Test mutating func `of one operator are bounded, and the least recently used gives way`() throws {
        var limits = SessionLimits()
        limits.perOperatorMax = 3
        var table = SessionTable(limits: limits)
        let tokens = try (0..<3).map { try begin("ada", in: &table, at: Samples.noon.plus(seconds: $0)) }
        _ = table.resume(tokens[0], generation: first, at: Samples.noon.plus(seconds: 5))
        let other = try begin("bo", in: &table)
        let newest = try begin("ada", in: &table, at: Samples.noon.plus(seconds: 6))
        let alive = (tokens + [newest, other]).map { table.owner(of: $0) != nil }
        #expect(alive == [true, false, true, true, true])
    }

    @Test mutating func `are bounded altogether, and make room when they have run out`() throws {
        var limits = SessionLimits()
        limits.totalMax = 2
        var table = SessionTable(limits: limits)
        _ = try begin("ada", in: &table)
        _ = try begin("bo", in: &table)
        let late = try Samples.signedIn("cy", at: Samples.noon.plus(seconds: 1_799))
        #expect(table.begin(for: late, address: "", using: &generator) == nil)
        _ = try begin("cy", in: &table, at: Samples.noon.plus(seconds: 1_800))
        #expect(table.count == 1)
    }

    @Test mutating func `have a token for forms that belongs to them alone`() throws {
        var table = SessionTable()
        let token = try begin("ada", in: &table)
        let other = try begin("ada", in: &table)
        #expect(token.isCSRFToken(token.csrfToken))
        #expect(!token.isCSRFToken(other.csrfToken))
        #expect(!token.isCSRFToken("") && !token.isCSRFToken(token.csrfToken + "A"))
        #expect(!token.csrfToken.contains(token.text.suffix(40)))
    }

    @Test func `of all threads are in one table`() throws {
        var generator = SeededGenerator(seed: 11)
        let sessions = Sessions()
        let signedIn = try Samples.signedIn("ada")
        let begun = try #require(sessions.begin(for: signedIn, address: "192.0.2.1", using: &generator))
        var asked: [OperatorName] = []
        let resumed = sessions.resume(begun.token, at: Samples.noon) { name in
            asked.append(name)
            return sessions.list(of: name, at: Samples.noon).first?.signedIn.generation  // no lock is held
        }
        #expect(resumed?.id == begun.session.id && asked == [signedIn.name])
        sessions.endAll(of: signedIn.name)
        #expect(sessions.resume(begun.token, at: Samples.noon, generation: { _ in first }) == nil)
    }
}
