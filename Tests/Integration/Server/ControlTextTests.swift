import Policy
import Testing
import Vocabulary

@testable import headgate

/// What the commands of the control API read and print, without a server.
@Suite struct ControlTextTests {
    @Test(
        arguments: [
            ("class/export", "2x", "class/export ×2"), ("class/export", "×1.25", "class/export ×1.25"),
            ("tenant", "500/s", "tenant 500/s"), ("tenant", "500/s burst 1_000", "tenant 500/s burst 1000"),
            ("operation/search", "x0.5", "operation/search ×0.5"),
            ("quota/requests/month", "8000000", "quota/requests/month 8000000"),
        ])
    func `an adjustment is read as it is written, and told in one form`(target: String, change: String, told: String)
        throws
    {
        let adjustment = try AdjustmentText.read(target: target, change: change)
        #expect(adjustment.description == told)
        #expect(AdjustmentText.read(AdjustmentText.json(adjustment)) == adjustment)
        let (first, second) = try #require(told.split(separator: " ", maxSplits: 1).map(String.init).pair)
        #expect(try AdjustmentText.read(target: first, change: second) == adjustment)
    }

    @Test(
        arguments: [
            ("tenants", "2x"), ("class/", "2x"), ("tenant", "0x"), ("tenant", "1001x"), ("tenant", "1.2345x"),
            ("tenant", "twice"), ("tenant", "500/s 1000"), ("tenant", "500 burst 1000"),
            ("quota/requests/century", "1"),
            ("tenant", ""),
        ])
    func `what is no adjustment is refused`(target: String, change: String) {
        #expect(throws: AdjustmentText.Problem.self) { try AdjustmentText.read(target: target, change: change) }
    }

    @Test func `an answer is shown with its moments, and nothing that a terminal would obey`() throws {
        let text = #"""
            {"name": "acme", "created_at": "2026-11-27T00:00:00.250Z", "note": "a\u001b[2Jb", "tags": [], "count": 3,
             "holds": false, "rate": 2.5, "missing": null,
             "grants": [{"id": "g1", "until": "2026-12-01T00:00:00Z"}, {"id": "g2", "kind": "override"}],
             "entitlement": {"plan": "growth", "adjustments": [{"target": "class/export", "factor": 2000}]}}
            """#
        let value = try Policy.JSONValue(reading: Array(text.utf8))
        let answer = AnswerText(now: WallTime(milliseconds: 1_795_737_600_000 + 3_600_000))
        #expect(
            answer.card(value) == """
                name        acme
                created at  2026-11-27T00:00:00Z (59 min 59 s ago)
                note        a\\u{1B}[2Jb
                tags        -
                count       3
                holds       no
                rate        2.5
                missing     -
                grants
                  ID  UNTIL                               KIND
                  g1  2026-12-01T00:00:00Z (in 3 d 23 h)  -
                  g2  -                                   override
                entitlement
                  plan         growth
                  adjustments  class/export ×2

                """)
    }

    @Test(arguments: ["{", "{} {}", #"{"a": 1, "a": 2}"#, "nothing", ""])
    func `what is no JSON is no answer`(text: String) {
        #expect(throws: (any Error).self) { try Policy.JSONValue(reading: Array(text.utf8)) }
    }

    @Test func `an address of a server has a scheme, a host and nothing more`() throws {
        let place = try #require(HTTPPlace("https://[::1]"))
        #expect(place.host == "::1" && place.port == 443 && place.address == "https://[::1]:443" && place.keepsSecrets)
        #expect(try #require(HTTPPlace("http://localhost:8081/")).address == "http://localhost:8081")
        #expect(try #require(HTTPPlace("http://10.0.0.1")).keepsSecrets == false)
        for text in ["localhost:8081", "ftp://a", "http://", "http://a/b", "http://user@a", "http://a?b", "http://a:0"]
        {
            #expect(HTTPPlace(text) == nil, "\(text)")
        }
    }
}

extension [String] {
    /// The elements of a list of two.
    fileprivate var pair: (String, String)? { count == 2 ? (self[0], self[1]) : nil }
}
