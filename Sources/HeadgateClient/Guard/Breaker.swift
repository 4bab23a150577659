package import NIOCore

/// Whether the server is asked: a circuit breaker whose probes cost no request anything.
///
/// A machine without clock and sockets. While it is open nobody is asked, so a server that is dead, or that swallows
/// what it is sent, costs a request nothing. Whoever owns the breaker looks for the server in the background, at the
/// times that it says. A probe that is answered proves only that somebody listens; so the next call is a trial, and its
/// failure opens the breaker again, with a longer delay than before.
package struct Breaker: Hashable, Sendable {
    /// Where it stands.
    package enum State: Hashable, Sendable {
        /// The server is asked, and so many calls in a row have failed. Can become open.
        case closed(failures: Int)
        /// Nobody is asked, and it has been so for that many probes. Can become a trial.
        case open(probes: Int)
        /// The server is asked, and the first result decides. Can become closed or open.
        case trial(probes: Int)
    }

    /// What became of a call.
    package enum Report: Hashable, Sendable {
        /// There was an answer, whatever it says.
        case answered
        /// There was none in time, or it was 5xx, or nothing that can be read.
        case failed
        /// Nobody listens: one such result says as much as many of the others.
        case unreachable
    }

    /// What is to be done.
    package enum Action: Hashable, Sendable {
        /// Nothing.
        case nothing
        /// The server is taken to be away: look for it after this time.
        case probe(after: TimeAmount)
        /// The server is there again.
        case letGo
    }

    /// Where it stands.
    package private(set) var state = State.closed(failures: 0)
    private let failuresMax: Int
    private let delayMin: Int64
    private let delayMax: Int64

    /// A closed breaker.
    package init(_ configuration: GuardConfiguration) {
        failuresMax = max(1, configuration.failuresMax)
        delayMin = max(1, configuration.probeDelayMin.nanoseconds)
        delayMax = max(delayMin, configuration.probeDelayMax.nanoseconds)
    }

    /// Whether the server is asked.
    package var asksServer: Bool {
        if case .open = state { false } else { true }
    }

    /// Takes note of what became of a call.
    package mutating func note(_ report: Report, using generator: inout some RandomNumberGenerator) -> Action {
        switch (state, report) {
        case (.closed, .answered):
            state = .closed(failures: 0)
            return .nothing
        case (.closed(let failures), .failed) where failures + 1 < failuresMax:
            state = .closed(failures: failures + 1)
            return .nothing
        case (.closed, _): return open(probes: 0, using: &generator)
        // Calls that were under way when it opened: the probes decide.
        case (.open, _): return .nothing
        case (.trial, .answered):
            state = .closed(failures: 0)
            return .letGo
        case (.trial(let probes), _): return open(probes: probes, using: &generator)
        }
    }

    /// Takes note of what became of the probe that was asked for.
    package mutating func noteProbe(
        isAnswered: Bool, using generator: inout some RandomNumberGenerator
    ) -> Action {
        guard case .open(let probes) = state else { return .nothing }
        guard isAnswered else { return open(probes: probes + 1, using: &generator) }
        state = .trial(probes: probes + 1)
        return .nothing
    }

    /// Doubles the delay with each probe, and draws between half of that and all of it, so that the instances of a
    /// service do not all come back in the same moment.
    private mutating func open(probes: Int, using generator: inout some RandomNumberGenerator) -> Action {
        state = .open(probes: probes)
        var delay = delayMin
        for _ in 0..<min(probes, 62) { delay = delay > delayMax / 2 ? delayMax : delay * 2 }
        return .probe(after: .nanoseconds(Int64.random(in: (delay + 1) / 2...delay, using: &generator)))
    }
}
