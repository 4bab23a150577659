import AdmissionTestSupport
import HeadgateClient
import NIOCore
import Testing

/// Who is admitted while the server is away.
@Suite struct `the local guard` {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private static func call(_ method: String, _ path: String, by caller: String? = nil) -> AdmissionCall {
        var call = AdmissionCall(method: method, path: path)
        call.credential = caller
        return call
    }

    private static func answer(_ tier: String, class trafficClass: String = "work") -> Decision {
        var decision = Decision(outcome: .admit, reason: "borrowed", tier: tier, origin: .engine)
        decision.operation = "some"
        decision.trafficClass = trafficClass
        return decision
    }

    @Test func `lets critical and business work go on by default, and best effort wait`() {
        var configuration = GuardConfiguration()
        configuration.rules = [
            .init(pathPrefix: "/critical", tier: "critical"), .init(pathPrefix: "/late", tier: "best-effort"),
            .init(pathPrefix: "/strange", tier: "quarantine"), .init(pathPrefix: "/other", tier: "silver"),
        ]
        var guarded = LocalGuard(configuration)
        let tiers = ["/critical", "/business", "/other"].map { path in
            if case .admit(let place) = guarded.decide(Self.call("GET", path), .untilFinished, at: Self.start) {
                place.tier
            } else {
                "refused"
            }
        }
        #expect(tiers == ["critical", "business", "silver"])
        let late = guarded.decide(Self.call("GET", "/late/1"), .untilFinished, at: Self.start)
        #expect(late == .closed(tier: "best-effort"))
        let strange = guarded.decide(Self.call("GET", "/strange/1"), .untilFinished, at: Self.start)
        #expect(strange == .closed(tier: "quarantine"))
    }

    @Test func `takes the tier that the server has said, before rules and default`() {
        var configuration = GuardConfiguration()
        configuration.rules = [.init(method: "GET", pathPrefix: "/v1/", tier: "best-effort")]
        var guarded = LocalGuard(configuration)
        let call = Self.call("GET", "/v1/envelopes/7?full=1")
        #expect(guarded.tier(of: call) == "best-effort")
        #expect(guarded.tier(of: Self.call("PUT", "/v1/envelopes/7")) == "business")
        guarded.learn(from: Self.answer("critical"), of: call)
        #expect(guarded.tier(of: Self.call("GET", "/v1/envelopes/8")) == "critical")
        #expect(guarded.tier(of: Self.call("GET", "/v1/envelopes/8/pages")) == "best-effort")
    }

    @Test func `learns nothing from what the policy does not know`() {
        var guarded = LocalGuard(GuardConfiguration())
        var answer = Self.answer("quarantine")
        answer.operation = nil
        guarded.learn(from: answer, of: Self.call("GET", "/made/up"))
        #expect(guarded.tier(of: Self.call("GET", "/made/up")) == "business")
    }

    /// One guess with a wrong key must not close a route for everybody.
    @Test(
        arguments: [
            (Outcome.block, "unknown_credential", "quarantine"), (.block, "credential_revoked", "quarantine"),
            (.admit, "within_guarantee", "quarantine"), (.throttle, "quarantined", "best-effort"),
            (.block, "region_not_allowed", "best-effort"), (.challenge, "step_up_required", "best-effort"),
        ] as [(Outcome, String, String)])
    func `learns nothing of a route from what is about its caller`(
        outcome: Outcome, reason: String, tier: String
    ) {
        var guarded = LocalGuard(GuardConfiguration())
        let call = Self.call("POST", "/v1/envelopes/7/signatures")
        guarded.learn(from: Self.answer("critical"), of: call)
        var answer = Decision(outcome: outcome, reason: reason, tier: tier, origin: .engine)
        answer.operation = "submit-signature"
        guarded.learn(from: answer, of: call)
        #expect(guarded.tier(of: call) == "critical")
    }

    @Test func `learns the tier of a route from refusals that are about its budget`() {
        var guarded = LocalGuard(GuardConfiguration())
        var answer = Decision(outcome: .throttle, reason: "class_budget", tier: "critical", origin: .engine)
        answer.operation = "submit-signature"
        guarded.learn(from: answer, of: Self.call("POST", "/v1/signatures"))
        #expect(guarded.tier(of: Self.call("POST", "/v1/signatures")) == "critical")
    }

    @Test func `honours a claim only of the caller whom the server has believed`() {
        var guarded = LocalGuard(GuardConfiguration())
        var worker = Self.call("POST", "/v1/replays", by: "worker")
        worker.trafficClass = "recovery"
        var liar = worker
        liar.credential = "liar"
        guarded.learn(from: Self.answer("best-effort"), of: Self.call("POST", "/v1/replays"))
        guarded.learn(from: Self.answer("critical", class: "recovery"), of: worker)
        guarded.learn(from: Self.answer("best-effort", class: "integration"), of: liar)
        #expect(guarded.tier(of: worker) == "critical")
        #expect(guarded.tier(of: liar) == "best-effort")
    }

