internal import NIOCore

/// Frames (RFC 9113 §4, §6).
extension HTTP2Connection {
    /// Takes what the socket has brought.
    func take(_ received: ByteBuffer) {
        guard !hasEnded else { return drop(received.readableBytes) }
        receiveBytes = max(receiveBytes, received.storageCapacity)
        readTime = nil
        var bytes = received
        if input.readableBytes > 0 {
            input.writeBuffer(&bytes)
            bytes = input
            input = ByteBuffer()  // so that `bytes` alone holds the storage
        }
        let count = bytes.readableBytes
        do throws(HTTP2ErrorCode) { try consume(&bytes) } catch { return fail(error) }
        guard !hasEnded else { return drop(bytes.readableBytes) }
        if bytes.readableBytes == 0 {
            frameDeadline = .distantFuture
        } else {
            // Another frame has begun if anything was taken, and then it has the time of one.
            if bytes.readableBytes < count || frameDeadline == .distantFuture {
                frameDeadline = loop.deadline(in: loop.limits.headTimeMax)
            }
            // A receive buffer goes back to the channel, which fills it again: what is kept is a copy.
            input = ByteBuffer(bytes: bytes.readableBytesView)
        }
        holdInput()
        keepWithinMemory()
    }

    /// Takes as many frames as there are.
    private func consume(_ bytes: inout ByteBuffer) throws(HTTP2ErrorCode) {
        while !hasEnded {
            let goesOn =
                switch reading {
                case .preface: try takePreface(&bytes)
                case .settings, .frame: try takeFrame(&bytes)
                case .data(let stream, let left, let padding, let endsStream):
                    try takeData(&bytes, on: stream, left, padding, endsStream)
                }
            guard goesOn else { return }
            keepWithinMemory()
            if loop.http2.frames.count >= loop.limits.pendingAnswerBytesMax { send() }
        }
    }

    private func takePreface(_ bytes: inout ByteBuffer) throws(HTTP2ErrorCode) -> Bool {
        switch HTTP2Preface(bytes.readableBytesUInt8Span) {
        case .different: throw .protocolError
        case .begun: return false
        case .complete:
            bytes.moveReaderIndex(forwardBy: HTTP2Preface.text.utf8CodeUnitCount)
            reading = .settings
            return true
        }
    }

    /// Takes one frame; says whether it was there.
    private func takeFrame(_ bytes: inout ByteBuffer) throws(HTTP2ErrorCode) -> Bool {
        guard bytes.readableBytes >= HTTP2FrameHeader.byteCount else { return false }
        let frame = HTTP2FrameHeader(bytes.readableBytesUInt8Span)
        guard frame.length <= HTTP2FrameHeader.lengthMax else { throw .frameSize }
        if reading == .settings {
            guard frame.kind == .settings, !frame.has(HTTP2FrameHeader.Flag.acknowledgement) else {
                throw .protocolError
            }
        }
        if let head, frame.kind != .continuation || frame.stream != head.stream { throw .protocolError }
        if frame.kind == .data { return try beginData(frame, &bytes) }
        let end = HTTP2FrameHeader.byteCount + frame.length
        guard bytes.readableBytes >= end else { return false }
        reading = .frame
        try receive(frame, bytes.readableBytesUInt8Span.extracting(HTTP2FrameHeader.byteCount..<end))
        bytes.moveReaderIndex(forwardBy: end)
        return true
    }

    private func receive(_ frame: HTTP2FrameHeader, _ payload: Span<UInt8>) throws(HTTP2ErrorCode) {
        switch frame.kind {
        case .headers: try receiveHead(frame, payload)
        case .continuation: try receiveContinuation(frame, payload)
        case .windowUpdate: try receiveCredit(frame, payload)
        case .reset: try receiveReset(frame, payload)
        case .priority: try receivePriority(frame, payload)
        case .settings: try receiveSettings(frame, payload)
        case .ping: try receivePing(frame, payload)
        case .goAway: try receiveGoodbye(frame, payload)
        case .pushPromise: throw .protocolError  // §8.4: a client cannot push
        case nil: try note(.controlFrame)  // §5.5
        case .data: break  // taken as it comes
        }
    }

