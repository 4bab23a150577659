import Testing
import Vocabulary

@testable import Access

@Suite struct `the throttle of sign-ins` {
    private let home = at("192.0.2.1")

    private static func at(_ address: String, device: DeviceToken? = nil) -> SignInOrigin {
        .outside(address: address, device: device)
    }

    /// How often an attacker who never waits in vain gets through in some time, from a number of addresses.
    private func guesses(
        _ throttle: inout SignInThrottle, at name: OperatorName?, from addresses: [SignInOrigin], seconds: Int64
    ) -> Int {
        var count = 0
        for second in 0..<seconds {
            for address in addresses {
                let answer = throttle.attempt(by: name, from: address, at: Samples.noon.plus(seconds: second))
                count += answer == .proceed ? 1 : 0
            }
        }
        return count
    }

    @Test func `lets the first three failures be and then waits twice as long each time, up to a minute`() throws {
        var throttle = SignInThrottle()
        let ada = try Samples.name("ada")
        var now = Samples.noon
        var waits: [Int64] = []
        for _ in 0..<16 {
            if case .wait(let milliseconds) = throttle.attempt(by: ada, from: home, at: now) {
                waits.append(milliseconds)
                now = WallTime(milliseconds: now.milliseconds + milliseconds)
                #expect(throttle.attempt(by: ada, from: home, at: now) == .proceed, "waiting ends when it was said to")
            }
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60].map { $0 * 1_000 })
    }

    @Test func `counts attempts before they are judged`() throws {
        var throttle = SignInThrottle()
        let ada = try Samples.name("ada")
        let answers = (0..<1_000).map { _ in throttle.attempt(by: ada, from: home, at: Samples.noon) }
        #expect(answers.count { $0 == .proceed } == 4)
    }

    @Test func `forgets when somebody signs in, and what was not judged`() throws {
        var throttle = SignInThrottle()
        let ada = try Samples.name("ada")
        for _ in 0..<100 {
            #expect(throttle.attempt(by: ada, from: home, at: Samples.noon) == .proceed)
            throttle.succeeded(by: ada, from: home)
        }
        for _ in 0..<100 {
            #expect(throttle.attempt(by: ada, from: home, at: Samples.noon) == .proceed)
            throttle.abandoned(by: ada, from: home)
        }
    }

    @Test func `does not let an account of one's own pay for guesses at others`() throws {
        var throttle = SignInThrottle()
        let mallory = try Samples.name("mallory")
        var guessed = 0
        for number in 0..<1_000 {
            if throttle.attempt(by: mallory, from: home, at: Samples.noon) == .proceed {
                throttle.succeeded(by: mallory, from: home)
            }
            let victim = try Samples.name("victim\(number)")
            guessed += throttle.attempt(by: victim, from: home, at: Samples.noon) == .proceed ? 1 : 0
        }
        #expect(guessed <= 21)
    }

    @Test func `cannot be used to lock an operator out where they usually sign in`() throws {
        var throttle = SignInThrottle()
        let ada = try Samples.name("ada")
        _ = throttle.attempt(by: ada, from: home, at: Samples.noon)
        throttle.succeeded(by: ada, from: home)
        let attackers = (0..<200).map { Self.at("198.51.100.\($0)") }
        let guessed = guesses(&throttle, at: ada, from: attackers, seconds: 600)
        #expect(guessed <= 21 + 600 / 30 + 6, "were \(guessed): many addresses together are slow, too")
        let now = Samples.noon.plus(seconds: 600)
        #expect(throttle.attempt(by: ada, from: home, at: now) == .proceed)
    }

    @Test func `lets in whoever has signed in on a device before, whatever others do at the same address`() throws {
        var throttle = SignInThrottle()
        let ada = try Samples.name("ada")
        var generator = SeededGenerator(seed: 22)
        let device = DeviceToken(using: &generator)
        throttle.remember(device, of: ada)
        let own = Self.at("192.0.2.1", device: device)
        for second in 0..<600 as Range<Int64> {
            for name in ["ada", "bo", "cleo", "x\(second)"] {
                _ = throttle.attempt(by: try Samples.name(name), from: home, at: Samples.noon.plus(seconds: second))
            }
        }
        let now = Samples.noon.plus(seconds: 599)
        #expect(throttle.isKnown(ada, from: own) && !throttle.isKnown(ada, from: home))
        #expect(throttle.attempt(by: ada, from: own, at: now) == .proceed)
        #expect(throttle.attempt(by: try Samples.name("bo"), from: own, at: now) != .proceed, "it is ada's device")
        throttle.forget(ada)
        #expect(throttle.attempt(by: ada, from: own, at: now) != .proceed, "and not any more, once it may be another's")
    }

    @Test func `keeps nobody waiting for more than a minute where they have signed in before`() throws {
        var throttle = SignInThrottle()
        let ada = try Samples.name("ada")
        _ = throttle.attempt(by: ada, from: home, at: Samples.noon)
        throttle.succeeded(by: ada, from: home)
        for second in 0..<3_600 as Range<Int64> {
            for name in [ada, try Samples.name("x\(second)")] {
                _ = throttle.attempt(by: name, from: home, at: Samples.noon.plus(seconds: second))
            }
        }
        #expect(throttle.attempt(by: ada, from: home, at: Samples.noon.plus(seconds: 3_600 + 60)) == .proceed)
    }

    @Test func `counts a device and a session apart from everything else, and slows them down too`() throws {
        var generator = SeededGenerator(seed: 23)
        let ada = try Samples.name("ada")
        let device = DeviceToken(using: &generator)
        for origin in [Self.at("192.0.2.1", device: device), .session(id: "s1")] {
            var throttle = SignInThrottle()
            throttle.remember(device, of: ada)
            let answers = (0..<100).map { _ in throttle.attempt(by: ada, from: origin, at: Samples.noon) }
            #expect(answers.count { $0 == .proceed } == 6)
            #expect(throttle.attempt(by: ada, from: .session(id: "s2"), at: Samples.noon) == .proceed)
            #expect(throttle.attempt(by: ada, from: home, at: Samples.noon) == .proceed)
            let later = Samples.noon.plus(seconds: 1)
            #expect(throttle.attempt(by: ada, from: origin, at: later) == .proceed)
            throttle.succeeded(by: ada, from: origin)
            #expect(throttle.attempt(by: ada, from: origin, at: later) == .proceed)
        }
    }

    @Test func `closes a name elsewhere for half a minute at most`() throws {
        var throttle = SignInThrottle()
        let ada = try Samples.name("ada")
        _ = guesses(&throttle, at: ada, from: (0..<200).map { Self.at("198.51.100.\($0)") }, seconds: 600)
        let answer = throttle.attempt(by: ada, from: home, at: Samples.noon.plus(seconds: 600))
        if case .wait(let milliseconds) = answer { #expect(milliseconds <= 30_000) }
        #expect(throttle.attempt(by: ada, from: home, at: Samples.noon.plus(seconds: 631)) == .proceed)
    }

    @Test func `slows one address down, whatever names it tries, also such as cannot be`() {
        var throttle = SignInThrottle()
        #expect(guesses(&throttle, at: nil, from: [home], seconds: 3_600) <= 21 + 9 + 12)
    }

    @Test func `stays bounded and keeps the newest when it is flooded`() throws {
        var table = BackoffTable<Int>(rule: Backoff.Rule(freeCount: 0, waitMaxMilliseconds: 60_000), countMax: 100)
        for key in 0..<10_000 {
            table.count(key, at: Samples.noon.plus(seconds: Int64(key)))
            #expect(table.count <= 100)
        }
        #expect(table.wait(for: 9_999, at: Samples.noon.plus(seconds: 9_999)) == 1_000)
        #expect(table.wait(for: 0, at: Samples.noon) == 0)
    }

    @Test func `begins anew after a day, or when the clock goes back`() throws {
        var backoff = Backoff(at: Samples.noon)
        let rule = Backoff.Rule(freeCount: 0, waitMaxMilliseconds: 2 * Backoff.memoryMilliseconds)
        for _ in 0..<100 { backoff.count(at: Samples.noon) }
        #expect(backoff.wait(at: Samples.noon, rule) == 2 * Backoff.memoryMilliseconds)
        #expect(backoff.wait(at: Samples.noon.plus(seconds: 86_399), rule) > 0)
        #expect(backoff.wait(at: Samples.noon.plus(seconds: 86_400), rule) == 0)
        #expect(backoff.wait(at: Samples.noon.plus(seconds: -1), rule) == 0)
        backoff.count(at: Samples.noon.plus(seconds: 86_400))
        #expect(backoff.wait(at: Samples.noon.plus(seconds: 86_400), rule) == 1_000)
    }
}
