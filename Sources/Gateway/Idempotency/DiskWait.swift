internal import NIOCore
internal import Synchronization

/// Something that goes on once a write is on disk, or has taken too long.
///
/// A disk that stalls must not hold the requests whose answers it is to keep: after a while they go on, and a crash
/// before the disk comes back would lose what they are about.
final class DiskWait: Sendable {
    private let eventLoop: any EventLoop
    private let proceed: @Sendable () -> Void
    private let timer = Mutex(Timer.none)

    private enum Timer {
        case none, running(Scheduled<Void>), over
    }

    /// How long a request waits for the disk at most: far above any write, far below a client's patience.
    static let longest = TimeAmount.seconds(2)

    /// Waits on an event loop.
    init(on eventLoop: any EventLoop, then proceed: @escaping @Sendable () -> Void) {
        self.eventLoop = eventLoop
        self.proceed = proceed
        let scheduled = eventLoop.scheduleTask(in: DiskWait.longest) { [self] in end() }
        timer.withLock { if case .none = $0 { $0 = .running(scheduled) } }
    }

    /// The write is done, or failed; may be called from any thread.
    func arrive() { eventLoop.execute { [self] in end() } }

    private func end() {
        let former = timer.withLock { timer in
            defer { timer = .over }
            return timer
        }
        if case .over = former { return }
        if case .running(let scheduled) = former { scheduled.cancel() }
        proceed()
    }
}
