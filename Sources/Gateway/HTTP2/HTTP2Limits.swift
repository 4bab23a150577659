internal import NIOCore
package import Vocabulary

/// What an HTTP/2 connection gives to strangers at most, beyond what every connection does.
package struct HTTP2Limits: Hashable, Sendable {
    /// Requests at once on one connection.
    ///
    /// 256: more than Envoy or a gRPC client has in flight towards a server that answers within a millisecond, and few
    /// enough that all their answers together stay small.
    package var streamsMax = 256
    /// PING, SETTINGS, PRIORITY and GOAWAY frames, and frames of unknown types, in 30 seconds, beyond one for each
    /// request; more end the connection with ENHANCE_YOUR_CALM.
    ///
    /// 1,000: more than a client without requests has a reason to send. One with requests may measure the bandwidth by
    /// a PING for each answer (grpc-go does, as fast as the PINGs come back).
    package var controlFramesMax = 1_000
    /// Streams that the client resets in 30 seconds, and as many that we reset because they break the rules; beyond it
    /// the connection ends with ENHANCE_YOUR_CALM.
    ///
    /// 10,000: a proxy that loses patience resets every call it had in flight. Here a reset comes after its call has
    /// been answered, so that a flood of them costs no more than the calls would; the bound is for what lies below us.
    package var resetsMax = 10_000
    /// Frames in 30 seconds on streams that are over.
    ///
    /// 10,000: a body that crosses a reset on its way is a hundred frames.
    package var straysMax = 10_000
    /// Streams in 30 seconds that are given up because they hold too much memory; beyond it the connection ends with
    /// ENHANCE_YOUR_CALM.
    ///
    /// 100: who is told so often and goes on means it.
    package var excessMax = 100
    /// From the last answer to the next request.
    ///
    /// 1 h: the time after which Envoy gives up an idle connection to us, so that it is Envoy that closes it and no
    /// request crosses our goodbye. Before its first request a connection has `ListenerLimits.idleTimeMax`.
    package var idleTimeMax = Nanoseconds.seconds(3_600)

    /// The credit that a connection begins with, and a stream, both ways (RFC 9113 §6.9.2).
    static let firstCreditBytes = 65_535
    /// Bytes after which credit is given back: half of what a connection begins with, so that no client that follows
    /// the rules ever waits, and a frame for it goes out rarely.
    static let creditBytes = 32_768
    /// The most credit there can be (RFC 9113 §6.9.1).
    static let creditBytesMax = 1 << 31 - 1

    /// CONTINUATION frames behind one HEADERS.
    ///
    /// 8: the largest head that is taken fits into two frames of the largest size.
    static let continuationsMax = 8
    /// Bytes of a head before they are decoded.
    ///
    /// 32 KiB: twice what the fields may be, because Huffman's code makes odd letters longer.
    static let blockBytesMax = 32_768
    /// DATA frames without content in a row that do not end their stream.
    ///
    /// 4: some clients send one.
    static let emptyDataMax = 4
    /// Streams remembered that we have reset, whose last frames may still be on their way.
    ///
    /// 1,024: all streams of a connection, several times over.
    static let resetsRememberedMax = 1_024

    /// What the PING behind a goodbye holds: eight bytes (RFC 9113 §6.7).
    static let goodbyePing: StaticString = "farewell"

    /// States the defaults.
    package init() {}
}

/// Counts what nobody does often who means well, in windows of 30 seconds.
struct HTTP2Tally {
    /// What is counted.
    enum Kind: Int {
        case controlFrame, reset, error, stray, excess
    }

    private var counts = InlineArray<5, Int>(repeating: 0)
    private var start = NIODeadline.uptimeNanoseconds(0)

    private static let window = TimeAmount.seconds(30)

    /// Takes one back: the client has done something that excuses it.
    mutating func excuse(_ kind: Kind) { counts[kind.rawValue] = max(0, counts[kind.rawValue] - 1) }

    /// Counts one.
    ///
    /// - Throws: `enhanceYourCalm` if it is one too many.
    mutating func note(_ kind: Kind, _ limits: HTTP2Limits, at now: NIODeadline) throws(HTTP2ErrorCode) {
        if now - start >= HTTP2Tally.window {
            counts = InlineArray(repeating: 0)
            start = now
        }
        counts[kind.rawValue] += 1
        let most =
            switch kind {
            case .controlFrame: limits.controlFramesMax
            case .reset, .error: limits.resetsMax
            case .stray: limits.straysMax
            case .excess: limits.excessMax
            }
        if counts[kind.rawValue] > most { throw .enhanceYourCalm }
    }
}
