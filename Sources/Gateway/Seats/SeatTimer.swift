internal import NIOCore
internal import Vocabulary

/// The one timer of the gate: set to the earliest moment at which a wait ends.
final class SeatTimer: Sendable {
    private let scheduled: NIOLoopBoundBox<Scheduled<Void>?>

    /// A timer on an event loop.
    init(on eventLoop: any EventLoop) {
        scheduled = NIOLoopBoundBox.makeBoxSendingValue(nil, eventLoop: eventLoop)
    }

    /// Sets the timer anew; may be called from any thread.
    ///
    /// - Parameters:
    ///   - timeLeft: asked on the event loop, so that of two calls that overtake each other neither sets an old moment.
    ///   - body: called when the time is over.
    func set(_ timeLeft: @escaping @Sendable () -> Nanoseconds?, whenOver body: @escaping @Sendable () -> Void) {
        let eventLoop = scheduled.eventLoop
        eventLoop.execute { [scheduled] in
            scheduled.value?.cancel()
            scheduled.value = timeLeft().map { time in
                eventLoop.scheduleTask(in: .nanoseconds(max(0, time.count)), body)
            }
        }
    }
}
