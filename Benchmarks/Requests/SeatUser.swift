import Admission
import Gateway
import NIOCore
import NIOEmbedded
import Policy
import Vocabulary

/// One who asks for seats and gives them back; never waits, since no two are taken at once.
final class SeatUser: SeatWaiter {
    let eventLoop: any EventLoop = EmbeddedEventLoop()
    private let policy: Snapshot
    private let gate: SeatGate
    private let start: Nanoseconds

    init(policy: Snapshot, at now: Nanoseconds) {
        self.policy = policy
        start = now
        gate = SeatGate(policy: policy, on: eventLoop, at: now)
    }

    /// Takes and gives back so many seats, tenant after tenant.
    func run(_ count: Int, _ tenants: [TenantKey]) throws {
        for number in 0..<count {
            let now = Nanoseconds(start.count + Int64(number) * 10_000)
            let request = SeatRequest(policy: policy, tenant: tenants[number % tenants.count], tier: 0)
            guard case .started(let hold) = gate.ask(request, for: self, at: now).course else {
                throw World.Unexpected(text: "the gate does not give a seat at once")
            }
            let end = Nanoseconds(now.count + 5_000)
            gate.finish(hold, .completed, latency: .milliseconds(1), at: end)
        }
    }

    func seatsGranted(_ hold: SeatHold, waited: Nanoseconds) {}
    func seatsRefused(_ reason: Reason, retryAfter: Nanoseconds, waited: Nanoseconds) {}
}
