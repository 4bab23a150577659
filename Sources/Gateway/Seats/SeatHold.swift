package import NIOCore
package import Vocabulary

/// Seats that a request holds or waits for.
///
/// May be copied, because the one who waits and the one who grants meet on different threads; what it names ends once
/// all the same, since its generation goes when it ends and no copy finds it again.
package struct SeatHold: Hashable, Sendable, BitwiseCopyable {
    /// Where it stands in the gate's table.
    let index: Int32
    /// How many stood there before.
    let generation: UInt32
    /// The seats it holds; 0 while it waits.
    ///
    /// A wide request may be given fewer than it asked for.
    package let seats: UInt16
}

/// What a request that asks for seats is told at once.
package struct SeatAnswer: Hashable, Sendable {
    /// What becomes of it.
    package let course: Course
    /// How many seats its tier can still be given at once; none if it has to wait, -1 if it was refused.
    let left: Int
    /// How many seats are its tier's own.
    let reserved: Int

    /// What becomes of a request.
    package enum Course: Hashable, Sendable {
        /// It runs; whoever has this ends it.
        case started(SeatHold)
        /// It waits; its waiter hears of it.
        case queued(SeatHold)
        /// It is refused.
        case refused(Reason, retryAfter: Nanoseconds)
    }
}

/// One who waits for seats.
///
/// Exactly one of the two methods is called, once and on the event loop, unless the hold is cancelled on that loop
/// before.
package protocol SeatWaiter: AnyObject, Sendable {
    /// Where it is called.
    var eventLoop: any EventLoop { get }
    /// The request runs from now on; whoever has this hold ends it.
    func seatsGranted(_ hold: SeatHold, waited: Nanoseconds)
    /// The request is refused: its wait has ended, or its place was needed.
    func seatsRefused(_ reason: Reason, retryAfter: Nanoseconds, waited: Nanoseconds)
}
