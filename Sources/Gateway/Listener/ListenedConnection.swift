internal import NIOCore

/// A connection as the event loop that it lives on sees it, whatever protocol it speaks.
protocol ListenedConnection: AnyObject {
    /// Where the loop keeps this connection, while it does.
    var position: Int? { get set }
    /// When what the connection waits for must have happened.
    var deadline: NIODeadline { get }
    /// Memory that incomplete requests and untaken answers hold, its part of the loop's.
    var memory: Int { get }

    /// Gives memory back, what holds the most first, until the loop holds no more than a number of bytes or this
    /// connection holds nothing.
    func giveBack(untilLoopHolds bytes: Int)
    /// Once per second: news may have to be told.
    func tick()
    /// The deadline is over.
    func timeOut()
    /// Ends the connection as soon as no request is in work.
    func drain()
    /// Ends the connection now.
    func close()
}

extension ListenedConnection {
    func tick() {}
}
