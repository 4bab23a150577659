internal import NIOCore

extension ConnectionHandler {
    /// Whether the first bytes are HTTP/1.1; hands the connection over if they are HTTP/2.
    ///
    /// While that cannot be told, it waits for the rest like for the rest of a head. What was agreed on by ALPN must be
    /// what is spoken: something between the client and us may have judged the connection by it (RFC 7301 §3.2).
    func isHTTP1(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext) -> Bool {
        guard bytes.readableBytes > 0 else { return true }
        switch HTTP2Preface(bytes.readableBytesUInt8Span) {
        case .different:
            mayBeHTTP2 = false
            guard agreement != .http2 else {
                turnAway(.http1InsteadOfHTTP2)
                return false
            }
            return true
        case .begun:
            // An end in the middle of the preface is an end in the middle of a head, which HTTP/1.1 has an answer for.
            if inputHasEnded {
                mayBeHTTP2 = false
                return true
            }
            expect(.head, anew: false)
            return false
        case .complete:
            guard agreement != .http1 else {
                turnAway(.http2InsteadOfHTTP1)
                return false
            }
            let first = bytes
            bytes = ByteBuffer()
            giveWay(to: first, context)
            return false
        }
    }

    /// Puts the handler of HTTP/2 in its own place.
    private func giveWay(to first: ByteBuffer, _ context: ChannelHandlerContext) {
        phase = .replaced
        loop.remove(self)
        releaseInput()
        do {
            try context.pipeline.syncOperations.addHandler(
                HTTP2Connection(loop: loop, peer: peer), position: .after(self))
        } catch {
            return close()
        }
        context.fireChannelRead(wrapInboundOut(first))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
