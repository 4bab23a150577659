import Directory
import Foundation
import Governance
import Ledger
import Policy
import Testing

@testable import Console

@Suite struct PolicyAndAuditCallTests {
    private func body(_ text: String) throws -> String {
        let object: [String: Any] = ["documents": [["name": "policy.yaml", "text": text]], "reason": "more for all"]
        return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    @Test func `a policy is proposed, compared, approved by another one, published and rolled back`() async throws {
        try await ConsoleWorld.with { world in
            world.desk.governor.fix(nil)
            for name in ["policy-approver", "platform-admin"] { try await world.enrol(name) }
            world.letTimeRun()
            let author = try world.client(of: "policy-author")
            let approver = try world.client(of: "policy-approver")
            #expect(try await author.call("GET", "/v1/policies/current").status == 404)
            for (id, text) in [
                ("p1", ConsoleWorld.policyText), ("p2", ConsoleWorld.policyText.replacing("10/s", with: "20/s")),
            ] {
                let proposed = try await author.call("POST", "/v1/policies", try body(text))
                #expect(proposed.status == 201 && proposed.text("id") == id, "\(proposed.body)")
                #expect(try await author.call("POST", "/v1/policies/\(id)/publication", "{}").status == 409)
                let approved = try await world.confirmed(
                    approver, of: "policy-approver", "POST", "/v1/policies/\(id)/approval", "{}")
                #expect(approved.text("state") == "approved", "\(approved.body)")
                let published = try await author.call("POST", "/v1/policies/\(id)/publication", "{}")
                #expect(published.members["in_force"] as? Bool == true, "\(published.body)")
                world.pass(seconds: 1)
            }
            let difference = try await author.call("GET", "/v1/policies/p2/difference?from=p1")
            #expect(difference.members["isEmpty"] as? Bool == false)
            let back = try await world.confirmed(
                approver, of: "policy-approver", "POST", "/v1/policies/p1/rollback", #"{"reason": "too much"}"#)
            #expect(back.status == 200 && back.members["in_force"] as? Bool == true, "\(back.body)")
            #expect(try await author.call("GET", "/v1/policies/current").text("id") == "p1")
            #expect(try await author.call("GET", "/v1/policies?limit=1").items.count == 1)
        }
    }

    @Test func `documents that are no policy are answered with where they are wrong`() async throws {
        try await ConsoleWorld.with { world in
            let answer = try await world.client(of: "policy-author").call(
                "POST", "/v1/policies", try body("headgate: 1\nnme: x\n"))
            #expect(answer.status == 422)
            let diagnostics = answer.members["diagnostics"] as? [[String: Any]] ?? []
            #expect(diagnostics.contains { $0["line"] as? Int == 2 && $0["file"] as? String == "policy.yaml" })
        }
    }

    @Test func `an author takes a proposal back`() async throws {
        try await ConsoleWorld.with { world in
            let author = try world.client(of: "policy-author")
            #expect(try await author.call("POST", "/v1/policies", try body(ConsoleWorld.policyText)).status == 201)
            let taken = try await author.call("POST", "/v1/policies/p1/withdrawal", #"{"reason": "a mistake"}"#)
            #expect(taken.status == 200 && taken.text("state") == "rejected", "\(taken.body)")
        }
    }

    @Test func `many who look at the ledger at once all see it`() async throws {
        try await ConsoleWorld.with { world in
            let client = try world.client(of: "auditor")
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<40 { group.addTask { try await client.call("GET", "/v1/audit?limit=1").status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 40))
        }
    }

    @Test func `who looks at the ledger is in it, and a proof can be checked without it`() async throws {
        try await ConsoleWorld.with { world in
            let client = try world.client(of: "auditor")
            let found = try await client.call("GET", "/v1/audit?tenant=acme&type=tenant.created")
            #expect(found.items.count == 1)
            let sequence = try #require(found.items.first?["sequence"] as? Int)
            let looks = try await client.call("GET", "/v1/audit?type=audit.read")
            let filter = (looks.items.last?["payload"] as? [String: Any])?["filter"] as? [String: String]
            #expect(filter == ["tenant": "acme", "type": "tenant.created"])

            let one = try await client.call("GET", "/v1/audit/\(sequence)")
            #expect(one.text("type") == "tenant.created")
            #expect(try await client.call("GET", "/v1/audit/999999").status == 404)
            let look = try await client.call("GET", "/v1/audit?type=audit.read&limit=1")
            #expect((look.items.first?["payload"] as? [String: Any])?["what"] as? String == "record")

            let answer = try await client.call("GET", "/v1/audit/\(sequence)/proof")
            let proof = try TransparencyProof(bytes: answer.data)
            let evidence = try #require(proof.extra.flatMap { ProofEvidence($0) })
            let verifier = try LedgerProver(world.desk.ledger.store).verifier
            _ = try proof.checked(entry: evidence.entry, by: verifier)
            #expect(try await client.call("GET", "/v1/audit/999999/proof").status == 404)

            let first = try await client.call("GET", "/v1/audit?limit=2&stream=tenant/acme")
            #expect(first.items.count == 1 && first.text("next_cursor") == nil)
            let page = try await client.call("GET", "/v1/audit?limit=2")
            let cursor = try #require(page.text("next_cursor"))
            let next = try await client.call("GET", "/v1/audit?limit=2&cursor=\(cursor)")
            let newest = page.items.compactMap { $0["sequence"] as? Int }
            #expect(next.items.compactMap { $0["sequence"] as? Int } == newest.map { $0 - 2 })
        }
    }
}
