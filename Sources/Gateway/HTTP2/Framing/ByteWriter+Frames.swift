/// Writing frames.
extension ByteWriter {
    /// Writes a frame's header.
    mutating func frame(_ kind: HTTP2FrameHeader.Kind, _ flags: UInt8 = 0, on stream: UInt32, length: Int) {
        write(bigEndian: UInt32(length) << 8 | UInt32(kind.rawValue))
        write(flags)
        write(bigEndian: stream)
    }

    /// Writes a frame whose length is known when it is written.
    ///
    /// - Returns: where it begins, for `endFrame`.
    mutating func beginFrame(_ kind: HTTP2FrameHeader.Kind, _ flags: UInt8 = 0, on stream: UInt32) -> Int {
        let start = count
        frame(kind, flags, on: stream, length: 0)
        return start
    }

    /// Says how long a frame has become that ends here.
    ///
    /// - Precondition: it is not longer than frames may be.
    mutating func endFrame(from start: Int) {
        let length = count - start - HTTP2FrameHeader.byteCount
        precondition(length <= HTTP2FrameHeader.lengthMax, "a frame of \(length) bytes")
        replace(at: start, with: UInt8(length >> 16))
        replace(at: start + 1, with: UInt8(length >> 8 & 0xFF))
        replace(at: start + 2, with: UInt8(length & 0xFF))
    }

    /// Ends HEADERS; what does not fit into one frame goes on in CONTINUATION (RFC 9113 §6.10).
    ///
    /// - Parameters:
    ///   - start: where the frame begins, which has the flag that ends the head.
    ///   - stream: its stream.
    mutating func endHead(from start: Int, on stream: UInt32) {
        let length = count - start - HTTP2FrameHeader.byteCount
        guard length > HTTP2FrameHeader.lengthMax else { return endFrame(from: start) }
        let fields = withBytes { bytes in ((count - length)..<count).map { bytes[$0] } }
        let flags = withBytes { $0[start + 4] }
        truncate(to: start)
        var sent = 0
        while sent < length {
            let part = min(length - sent, HTTP2FrameHeader.lengthMax)
            let last = sent + part == length ? HTTP2FrameHeader.Flag.endHeaders : 0
            let kind: HTTP2FrameHeader.Kind = sent == 0 ? .headers : .continuation
            frame(
                kind, sent == 0 ? flags & ~HTTP2FrameHeader.Flag.endHeaders : last, on: stream, length: part)
            write(fields.span.extracting(sent..<sent + part))
            sent += part
        }
    }

    /// Says of HEADERS that begin there that nothing follows them on their stream.
    mutating func endStream(at start: Int) {
        replace(at: start + 4, with: withBytes { $0[start + 4] } | HTTP2FrameHeader.Flag.endStream)
    }

    /// RST_STREAM (RFC 9113 §6.4).
    mutating func reset(_ stream: UInt32, _ code: HTTP2ErrorCode) {
        frame(.reset, on: stream, length: 4)
        write(bigEndian: code.rawValue)
    }

    /// SETTINGS (RFC 9113 §6.5).
    mutating func settings(_ settings: [(setting: HTTP2Setting, value: Int)]) {
        frame(.settings, on: 0, length: settings.count * 6)
        for (setting, value) in settings {
            write(UInt8(setting.rawValue >> 8))
            write(UInt8(setting.rawValue & 0xFF))
            write(bigEndian: UInt32(value))
        }
    }

    /// GOAWAY (RFC 9113 §6.8), with a sentence for whoever looks into it.
    mutating func goAway(_ code: HTTP2ErrorCode, lastStream: UInt32, _ text: String = "") {
        frame(.goAway, on: 0, length: 8 + text.utf8.count)
        write(bigEndian: lastStream)
        write(bigEndian: code.rawValue)
        write(text)
    }

    /// WINDOW_UPDATE (RFC 9113 §6.9).
    mutating func windowUpdate(_ stream: UInt32, _ increment: Int) {
        frame(.windowUpdate, on: stream, length: 4)
        write(bigEndian: UInt32(increment))
    }

    /// Writes four bytes, the highest first.
    mutating func write(bigEndian number: UInt32) {
        write(pair: UInt8(truncatingIfNeeded: number >> 24), UInt8(truncatingIfNeeded: number >> 16))
        write(pair: UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number))
    }
}

/// What one end tells the other about itself (RFC 9113 §6.5.2); settings that are not known are ignored.
enum HTTP2Setting: UInt16 {
    case headerTableSize = 1, enablePush, maxConcurrentStreams, initialWindowSize, maxFrameSize, maxHeaderListSize
}
