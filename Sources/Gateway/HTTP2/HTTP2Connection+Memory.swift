internal import NIOCore

/// What a connection may hold, and who gives it back when that is too much.
///
/// A client that takes no answers, or does not go on with its bodies, must be the one who feels it: the memory is one
/// for all connections of the loop, and a call that needs nothing of it must not fail because others fill it.
extension HTTP2Connection {
    /// Gives back what this connection holds beyond its share, and makes room if the loop holds too much.
    ///
    /// - Precondition: all frames that have been begun are whole.
    @inline(__always)  // twice a read, and nearly never more than two comparisons
    func keepWithinMemory() {
        guard loop.heldBytes > loop.limits.heldBytesMax || memory > loop.limits.heldBytesPerConnectionMax else {
            return
        }
        makeRoom()
    }

    @inline(never)
    private func makeRoom() {
        let share = loop.limits.heldBytesPerConnectionMax
        if memory > share { giveStreamsUp(for: .shareExceeded(max: share)) { self.memory <= share } }
        send()  // what is written so far is this connection's, and others may have to write
        loop.relieve()
    }

    /// Gives streams up until the loop holds no more than so many bytes.
    func giveBack(untilLoopHolds bytes: Int) {
        giveStreamsUp(for: .outOfMemory) { self.loop.heldBytes <= bytes }
        send()
        if !isReading { context?.flush() }
    }

    /// Gives streams up, the one that holds the most first.
    ///
    /// - Complexity: O(streams) for each of them.
    private func giveStreamsUp(for violation: HTTPViolation, until isEnough: () -> Bool) {
        while !isEnough(), !hasEnded {
            guard let position = streams.indices.max(by: { streams[$0].heldBytes < streams[$1].heldBytes }) else {
                return fail(.enhanceYourCalm, for: violation)
            }
            do throws(HTTP2ErrorCode) {
                try note(.excess)
            } catch { return fail(error, for: violation) }
            giveUp(at: position, for: violation)
        }
    }

    /// Ends a stream for what it holds: with an answer where there is none yet.
    private func giveUp(at position: Int, for violation: HTTPViolation) {
        switch streams[position].phase {
        case .body: failBody(at: position, violation, false)
        case .passing: breakOff(at: position, violation, false)
        case .answered, .deferred, .watching:
            loop.responder.connectionFailed(violation, from: peer)
            reset(streams[position].id, .enhanceYourCalm)
        }
    }
}
