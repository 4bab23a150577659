import Foundation
import HTTPTypes
import HeadgateClient
import NIOCore
import Testing

/// What goes over the wire.
@Suite struct `the wire` {
    @Test func `carries the members of a call that are set, and no others`() throws {
        var call = AdmissionCall(method: "POST", path: "/v1/envelopes/7/signatures")
        call.credential = "hg_live_x"
        call.trafficClass = "repair"
        call.attributes = ["workflow.stage": "active"]
        call.route = "/v1/envelopes/{id}/signatures"
        let text = String(buffer: WireEncoding.check(call))
        #expect(
            text == #"{"attributes":{"workflow.stage":"active"},"class":"repair","credential":"hg_live_x","#
                + #""method":"POST","path":"/v1/envelopes/7/signatures"}"#)
    }

    @Test func `carries what admissions need besides, within what the server takes`() {
        let call = AdmissionCall(operation: "sign")
        let usual = WireEncoding.admission(call, waitMax: .milliseconds(1_500), lease: .seconds(30))
        #expect(String(buffer: usual) == #"{"leaseMs":30000,"maxWaitMs":1500,"operation":"sign"}"#)
        let extreme = WireEncoding.admission(call, waitMax: .seconds(3_600), lease: .zero)
        #expect(String(buffer: extreme) == #"{"leaseMs":1000,"maxWaitMs":60000,"operation":"sign"}"#)
    }

    @Test func `is read back as the decision that it says`() throws {
        let body = """
            {"decision":"throttle","decisionId":"01J","reason":"class_budget","tenant":"acme","principal":null,
             "operation":"sign","class":"interactive","tier":"critical","cost":2,"stage":"enforce",
             "wouldBe":{"decision":"shed","reason":"service_saturated"},"policy":"sha256:00","budget":"tenant/class",
             "limit":100,"remaining":0,"retryAfterMs":430,"fullAfterMs":9000,"novelty":[1],
             "admission":{"id":"a1","leaseMs":30000,"waitedMs":12,"seats":1}}
            """
        let fields = [("ratelimit", "\"class\";r=0"), ("Date", "today"), ("X-RateLimit-Reset", "3")]
        let answer = try #require(DecidedAnswer(ByteBuffer(string: body), fields: fields.map { ($0.0, $0.1) }))
        let decision = answer.decision
        #expect(decision.outcome == .throttle && decision.reason == "class_budget" && decision.origin == .engine)
        #expect(decision.id == "01J" && decision.tenant == "acme" && decision.principal == nil)
        #expect(decision.wouldBe == .init(outcome: .shed, reason: "service_saturated"))
        #expect(decision.retryAfter == .milliseconds(430) && decision.fullAfter == .seconds(9))
        #expect(decision.waited == .milliseconds(12))
        #expect(decision.limitFields.map(\.name.rawName) == ["ratelimit", "X-RateLimit-Reset"])
        #expect(answer.lease == .init(id: "a1", time: .seconds(30)))
    }

    @Test(arguments: ["", "{}", "[]", #"{"decision":"dance","decisionId":"1","reason":"r","tier":"t"}"#])
    func `is not guessed at when it cannot be read`(body: String) {
        #expect(DecidedAnswer(ByteBuffer(string: body), fields: []) == nil)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", "127.0.0.1", 8080, false),
        ("https://headgate.example", "headgate.example", 443, true),
        ("HTTP://a/", "a", 80, false), ("https://[::1]:9", "::1", 9, true),
    ])
    func `finds the server`(text: String, host: String, port: Int, isSecure: Bool) throws {
        let address = try #require(ServerAddress(text))
        #expect(address.host == host && address.port == port && address.isSecure == isSecure)
    }

    @Test(arguments: [
        "", "127.0.0.1:8080", "http://", "http://:80", "http://a:0", "http://a:65536", "http://a:b", "http://a/path",
        "http://user@a", "http://[::1", "http://[::1]x", "http://a:1:2", "ftp://a",
    ])
    func `says what is no address`(text: String) {
        #expect(ServerAddress(text) == nil)
        #expect(throws: HeadgateClient.ConfigurationError.self) {
            try HeadgateClient(configuration: .init(server: text))
        }
    }
}

/// What a caller is told.
@Suite struct `a decision as an answer` {
    @Test(arguments: [
        (Outcome.admit, "borrowed", 200), (.queue, "borrowed", 200), (.throttle, "class_budget", 429),
        (.shed, "fail_closed", 503), (.block, "unclassified", 403), (.block, "unknown_credential", 401),
        (.block, "credential_revoked", 401), (.challenge, "step_up_required", 401),
        (.block, "key_missing", 400), (.block, "key_in_use", 409), (.block, "key_mismatch", 422),
    ])
    func `has the status that its outcome stands for`(outcome: Outcome, reason: String, status: Int) {
        let decision = Decision(outcome: outcome, reason: reason, tier: "critical", origin: .engine)
        #expect(decision.status.code == status)
        #expect((decision.fields[.cacheControl] == nil) == (status == 200))
        #expect((decision.fields[.wwwAuthenticate] != nil) == (status == 401))
    }

    @Test func `says why, when to come again, and what is the caller's own business`() throws {
        var decision = Decision(outcome: .throttle, reason: "class_budget", tier: "business", origin: .engine)
        decision.id = "01J"
        decision.policy = "sha256:00"
        decision.budget = "tenant/class"
        decision.limit = 100
        decision.remaining = 0
        decision.retryAfter = .milliseconds(1_001)
        #expect(decision.fields[.retryAfter] == "2")
        #expect(
            decision.fields.map(\.name.rawName).prefix(3) == [
                "Headgate-Decision", "Headgate-Reason", "Headgate-Policy",
            ])
        #expect(
            String(decoding: decision.problem, as: UTF8.self)
                == #"{"budget":"tenant/class","decision":"throttle","decisionId":"01J","detail":"The same request is "#
                + #"admitted in 2 s if nothing else comes in between.","limit":100,"policy":"sha256:00","#
                + #""reason":"class_budget","remaining":0,"retryAfterMs":1001,"status":429,"tier":"business","#
                + #""title":"Request cannot be satisfied as assigned quota has been exceeded","#
                + #""type":"https://iana.org/assignments/http-problem-types#quota-exceeded"}"#)
        decision.budget = "service"
        #expect(!String(decoding: decision.problem, as: UTF8.self).contains("remaining"))
    }
}
