internal import NIOCore
internal import Vocabulary

extension ConnectionHandler {
    /// Waits for something, and sets its deadline.
    ///
    /// A connection that has been waiting for the same thing keeps the deadline it has, unless something has been
    /// achieved since: then the time starts anew.
    func expect(_ next: Wait, anew: Bool) {
        guard anew || next != wait else { return }
        wait = next
        let limits = loop.limits
        switch next {
        case .request: deadline = loop.deadline(in: limits.idleTimeMax)
        case .head: deadline = loop.deadline(in: limits.headTimeMax)
        case .body: deadline = loop.deadline(in: limits.bodyTimeMax)
        case .room: deadline = loop.deadline(in: limits.writeTimeMax)
        case .answer: deadline = .distantFuture
        case .close: deadline = loop.deadline(in: limits.lingerTimeMax)
        }
    }

    /// Gives a body the time that its bytes earn.
    func extendBodyDeadline(by count: Int) {
        deadline = deadline + .nanoseconds(Int64(count) * Nanoseconds.second.count / loop.limits.bodyRateMin)
    }

    /// The deadline is over.
    func timeOut() {
        loop.writer.recycle()
        switch wait {
        case .request: sayGoodbye()
        case .head: fail(.headTimedOut)
        case .body: fail(.bodyTimedOut)
        case .room, .answer, .close: close()
        }
    }
}
