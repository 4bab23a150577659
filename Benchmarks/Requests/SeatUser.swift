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

    /// What the gate says while one seat more is taken, and after it is given back.
    func answer(_ tenant: TenantKey) throws -> String {
        let now = Nanoseconds(start.count + Nanoseconds.day.count)
        let request = SeatRequest(policy: policy, tenant: tenant, tier: 0)
        guard case .started(let hold) = gate.ask(request, for: self, at: now).course else {
            throw World.Unexpected(text: "the gate does not give a seat at once")
        }
        let during = gate.counts
        gate.finish(hold, .completed, latency: .milliseconds(1), at: now)
        return "\(text(during))\n\(text(gate.counts))\nended twice: \(gate.staleCount)\n"
    }

    private func text(_ counts: SeatCounts) -> String {
        let tiers = counts.tiers.map { "\($0.name) \($0.inUse) in use, \($0.waiting) waiting, refused \($0.refused)" }
        return "\(counts.inUse) of \(counts.limit) in use: " + tiers.joined(separator: "; ")
    }

    func seatsGranted(_ hold: SeatHold, waited: Nanoseconds) {}
    func seatsRefused(_ reason: Reason, retryAfter: Nanoseconds, waited: Nanoseconds) {}
}