    @Test func `counts what the server has admitted against what it admits itself`() {
        var configuration = GuardConfiguration()
        configuration.tiers["business"] = .open(concurrencyMax: 3, perCaller: 3)
        var guarded = LocalGuard(configuration)
        let places = (0..<5).map { _ in guarded.occupy(tier: "business", caller: "a") }
        let call = Self.call("GET", "/x", by: "b")
        for place in places[..<2] {
            #expect(guarded.decide(call, .untilFinished, at: Self.start) == .full(tier: "business"))
            guarded.leave(place)
        }
        #expect(guarded.decide(call, .untilFinished, at: Self.start) == .full(tier: "business"))
        guarded.leave(places[2])
        #expect(guarded.decide(call, .untilFinished, at: Self.start) == .admit(.init(tier: "business", caller: "b")))
    }

    @Test func `keeps one caller from taking the places of all`() {
        var configuration = GuardConfiguration()
        configuration.tiers["business"] = .open(concurrencyMax: 4, perCaller: 2)
        var guarded = LocalGuard(configuration)
        let admitted = ["loud", "loud", "loud", "quiet", nil, nil].map { caller in
            if case .admit = guarded.decide(Self.call("GET", "/", by: caller), .untilFinished, at: Self.start) {
                true
            } else {
                false
            }
        }
        #expect(admitted == [true, true, false, true, true, false])
    }

    @Test func `lets a place of a call without end run out`() {
        var configuration = GuardConfiguration()
        configuration.tiers["business"] = .open(concurrencyMax: 1, perCaller: 1)
        configuration.checkTime = .seconds(1)
        var guarded = LocalGuard(configuration)
        let call = Self.call("GET", "/")
        let admitted = ([0, 999_999_999, 1_000_000_000, 1_500_000_000, 2_000_000_000] as [Int64]).map { offset in
            if case .admit = guarded.decide(call, .untilForgotten, at: Self.start + .nanoseconds(offset)) {
                true
            } else {
                false
            }
        }
        #expect(admitted == [true, false, true, false, true])
    }

    /// A list of everything that runs is the oracle.
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `never admits beyond a limit, and refuses nothing that fits`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let tiers = ["critical", "business", "best-effort"]
        let callers: [String?] = [nil, "a", "b", "c"]
        var configuration = GuardConfiguration()
        configuration.tiers = [
            "critical": .open(concurrencyMax: 9, perCaller: 4), "business": .open(concurrencyMax: 3, perCaller: 2),
            "best-effort": .closed,
        ]
        configuration.rules = tiers.map { .init(pathPrefix: "/\($0)", tier: $0) }
        configuration.checkTime = .milliseconds(50)
        var guarded = LocalGuard(configuration)
        var running: [(place: LocalPlaces.Place, end: NIODeadline?)] = []
        var now = Self.start
        for step in 0..<5_000 {
            now = now + .microseconds(Int64.random(in: 0...20_000, using: &generator))
            running.removeAll { $0.end.map { $0 <= now } ?? false }
            let tier = tiers[Int.random(in: 0..<3, using: &generator)]
            let caller = callers[Int.random(in: 0..<4, using: &generator)]
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: running.append((guarded.occupy(tier: tier, caller: caller), nil))
            case 1...4:
                guard let index = running.indices.filter({ running[$0].end == nil }).randomElement(using: &generator)
                else { continue }
                guarded.leave(running.remove(at: index).place)
            default:
                let limits = configuration.limits(of: tier)
                let ofTier = running.count { $0.place.tier == tier }
                let ofCaller = running.count { $0.place.tier == tier && $0.place.caller == caller }
                let fits = ofTier < limits.concurrencyMax && ofCaller < limits.concurrencyPerCallerMax
                let isEndless = Bool.random(using: &generator)
                let verdict = guarded.decide(
                    Self.call("GET", "/\(tier)", by: caller), isEndless ? .untilForgotten : .untilFinished, at: now)
                switch verdict {
                case .admit(let place):
                    #expect(fits, "seed \(seed), step \(step)")
                    running.append((place, isEndless ? now + .milliseconds(50) : nil))
                case .full: #expect(!fits && limits.isOpen, "seed \(seed), step \(step)")
                case .closed: #expect(tier == "best-effort", "seed \(seed), step \(step)")
                }
            }
            #expect(guarded.places.count(of: tier) >= running.count { $0.place.tier == tier }, "seed \(seed)")
        }
    }
}
