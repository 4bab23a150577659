internal import Dispatch
internal import Foundation
internal import Synchronization

/// Turns the process's signals into something that can be awaited and counted.
final class SignalWatch: Sendable {
    private let state = Mutex(State())
    private let stops: AsyncStream<Void>

    private struct State {
        var sources: [any DispatchSourceSignal] = []
        var reloads = 0
    }

    /// Takes over `SIGTERM`, `SIGINT` and `SIGHUP`.
    init(_ signals: [Int32]) {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        stops = stream
        let sources = signals.map { number -> any DispatchSourceSignal in
            // SAFETY: ignoring a signal is always allowed; the source below still sees it.
            unsafe signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in
                if number == SIGHUP { self?.state.withLock { $0.reloads += 1 } } else { continuation.yield() }
            }
            source.activate()
            return source
        }
        state.withLock { $0.sources = sources }
    }

    /// How often a reload was asked for.
    var reloadCount: Int { state.withLock { $0.reloads } }

    /// Returns when the process was told to stop.
    func stopRequested() async {
        for await _ in stops { return }
    }
}
