import Admission
import AdmissionTestSupport
import Policy
import Testing
import Vocabulary

@Suite struct `the course of health` {
    private static let settle = Nanoseconds.seconds(10)

    @Test func `is worse at once, and better one step at a time after a while`() {
        var course = HealthCourse()
        #expect(course.present == .stressed, "nobody has said anything yet")
        let isWorse = course.take(.overloaded, settle: Self.settle, at: .zero)
        #expect(isWorse && course.present == .overloaded)
        var seen: [Health] = []
        for second in Int64(1)...40 {
            if course.take(.spare, settle: Self.settle, at: .seconds(second)) { seen.append(course.present) }
        }
        #expect(seen == [.stressed, .steady, .spare])
        let isWorseAgain = course.take(.steady, settle: Self.settle, at: .seconds(41))
        #expect(isWorseAgain && course.present == .steady)
    }

    @Test(arguments: [UInt64](1...20)) func `does not flap, whatever is told`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var course = HealthCourse()
        var lastBetter: Int64 = .min / 2
        for step in 0..<5_000 {
            let now = Int64(step) * 100_000_000
            let seen = Health.allCases.randomElement(using: &random) ?? .spare
            let before = course.present
            let hasChanged = course.take(seen, settle: Self.settle, at: Nanoseconds(now))
            #expect(course.present >= min(before, seen) && (seen < before || course.present == seen), "seed \(seed)")
            guard hasChanged, course.present < before else { continue }
            #expect(course.present == before.better && now - lastBetter >= Self.settle.count, "seed \(seed)")
            lastBetter = now
        }
    }
}

@Suite struct `the board of signals` {
    private static let policy = HealthPolicy(signals: [
        .init(name: "alarm", absent: .spare),
        .init(name: "load", marks: .init(steady: 60, stressed: 80, overloaded: 95)),
        .init(
            name: "room", marks: .init(steady: nil, stressed: 20, overloaded: 5, isFalling: true), absent: .steady),
    ])
    private static func health(_ board: SignalBoard, _ index: Int, at second: Int64) -> Health {
        board.health(of: policy.signals[index], at: .seconds(second))
    }

    @Test func `says what numbers mean, whether they rise or fall`() throws {
        var board = SignalBoard()
        func told(_ name: String, _ number: Int64, _ index: Int) throws -> Health {
            try board.tell(name, .number(number), lasting: .seconds(5), by: Self.policy, at: .zero)
            return Self.health(board, index, at: 1)
        }
        let rooms = try [100, 21, 20, 6, 5, 3].map { try told("room", $0, 2) }
        #expect(rooms == [.spare, .spare, .stressed, .stressed, .overloaded, .overloaded])
        let loads = try [0, 59, 60, 79, 80, 94, 95, 1_000].map { try told("load", $0, 1) }
        #expect(
            loads == [.spare, .spare, .steady, .steady, .stressed, .stressed, .overloaded, .overloaded])
    }

    @Test func `forgets by itself`() throws {
        var board = SignalBoard()
        try board.tell("alarm", .health(.overloaded), lasting: .seconds(5), by: Self.policy, at: .seconds(10))
        #expect(Self.health(board, 0, at: 14) == .overloaded)
        #expect(Self.health(board, 0, at: 15) == .spare, "what holds while nobody tells it")
        board.expire(by: Self.policy, at: .seconds(15))
        #expect(board.entry("alarm") == nil && Self.health(board, 1, at: 15) == .stressed)
        try board.tell("alarm", .health(.stressed), lasting: Nanoseconds(.max), by: Self.policy, at: .seconds(20))
        #expect(Self.health(board, 0, at: 1_000_000) == .stressed, "no overflow")
        let wasTold = board.retract("alarm")
        let isTold = board.retract("alarm")
        #expect(wasTold && !isTold)
    }

    @Test func `takes only what the policy gives a meaning`() {
        var board = SignalBoard()
        func refusal(_ name: String, _ value: SignalBoard.Value, _ policy: HealthPolicy?) -> SignalBoard.Refusal? {
            do throws(SignalBoard.Refusal) {
                try board.tell(name, value, lasting: .second, by: policy, at: .zero)
                return nil
            } catch { return error }
        }
        #expect(refusal("nothing", .health(.spare), Self.policy) == .unknown)
        #expect(refusal("alarm", .health(.spare), nil) == .unknown)
        #expect(refusal("alarm", .number(3), Self.policy) == .hasNoMarks)
        #expect(refusal("load", .health(.spare), Self.policy) == .hasMarks)
        #expect(refusal("load", .number(3), Self.policy) == nil)
        board.expire(by: HealthPolicy(signals: [.init(name: "load")]), at: .zero)
        #expect(board.entry("load") == nil, "another policy wants a word")
    }
}

