internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2
package import Vocabulary

extension HTTP2Connection {
    /// The handler that turns bytes into frames, with the bounds that a connection has.
    func framing() -> NIOHTTP2Handler {
        let limits = loop.limits
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.http2.streamsMax),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.message.headerBytesMax),
            // A stream may send a whole message, and nothing beyond it, without waiting for credit of its own.
            HTTP2Setting(parameter: .initialWindowSize, value: limits.message.bodyBytesMax + 1),
        ]
        connection.headerBlockValidation = .disabled  // `HTTP2RequestHead` checks
        connection.controlFrameRateLimit.maximumCount = limits.http2.controlFramesMax
        connection.maximumConnectionGlitches = limits.http2.glitchesMax
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.streamResetFrameRateLimit.maximumCount = limits.http2.resetsMax
        stream.streamErrorRateLimit.maximumCount = limits.http2.resetsMax
        return NIOHTTP2Handler(
            mode: .server, frameDelegate: self, connectionConfiguration: connection, streamConfiguration: stream)
    }

    /// Gives the client back the credit for what has been read (RFC 9113 §6.9): without it a connection stalls after
    /// 65,535 bytes.
    ///
    /// The framing counts, because it also sees what never arrives here: padding, and what crosses a reset on its way.
    /// Streams need no credit: their window holds a whole message.
    func returnCredit() {
        guard owedCredit >= HTTP2Limits.creditBytes else { return }
        write(.windowUpdate(windowSizeIncrement: owedCredit), on: .rootStream)
    }
}

/// What an HTTP/2 connection gives to strangers at most, beyond what every connection does.
package struct HTTP2Limits: Hashable, Sendable {
    /// Requests at once on one connection.
    ///
    /// 256: more than Envoy or a gRPC client has in flight towards a server that answers within a millisecond, and few
    /// enough that all their answers together stay small.
    package var streamsMax = 256
    /// PING, SETTINGS and PRIORITY frames in 30 seconds; beyond it the connection ends with ENHANCE_YOUR_CALM.
    ///
    /// 1,000: gRPC clients probe the bandwidth with PINGs while data flows, some ten per second at most.
    package var controlFramesMax = 1_000
    /// Streams that the client resets in 30 seconds; beyond it the connection ends with ENHANCE_YOUR_CALM.
    ///
    /// 10,000: a proxy that loses patience resets every call it had in flight. Here a reset comes after its call has
    /// been answered, so that a flood of them costs no more than the calls would; the bound is for what lies below us.
    package var resetsMax = 10_000
    /// Frames of a connection's whole life that make no sense where they stand.
    ///
    /// 10,000: a reset that crosses an answer on its way counts as one, and proxies keep connections for weeks.
    package var glitchesMax = 10_000
    /// From the last answer to the next request.
    ///
    /// 1 h: the time after which Envoy gives up an idle connection to us, so that it is Envoy that closes it and no
    /// request crosses our goodbye. Before its first request a connection has `ListenerLimits.idleTimeMax`.
    package var idleTimeMax = Nanoseconds.seconds(3_600)

    /// The credit that a connection begins with (RFC 9113 §6.9.2).
    static let firstCreditBytes = 65_535
    /// Bytes after which credit is given back: half of what a connection begins with, so that no client that follows
    /// the rules ever waits, and a frame for it goes out rarely.
    static let creditBytes = 32_768

    /// The largest answer that is not watched until it is sent: what any client takes without giving credit for it.
    static let smallAnswerBytes = 16 * 1_024

    /// States the defaults.
    package init() {}
}
