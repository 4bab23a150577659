internal import NIOCore
internal import Vocabulary

extension ConnectionHandler {
    /// Says what the connection waits for after its requests have been answered, or ends it.
    ///
    /// - Parameters:
    ///   - isDry: whether all complete requests are answered, none held back.
    ///   - progress: how much of the next request is there.
    ///   - anew: whether a request has been answered since the connection began to wait.
    ///   - writer: for the last words.
    func waitForMore(
        _ isDry: Bool, _ progress: HTTPRequestParser.Progress, anew: Bool, _ writer: inout HTTPResponseWriter
    ) {
        switch progress {
        case _ where !isDry: expect(.room, anew: anew)
        case .nothing where inputHasEnded: sayGoodbye(&writer)
        case .head where inputHasEnded, .body where inputHasEnded: fail(.truncated, &writer)
        case .nothing: expect(.request, anew: anew)
        case .head: expect(.head, anew: anew)
        case .body: expect(.body, anew: anew)
        }
    }

    /// Waits for something, and sets its deadline.
    ///
    /// A connection that has been waiting for the same thing keeps the deadline it has, unless something has been
    /// achieved since: then the time starts anew.
    func expect(_ next: Wait, anew: Bool) {
        guard anew || next != wait else { return }
        wait = next
        switch next {
        case .request: deadline = loop.deadline(in: loop.idleTimeMax)
        case .head: deadline = loop.deadline(in: loop.limits.headTimeMax)
        case .body: deadline = loop.deadline(in: loop.limits.bodyTimeMax)
        case .room: deadline = loop.deadline(in: loop.limits.writeTimeMax)
        case .answer: deadline = .distantFuture
        case .close: deadline = loop.deadline(in: loop.limits.lingerTimeMax)
        }
    }

    /// Gives a body the time that its bytes earn.
    func extendBodyDeadline(by count: Int) {
        deadline = deadline + loop.limits.time(earnedBy: count)
    }

    /// The deadline is over.
    func timeOut() {
        if case .passing = phase { return timeOutWhilePassing() }
        var writer = loop.takeWriter()
        switch wait {
        case .request where loop.isDraining: close()  // there is no answer under way that a reset could overtake
        case .request: sayGoodbye(&writer)
        case .head: fail(.headTimedOut, &writer)
        case .body: fail(.bodyTimedOut, &writer)
        case .room, .answer, .close: close()
        }
        loop.giveBack(writer)
    }
}