@Suite struct `the gauge of answers` {
    /// Feeds so many seconds of a hundred answers each.
    private func feed(
        _ gauge: inout UpstreamGauge, from second: Int64, seconds: Int64, latency: Int64, failures: Int = 0
    ) {
        for step in 0..<seconds * 100 {
            gauge.note(
                latency: .milliseconds(latency), isFailure: step % 100 < failures,
                at: Nanoseconds((second * 100 + step + 1) * 10_000_000))
        }
    }

    @Test func `sees failures and slowness, and that they are over`() throws {
        let marks = HealthPolicy.Upstream()
        var gauge = UpstreamGauge(at: .zero)
        #expect(gauge.reading(at: .zero) == nil && marks.health(of: nil) == .steady)
        feed(&gauge, from: 0, seconds: 5, latency: 10)
        #expect(marks.health(of: gauge.reading(at: .seconds(5))) == .spare)
        feed(&gauge, from: 5, seconds: 2, latency: 10, failures: 3)
        #expect(marks.health(of: gauge.reading(at: .seconds(7))) == .steady)
        feed(&gauge, from: 7, seconds: 2, latency: 10, failures: 6)
        #expect(marks.health(of: gauge.reading(at: .seconds(9))) == .stressed)
        feed(&gauge, from: 9, seconds: 2, latency: 10)
        #expect(marks.health(of: gauge.reading(at: .seconds(11))) == .spare)
        feed(&gauge, from: 11, seconds: 2, latency: 25)
        #expect(marks.health(of: gauge.reading(at: .seconds(13))) == .stressed)
        #expect(gauge.reading(at: .seconds(60)) == nil, "what is old says nothing")
    }

    @Test func `takes slow for usual after some minutes, and fast soon`() throws {
        let marks = HealthPolicy.Upstream()
        var gauge = UpstreamGauge(at: .zero)
        feed(&gauge, from: 0, seconds: 5, latency: 10)
        feed(&gauge, from: 5, seconds: 200, latency: 30)
        #expect(marks.health(of: gauge.reading(at: .seconds(205))) == .spare)
        feed(&gauge, from: 205, seconds: 20, latency: 10)
        feed(&gauge, from: 225, seconds: 2, latency: 25)
        #expect(marks.health(of: gauge.reading(at: .seconds(227))) == .stressed)
    }
}

@Suite struct `tenants with failures` {
    @Test func `are held from too large a share on, for as long as a window lasts`() {
        let errors = HealthPolicy.TenantErrors(shareBasisPoints: 1_000, least: 20, window: .seconds(60))
        let watch = TenantErrorWatch(errors)
        func firstHold(everyOther: Int, tenant: Int) -> Int? {
            (1...100).first { request in
                watch.note(
                    request % everyOther == 0, of: .numbered(tenant), at: Nanoseconds(Int64(request) * 1_000_000))
                    != nil
            }
        }
        #expect(firstHold(everyOther: 12, tenant: 1) == nil, "one in twelve is no tenth")
        #expect(firstHold(everyOther: 5, tenant: 2) == 20, "not before there are enough")
        #expect(watch.note(true, of: .numbered(3), at: .zero) == nil)
    }

    @Test func `are forgotten when their time is over, and never too many`() {
        var held = HeldTenants()
        let wasNew = held.hold(.numbered(1), until: .seconds(5))
        let isNew = held.hold(.numbered(1), until: .seconds(7))
        let isOver = held.expire(at: .seconds(6))
        #expect(wasNew && !isNew && !isOver && held.tenants == [.numbered(1)])
        let isOverNow = held.expire(at: .seconds(7))
        #expect(isOverNow && held.count == 0)
        for tenant in 0..<HeldTenants.countMax + 10 { _ = held.hold(.numbered(tenant), until: .seconds(Int64(tenant))) }
        #expect(held.count == HeldTenants.countMax && !held.tenants.contains(.numbered(0)))
    }
}
