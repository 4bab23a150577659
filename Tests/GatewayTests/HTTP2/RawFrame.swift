/// One frame (RFC 9113 §4.1), written and read without the library that the server uses.
struct RawFrame: Equatable {
    /// What kind of frame it is.
    enum Kind: UInt8 {
        case data, headers, priority, reset, settings, pushPromise, ping, goAway, windowUpdate, continuation
        case unknown = 0x42
    }

    var kind: Kind
    var flags: UInt8 = 0
    var stream: UInt32 = 0
    var payload: [UInt8] = []
    /// What the frame says of its length, where that is a lie.
    var claimedLength: Int?

    static let endStream: UInt8 = 0x1
    static let acknowledged: UInt8 = 0x1
    static let endHeaders: UInt8 = 0x4
    static let padded: UInt8 = 0x8
    static let hasPriority: UInt8 = 0x20

    /// The frame as it goes over the wire.
    var bytes: [UInt8] {
        let length = UInt32(claimedLength ?? payload.count)
        return Array(RawFrame.number(length).dropFirst()) + [kind.rawValue, flags] + RawFrame.number(stream) + payload
    }

    /// Four bytes, the highest first.
    static func number(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    /// A number of four bytes.
    static func number(_ bytes: some Sequence<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    /// The frames that bytes begin with, as far as they are whole.
    static func all(in bytes: [UInt8]) -> [RawFrame] {
        var rest = bytes[...]
        var frames: [RawFrame] = []
        while let frame = take(from: &rest) { frames.append(frame) }
        return frames
    }

    /// Takes the first frame off bytes; `nil` if there is no whole one.
    static func take(from bytes: inout ArraySlice<UInt8>) -> RawFrame? {
        guard bytes.count >= 9 else { return nil }
        let head = Array(bytes.prefix(9))
        let length = Int(number(head[0..<3]))
        guard bytes.count >= 9 + length else { return nil }
        let payload = Array(bytes.dropFirst(9).prefix(length))
        bytes = bytes.dropFirst(9 + length)
        return RawFrame(
            kind: Kind(rawValue: head[3]) ?? .unknown, flags: head[4], stream: number(head[5...]) & 0x7FFF_FFFF,
            payload: payload)
    }
}

extension RawFrame {
    static func headers(
        _ stream: UInt32, _ fields: [(String, String)], ends: Bool = true, isWhole: Bool = true
    ) -> RawFrame {
        block(stream, fields.flatMap { literal($0.0, $0.1) }, ends: ends, isWhole: isWhole)
    }

    static func block(_ stream: UInt32, _ block: [UInt8], ends: Bool = true, isWhole: Bool = true) -> RawFrame {
        RawFrame(
            kind: .headers, flags: (ends ? endStream : 0) | (isWhole ? endHeaders : 0), stream: stream, payload: block)
    }

    static func data(_ stream: UInt32, _ bytes: [UInt8], ends: Bool = false, padding: Int? = nil) -> RawFrame {
        let flags = (ends ? endStream : 0) | (padding == nil ? 0 : padded)
        let payload = (padding.map { [UInt8($0)] } ?? []) + bytes + [UInt8](repeating: 0, count: padding ?? 0)
        return RawFrame(kind: .data, flags: flags, stream: stream, payload: payload)
    }

    static func data(_ stream: UInt32, _ text: String, ends: Bool = false) -> RawFrame {
        data(stream, Array(text.utf8), ends: ends)
    }

    static func settings(_ settings: [(UInt16, UInt32)] = []) -> RawFrame {
        RawFrame(kind: .settings, payload: settings.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 0xFF)] + number($0.1) })
    }

    static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> RawFrame {
        RawFrame(kind: .reset, stream: stream, payload: number(code))
    }

    static func windowUpdate(_ stream: UInt32, _ increment: UInt32) -> RawFrame {
        RawFrame(kind: .windowUpdate, stream: stream, payload: number(increment))
    }

    static func ping(_ flags: UInt8 = 0) -> RawFrame {
        RawFrame(kind: .ping, flags: flags, payload: Array("headgate".utf8))
    }

    static func goAway(_ last: UInt32 = 0, _ code: UInt32 = 0) -> RawFrame {
        RawFrame(kind: .goAway, payload: number(last) + number(code))
    }

    static func continuation(_ stream: UInt32, _ block: [UInt8], isWhole: Bool = true) -> RawFrame {
        RawFrame(kind: .continuation, flags: isWhole ? endHeaders : 0, stream: stream, payload: block)
    }

    /// A field that leaves the table alone: literal, without indexing (RFC 7541 §6.2.2).
    static func literal(_ name: String, _ value: String) -> [UInt8] { [0] + text(name) + text(value) }

    private static func text(_ text: String) -> [UInt8] { length(text.utf8.count) + Array(text.utf8) }

    /// A number with a prefix of seven bits (RFC 7541 §5.1).
    static func length(_ count: Int) -> [UInt8] {
        guard count >= 127 else { return [UInt8(count)] }
        var bytes: [UInt8] = [127]
        var rest = count - 127
        while rest >= 128 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
