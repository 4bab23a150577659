internal import NIOCore

extension ConnectionHandler {
    /// Takes bytes from the channel.
    func receive(_ received: ByteBuffer, _ context: ChannelHandlerContext) {
        var bytes = received
        receiveBytes = max(receiveBytes, received.storageCapacity)
        switch phase {
        case .closed: return
        case .replaced: return context.fireChannelRead(wrapInboundOut(received))
        case .lingering: return drop(bytes.readableBytes)
        case .passing: return receiveWhilePassing(received)
        case .open, .deferred: break
        }
        if wait == .body { extendBodyDeadline(by: bytes.readableBytes) }
        guard input.readableBytes == 0 else {
            input.writeBuffer(&bytes)
            return proceed(context)
        }
        answerRequests(in: &bytes, context)
        // A receive buffer goes back to the channel, which fills it again: what is kept is a copy.
        if bytes.readableBytes > 0 { keep(ByteBuffer(bytes: bytes.readableBytesView)) }
        // Who waits for a request holds nothing of one.
        if heldBytes > 0 || wait != .request { updateHeldBytes() }
        resumeReading(context)
    }

    /// Goes on with what was held back.
    func proceed(_ context: ChannelHandlerContext) {
        guard !isAnswering else { return }
        if case .passing = phase { return pumpBody() }
        var bytes = input
        input = ByteBuffer()  // so that `bytes` alone holds the storage
        answerRequests(in: &bytes, context)
        if bytes.readerIndex > bytes.readableBytes { bytes.discardReadBytes() }
        if bytes.readableBytes > 0 { keep(bytes) }
        updateHeldBytes()
        resumeReading(context)
    }

    /// Keeps what is incomplete or held back.
    private func keep(_ bytes: ByteBuffer) {
        switch phase {
        case .open, .deferred: input = bytes
        case .lingering, .passing, .replaced, .closed: break
        }
    }

    /// Gives back what was kept.
    func releaseInput() {
        input = ByteBuffer()
        parser.abandon()
        updateHeldBytes()
    }

    /// Counts what this connection keeps, and refuses what is too much.
    ///
    /// While a request is incomplete that is also what the client has made the connection keep for as long as it lives:
    /// the receive buffer, which is as large as the request was, and the table of fields.
    func updateHeldBytes() {
        var bytes = input.storageCapacity + parser.heldBytes
        if bytes > 0 { bytes += receiveBytes + parser.tableBytes }
        guard bytes != heldBytes else { return }
        let grows = bytes > heldBytes
        loop.heldBytes += bytes - heldBytes
        heldBytes = bytes
        guard grows else { return }
        // Only behind an answer that the client does not take can more than one request pile up.
        if input.readableBytes > loop.limits.message.requestBytesMax { return close() }
        while loop.heldBytes > loop.limits.heldBytesMax {
            // Whoever waits and matters less goes first, and each step ends one, so this comes to an end.
            guard case .passing = phase, let exchange = passing?.exchange, exchange.makeRoom() else {
                return loop.relieve()
            }
            guard case .passing = phase else { return }
        }
    }

    /// Memory that the connection keeps.
    var memory: Int { heldBytes }

    /// Ends the connection for want of memory: it has one request, which is what holds it.
    func giveBack(untilLoopHolds bytes: Int) {
        switch phase {
        case .open: turnAway(.outOfMemory)
        case .passing: breakOff(.outOfMemory)
        case .deferred, .lingering, .replaced, .closed: close()
        }
        releaseInput()  // a channel that is being closed says so later
    }

    /// Counts bytes that come after the last answer; who sends more than a whole request is not listening.
    private func drop(_ count: Int) {
        droppedBytes += count
        if droppedBytes > loop.limits.message.requestBytesMax { close() }
    }
}
