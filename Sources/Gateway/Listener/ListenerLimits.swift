internal import NIOCore
package import Vocabulary

/// What one listener gives to strangers at most: everything they can make it hold is bounded here.
///
/// Times are looked at once per second (`ListenerLoop.tick`), so a connection lives up to a second longer than stated,
/// never shorter.
package struct ListenerLimits: Hashable, Sendable {
    /// How large one request may be.
    package var message = HTTPLimits()
    /// What an HTTP/2 connection may do besides.
    package var http2 = HTTP2Limits()
    /// Connections at once.
    ///
    /// One more is accepted and closed at once: a client, or the proxy before us, then knows and turns elsewhere, while
    /// an unaccepted connection looks like a host that hangs.
    ///
    /// 10,000: idle they take 5 KiB of our memory each (measured), 50 MB together, besides what the kernel keeps.
    /// By TLS it is 23 KiB each, with client certificates 28, so up to 280 MB together; and 2 KiB as long as the
    /// handshake has not begun (TLS 1.3, keys on P-256).
    package var connectionsMax = 10_000
    /// Connections at once from one IPv4 address, or from one IPv6 /64, which is what one customer gets.
    ///
    /// Without a number there is no such limit. Off by default, because behind a proxy all connections have its
    /// address.
    package var connectionsPerPeerMax: Int?
    /// Requests after which a connection is closed.
    ///
    /// Off by default: nginx has 1,000, to give back memory that we do not keep.
    package var requestsPerConnectionMax: Int?
    /// From the connection to the end of the TLS handshake, however many bytes arrive meanwhile.
    ///
    /// 10 s: some lost packets and their repetition, three round trips; Envoy's and Go's limits are the same.
    package var handshakeTimeMax = Nanoseconds.seconds(10)
    /// From a request's first byte to the end of its head, and from the connection to its first byte.
    ///
    /// 10 s: a head fits into a few packets, and this is time enough to lose some and send them again.
    package var headTimeMax = Nanoseconds.seconds(10)
    /// How long a body may take, apart from the time that its bytes earn.
    ///
    /// 20 s: Apache's `RequestReadTimeout body=20,MinRate=500`.
    package var bodyTimeMax = Nanoseconds.seconds(20)
    /// Each received byte of a body extends its time as if the body came at this rate, in bytes per second.
    ///
    /// 500: Apache, as above.
    package var bodyRateMin: Int64 = 500
    /// From an answer to the next request's first byte.
    ///
    /// 75 s: nginx's `keepalive_timeout`; longer than the 60 s after which common load balancers give up a connection,
    /// so that it is they who close it.
    package var idleTimeMax = Nanoseconds.seconds(75)
    /// How long a client that does not read may keep an answer waiting.
    ///
    /// 60 s: nginx's `send_timeout`.
    package var writeTimeMax = Nanoseconds.seconds(60)
    /// From the last answer to the moment when the client must have closed its end too.
    ///
    /// Until then what it sends is read and dropped, because closing with unread bytes resets the connection, and the
    /// client might never see the answer (RFC 9112 §9.6). 2 s: several round trips around the world; nginx's
    /// `lingering_timeout` is 5 s.
    package var lingerTimeMax = Nanoseconds.seconds(2)
    /// How long connections are still read that are idle when the listener shuts down.
    ///
    /// For requests that are on their way. Then they are closed without more ado: they wait for no answer that could be
    /// lost. 250 ms: a round trip around the world, and little for somebody who waits for the end of a process.
    package var farewellTimeMax = Nanoseconds.milliseconds(250)
    /// Bytes of answers to pipelined requests that wait for the socket before reading stops.
    ///
    /// 64 KiB: NIO's own high-water mark, and a typical send buffer.
    package var pendingAnswerBytesMax = 64 * 1_024
    /// Memory that incomplete requests and untaken answers of all connections of one event loop may hold, with the
    /// buffers and tables that their connections keep; beyond it the connections that hold the most give theirs back.
    ///
    /// 128 MiB: a hundred bodies of the largest size at once. What every connection takes, whatever it sends, is
    /// bounded by `connectionsMax` instead.
    package var heldBytesMax = 128 * 1_024 * 1_024
    /// The share of that which one connection may have; beyond it, it gives back what its largest streams hold.
    ///
    /// 48 MiB: what a proxied connection can come to that does nothing wrong, 256 streams with a window of 64 KiB of a
    /// body and, in a buffer of 128 KiB, the answer of a client that takes it slowly; or the untaken answers to 150
    /// batches of a thousand checks.
    package var heldBytesPerConnectionMax = 48 * 1_024 * 1_024
    /// Bytes taken from the socket at once.
    ///
    /// The channel keeps a buffer as large as what came at once, for the next read, also while the connection is idle.
    /// 16 KiB: a whole frame of HTTP/2 or record of TLS, and a quarter of what NIO would keep.
    static let receiveBytesMax = 16_384

    /// States the defaults.
    package init() {}

    /// The time that the bytes of a body earn it.
    func time(earnedBy count: Int) -> TimeAmount {
        .nanoseconds(Int64(count) * Nanoseconds.second.count / bodyRateMin)
    }

    /// Traps when a limit makes no sense.
    func check() {
        message.check()
        precondition(connectionsMax > 0 && connectionsPerPeerMax ?? 1 > 0, "a listener has connections")
        precondition(requestsPerConnectionMax ?? 1 > 0, "a connection has requests")
        precondition(bodyRateMin > 0, "the least rate of a body is positive (is \(bodyRateMin))")
        let times = [
            handshakeTimeMax, headTimeMax, bodyTimeMax, idleTimeMax, writeTimeMax, lingerTimeMax, farewellTimeMax,
        ]
        for time in times {
            precondition((.zero ... .day) ~= time, "a time is at most a day (is \(time.count) ns)")
        }
        precondition(
            heldBytesMax > 0 && heldBytesPerConnectionMax > 0 && pendingAnswerBytesMax > 0, "buffers have some room")
    }
}
