import Testing
import Vocabulary

@testable import Access

@Suite struct `a confirmation` {
    private var generator = SeededGenerator(seed: 12)
    private var table = StepUpTable()

    private func digest(
        _ method: String = "POST", _ target: String = "/v1/policies/7/approve", _ body: String = "{}",
        by: String = "ada"
    ) throws -> ActionDigest {
        ActionDigest(method: method, target: target, body: Array(body.utf8), by: try Samples.name(by))
    }

    private mutating func prove(at now: WallTime = Samples.noon) throws -> StepUpProof {
        let ada = try Samples.name("ada")
        let challenge = try #require(table.open(for: try digest(), by: ada, at: now, using: &generator))
        #expect(challenge.expiresAt == now.plus(seconds: 300))
        let mayTry = table.attempt(challenge.id, by: ada, at: now)
        #expect(mayTry)
        return try #require(table.prove(challenge.id, by: ada, at: now, using: &generator))
    }

    @Test mutating func `is good once, for its action`() throws {
        let ada = try Samples.name("ada")
        let proof = try prove()
        let sent = try #require(StepUpProof(proof.text))
        #expect(table.redeem(sent, for: try digest(), by: ada, at: Samples.noon))
        #expect(!table.redeem(sent, for: try digest(), by: ada, at: Samples.noon))
    }

    @Test mutating func `is good for no other action, and gone when it is tried`() throws {
        let ada = try Samples.name("ada")
        let others = try [
            digest("PUT"), digest("POST", "/v1/policies/8/approve"), digest("POST", "/v1/policies/7/approve?x=1"),
            digest("POST", "/v1/policies/7/approve", "{} "), digest(by: "bo"),
            digest("POST/v1", "/policies/7/approve"),
        ]
        for other in others {
            let proof = try prove()
            let isRedeemed = table.redeem(proof, for: other, by: ada, at: Samples.noon)
            let isRedeemedLater = table.redeem(proof, for: try digest(), by: ada, at: Samples.noon)
            #expect(!isRedeemed && !isRedeemedLater)
        }
        let proof = try prove()
        #expect(!table.redeem(proof, for: try digest(), by: try Samples.name("bo"), at: Samples.noon))
    }

    @Test(arguments: [(0, true), (299, true), (300, false), (-1, false)] as [(Int64, Bool)])
    mutating func `is good for five minutes`(seconds: Int64, isGood: Bool) throws {
        let proof = try prove()
        let isRedeemed = table.redeem(
            proof, for: try digest(), by: try Samples.name("ada"), at: Samples.noon.plus(seconds: seconds))
        #expect(isRedeemed == isGood)
    }

    @Test mutating func `has five attempts, by its operator alone`() throws {
        let ada = try Samples.name("ada")
        let challenge = try #require(table.open(for: try digest(), by: ada, at: Samples.noon, using: &generator))
        #expect(!table.attempt(challenge.id, by: try Samples.name("bo"), at: Samples.noon))
        let attempts = (0..<10).map { _ in table.attempt(challenge.id, by: ada, at: Samples.noon) }
        #expect(attempts.count { $0 } == 5)
        #expect(table.prove(challenge.id, by: ada, at: Samples.noon, using: &generator) == nil)
    }

    @Test mutating func `is given one proof only`() throws {
        let ada = try Samples.name("ada")
        let challenge = try #require(table.open(for: try digest(), by: ada, at: Samples.noon, using: &generator))
        #expect(table.prove(challenge.id, by: ada, at: Samples.noon, using: &generator) != nil)
        #expect(table.prove(challenge.id, by: ada, at: Samples.noon, using: &generator) == nil)
        let mayTry = table.attempt(challenge.id, by: ada, at: Samples.noon)
        #expect(!mayTry)
    }

    @Test mutating func `is bounded per operator, ends with the sessions and runs out`() throws {
        let ada = try Samples.name("ada")
        let bo = try Samples.name("bo")
        _ = table.open(for: try digest(by: "bo"), by: bo, at: Samples.noon, using: &generator)
        for _ in 0..<100 { _ = table.open(for: try digest(), by: ada, at: Samples.noon, using: &generator) }
        #expect(table.count == 9)
        table.removeAll(of: ada)
        #expect(table.count == 1)
        _ = table.open(for: try digest(), by: ada, at: Samples.noon.plus(seconds: 300), using: &generator)
        #expect(table.count == 1)
    }
}
