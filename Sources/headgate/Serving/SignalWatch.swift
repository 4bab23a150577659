internal import Dispatch
internal import Foundation
internal import Synchronization

/// Turns the process's signals into something that can be awaited and counted.
final class SignalWatch: Sendable {
    private let reloads: Counter
    private let stops: AsyncStream<Void>
    // SAFETY: only kept alive; nobody touches the sources after the initializer.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    /// A number that signal handlers raise.
    private final class Counter: Sendable {
        private let value = Atomic(0)
        func raise() { value.add(1, ordering: .relaxed) }
        var count: Int { value.load(ordering: .relaxed) }
    }

    /// Takes over `SIGTERM` and `SIGINT`, which ask to stop, and `SIGHUP`, which asks to reload.
    init() {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let reloads = Counter()
        self.reloads = reloads
        stops = stream
        // SAFETY: the first and only write.
        unsafe sources = [SIGTERM, SIGINT, SIGHUP].map { number -> any DispatchSourceSignal in
            // The default action would end the process; the source below still sees the signal.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if number == SIGHUP { reloads.raise() } else { continuation.yield() }
            }
            source.activate()
            return source
        }
    }

    /// How often a reload was asked for.
    var reloadCount: Int { reloads.count }

    /// Returns when the process was told to stop.
    func stopRequested() async {
        for await _ in stops { return }
    }
}
