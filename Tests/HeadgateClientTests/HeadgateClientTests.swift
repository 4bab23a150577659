import HeadgateClient
import Logging
import NIOCore
import Synchronization
import Testing

/// The client over a wire that the test holds in its hands.
@Suite struct `the client` {
    private static let call = AdmissionCall(method: "GET", path: "/v1/things/1")

    private static func client(
        _ wire: ScriptedWire, _ change: (inout HeadgateClient.Configuration) -> Void = { _ in }
    ) -> HeadgateClient {
        var configuration = HeadgateClient.Configuration(server: "http://127.0.0.1:1")
        change(&configuration)
        return HeadgateClient(
            configuration: configuration, wire: wire, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Whether a request is admitted, which then is dropped.
    private static func admits(_ client: HeadgateClient) async -> Bool {
        let admission = await client.admit(call)
        return admission.decision.isAdmitted
    }

    @Test func `gives the server's decisions, and a time to each call`() async {
        let wire = ScriptedWire { _ in .success(.decision("throttle", reason: "class_budget")) }
        let client = Self.client(wire) {
            $0.callTimeout = .milliseconds(50)
            $0.waitMax = .seconds(2)
        }
        let decision = await client.check(Self.call)
        #expect(decision.outcome == .throttle && decision.origin == .engine)
        #expect(await Self.admits(client) == false)
        #expect(wire.calls.map(\.path) == ["/v1/check", "/v1/admissions"])
        #expect(wire.calls.map(\.timeMax) == [.milliseconds(50), .milliseconds(2_050)])
    }

    @Test func `asks no more when nobody listens, and again when a probe finds the server`() async {
        let isUp = Mutex(false)
        let wire = ScriptedWire { call in
            guard isUp.withLock({ $0 }) else { return .failure(.unreachable) }
            return .success(call.path == "/healthz" ? WireAnswer(status: 200) : .decision())
        }
        let client = Self.client(wire)
        for _ in 0..<100 {
            let decision = await client.check(Self.call)
            #expect(decision.origin == .localGuard)
        }
        #expect(wire.calls.count == 1 && client.isServerAway)
        wire.runScheduled()
        #expect(wire.calls.last?.path == "/healthz" && client.isServerAway)
        isUp.withLock { $0 = true }
        wire.runScheduled()
        #expect(!client.isServerAway)
        #expect(await client.check(Self.call).origin == .engine)
        #expect(wire.scheduledTimes.isEmpty)
    }

    @Test(arguments: [
        ("critical", Outcome.admit, "fail_open"), ("business", .admit, "fail_open"), ("silver", .admit, "fail_open"),
        ("best-effort", .shed, "fail_closed"),
    ])
    func `fails open or closed by the tier that the server gave last`(
        tier: String, outcome: Outcome, reason: String
    ) async {
        let isUp = Mutex(true)
        let wire = ScriptedWire { _ in
            isUp.withLock { $0 } ? .success(.decision(tier: tier)) : .failure(.timedOut)
        }
        let client = Self.client(wire)
        #expect(await client.check(Self.call).tier == tier)
        isUp.withLock { $0 = false }
        let decision = await client.check(AdmissionCall(method: "GET", path: "/v1/things/2"))
        #expect(decision.outcome == outcome && decision.reason == reason && decision.tier == tier)
        #expect((decision.retryAfter == .seconds(1)) == (outcome == .shed))
    }

    @Test func `holds admissions within the local limit, and gives each place back once`() async {
        let wire = ScriptedWire { _ in .failure(.unreachable) }
        let client = Self.client(wire) {
            $0.localGuard.tiers["business"] = .open(concurrencyMax: 2, perCaller: 2)
        }
        let first = await client.admit(Self.call)
        let second = await client.admit(Self.call)
        let decisions = [first.decision, second.decision]
        #expect(decisions.map(\.reason) == ["fail_open", "fail_open"])
        let third = await client.admit(Self.call)
        let refusal = third.decision
        #expect(refusal.reason == "concurrency_limit" && refusal.outcome == .shed)
        third.abandoned()
        first.completed(status: 200)
        for _ in 0..<3 { #expect(await Self.admits(client)) }  // each is dropped
        let fourth = await client.admit(Self.call)
        #expect(await Self.admits(client) == false)
        fourth.failed()
        second.completed()
        #expect(await Self.admits(client))
    }

    @Test func `ends an admission once, with how it has ended`() async throws {
        let wire = ScriptedWire { call in
            .success(call.method == .post ? .decision(lease: "a1") : WireAnswer(status: 204))
        }
        let client = Self.client(wire)
        var call = Self.call
        call.credential = "key"
        let admission = await client.admit(call)
        admission.failed(status: 502)
        do { _ = await client.admit(call) }
        let endings = wire.calls.filter { $0.method == .delete }
        #expect(endings.map(\.path) == ["/v1/admissions/a1", "/v1/admissions/a1"])
        let bodies = endings.map { String(buffer: $0.body) }
        #expect(bodies[0].contains(#""outcome":"failed","status":502"#) && bodies[0].contains(#""credential":"key""#))
        #expect(bodies[1].contains(#""outcome":"abandoned""#))
    }

    @Test func `renews what is held, and nothing that has ended or is unknown`() async {
        let isKnown = Mutex(true)
        let wire = ScriptedWire { call in
            switch call.method {
            case .post: .success(.decision(lease: "a1"))
            case .put: .success(WireAnswer(status: isKnown.withLock { $0 } ? 200 : 404))
            case .delete, .get: .success(WireAnswer(status: 204))
            }
        }
        let client = Self.client(wire) { $0.leaseTime = .seconds(30) }
        let admission = await client.admit(Self.call)
        #expect(wire.scheduledTimes == [.seconds(5)])
        for _ in 0..<6 { wire.runScheduled() }
        #expect(wire.calls.count { $0.method == .put } == 3)
        isKnown.withLock { $0 = false }
        for _ in 0..<2 { wire.runScheduled() }
        #expect(wire.calls.count { $0.method == .put } == 4)
        for _ in 0..<4 { wire.runScheduled() }
        #expect(wire.calls.count { $0.method == .put } == 4 && wire.scheduledTimes.isEmpty)
        admission.completed()
        #expect(!wire.calls.contains { $0.method == .delete })
    }

    @Test func `tries again to give seats back, and then leaves it to the lease`() async {
        let wire = ScriptedWire { call in
            call.method == .post ? .success(.decision(lease: "a1")) : .failure(.timedOut)
        }
        let client = Self.client(wire)
        let admission = await client.admit(Self.call)
        admission.completed()
        for _ in 0..<10 { wire.runScheduled() }
        #expect(wire.calls.count { $0.method == .delete } == 3)
        #expect(wire.scheduledTimes.isEmpty)
    }

    @Test(arguments: [500, 502, 503, 408, 429])
    func `takes an answer that is none for a failure of the server`(status: Int) async {
        let wire = ScriptedWire { _ in .success(WireAnswer(status: status)) }
        let client = Self.client(wire)
        for _ in 0..<3 { #expect(await client.check(Self.call).reason == "fail_open") }
        #expect(client.isServerAway)
    }

    @Test(arguments: [400, 413, 422])
    func `refuses what the server does not understand: it is not away`(status: Int) async {
        let wire = ScriptedWire { _ in .success(WireAnswer(status: status)) }
        let client = Self.client(wire)
        for _ in 0..<10 {
            let decision = await client.check(Self.call)
            #expect(decision.outcome == .shed && decision.reason == "fail_closed")
        }
        #expect(!client.isServerAway && wire.calls.count == 10)
    }

    @Test(arguments: [401, 403, 404])
    func `lets requests go on by tier when it is this client that is not let in`(status: Int) async {
        let wire = ScriptedWire { _ in .success(WireAnswer(status: status)) }
        let client = Self.client(wire)
        for _ in 0..<5 { #expect(await client.check(Self.call).reason == "fail_open") }
        #expect(!client.isServerAway)
    }

    @Test func `gives a call up when its task is cancelled, and blames nobody`() async {
        let wire = ScriptedWire { _ in nil }
        let client = Self.client(wire)
        for _ in 0..<5 {
            let task = Task {
                let admission = await client.admit(Self.call)
                return admission.decision
            }
            task.cancel()
            let decision = await task.value
            #expect(!decision.isAdmitted && decision.reason == "client_closed")
        }
        #expect(wire.heldCount == 0 && !client.isServerAway)
    }

    @Test func `closes its connections when nobody has it any more`() {
        let wire = ScriptedWire { _ in nil }
        do { _ = Self.client(wire) }
        #expect(wire.isClosed)
    }
}
