import Synchronization
import Testing
import Vocabulary

@testable import Gateway

@Suite struct `the places of requests whose bodies are still to come` {
    /// Notes who was told what, in order.
    private final class Diary: Sendable {
        let lines = Mutex<[String]>([])

        func teller(_ name: String) -> ArrivingBodies.Tell {
            { isGranted in self.lines.withLock { $0.append(isGranted ? name : "not " + name) } }
        }
    }

    private static func tenant(_ number: Int) -> TenantKey { TenantKey(bits: UInt128(number)) }

    @Test func `go round the tenants, and come back when they are left`() throws {
        let (bodies, diary) = (ArrivingBodies(), Diary())
        func ask(_ tenant: Int, _ name: String) -> ArrivingBodies.Answer {
            bodies.ask("high", of: Self.tenant(tenant), most: 2, waitingMax: 10, tell: diary.teller(name))
        }
        #expect(ask(1, "a") == .granted(1) && ask(1, "b") == .granted(2))
        #expect(ask(1, "c") == .queued(3) && ask(1, "d") == .queued(4) && ask(2, "e") == .queued(5))
        #expect(bodies.isWaitedFor("high") && !bodies.isWaitedFor("low") && bodies.counts == (2, 3))
        #expect(bodies.ask("low", of: Self.tenant(1), most: 1, waitingMax: 0, tell: diary.teller("f")) == .granted(6))
        for number in [UInt64](1...6) { bodies.leave(number) }
        bodies.leave(1)
        #expect(diary.lines.withLock { $0 } == ["c", "e", "d"])
        #expect(bodies.counts == (0, 0) && !bodies.isWaitedFor("high"))
    }

    @Test func `are not for the one who fills the queue when another comes`() {
        let (bodies, diary) = (ArrivingBodies(), Diary())
        func ask(_ tenant: Int, _ name: String) -> ArrivingBodies.Answer {
            bodies.ask("high", of: Self.tenant(tenant), most: 1, waitingMax: 3, tell: diary.teller(name))
        }
        for name in ["a", "b", "c", "d"] { _ = ask(1, name) }
        #expect(ask(1, "e") == .full)
        #expect(ask(2, "f") == .queued(5))
        #expect(diary.lines.withLock { $0 } == ["not d"])
        #expect(ask(2, "g") == .full, "both have as many then")
        bodies.leave(2)
        bodies.leave(1)
        #expect(diary.lines.withLock { $0 } == ["not d", "c"] && bodies.counts == (1, 1))
    }
}