    /// Counts what floods are made of.
    func note(_ kind: HTTP2Tally.Kind) throws(HTTP2ErrorCode) { try tally.note(kind, loop.limits.http2, at: loop.now) }

    /// Whether no frame has opened a stream yet; only HEADERS and PRIORITY may come then (RFC 9113 §5.1).
    func isIdle(_ stream: UInt32) -> Bool { stream > newestStream || stream.isMultiple(of: 2) }

    private func receiveReset(_ frame: HTTP2FrameHeader, _ payload: Span<UInt8>) throws(HTTP2ErrorCode) {
        guard !isIdle(frame.stream) else { throw .protocolError }
        guard payload.count == 4 else { throw .frameSize }
        try note(.reset)
        if let position = streams.position(of: frame.stream) { drop(at: position) }
    }

    private func receivePriority(_ frame: HTTP2FrameHeader, _ payload: Span<UInt8>) throws(HTTP2ErrorCode) {
        guard frame.stream > 0 else { throw .protocolError }
        try note(.controlFrame)
        guard payload.count != 5 else { return }
        // A stream's error (§6.3); but no reset may name a stream that is idle (§6.4).
        guard !isIdle(frame.stream) else { throw .frameSize }
        try refuse(frame.stream, .frameSize)
    }

    private func receivePing(_ frame: HTTP2FrameHeader, _ payload: Span<UInt8>) throws(HTTP2ErrorCode) {
        guard frame.stream == 0 else { throw .protocolError }
        guard payload.count == 8 else { throw .frameSize }
        try note(.controlFrame)
        guard !frame.has(HTTP2FrameHeader.Flag.acknowledgement) else { return receiveAcknowledgement(payload) }
        loop.http2.frames.frame(.ping, HTTP2FrameHeader.Flag.acknowledgement, on: 0, length: payload.count)
        loop.http2.frames.write(payload)
    }

    private func receiveSettings(_ frame: HTTP2FrameHeader, _ payload: Span<UInt8>) throws(HTTP2ErrorCode) {
        guard frame.stream == 0 else { throw .protocolError }
        try note(.controlFrame)
        if frame.has(HTTP2FrameHeader.Flag.acknowledgement) {
            guard payload.isEmpty else { throw .frameSize }
            return
        }
        guard payload.count.isMultiple(of: 6) else { throw .frameSize }
        for index in stride(from: 0, to: payload.count, by: 6) {
            let setting = HTTP2Setting(rawValue: UInt16(payload[index]) << 8 | UInt16(payload[index + 1]))
            try receive(setting, Int(payload.bigEndian(at: index + 2)))
        }
        loop.http2.frames.frame(.settings, HTTP2FrameHeader.Flag.acknowledgement, on: 0, length: 0)
    }

    /// Only the window matters to us: we remember nothing, push nothing, and send small frames (RFC 9113 §6.5.2).
    private func receive(_ setting: HTTP2Setting?, _ value: Int) throws(HTTP2ErrorCode) {
        switch setting {
        case .initialWindowSize: try changeStreamWindow(to: value)
        case .enablePush where value > 1: throw .protocolError
        case .maxFrameSize where !(HTTP2FrameHeader.lengthMax...0xFF_FFFF).contains(value): throw .protocolError
        default: break
        }
    }

    private func receiveGoodbye(_ frame: HTTP2FrameHeader, _ payload: Span<UInt8>) throws(HTTP2ErrorCode) {
        guard frame.stream == 0 else { throw .protocolError }
        guard payload.count >= 8 else { throw .frameSize }
        try note(.controlFrame)
        sayGoodbye()
    }
}
