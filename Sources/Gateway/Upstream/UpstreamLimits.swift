package import Vocabulary

/// What upstreams get at most.
package struct UpstreamLimits: Hashable, Sendable {
    /// How large heads of answers may be, and what is not data in chunked bodies.
    ///
    /// Twice what requests may be: answers carry cookies and policies.
    package var message: HTTPLimits
    /// From the wish for a connection to its first byte.
    ///
    /// 2 s: three SYNs at one second and two; who is on the same network answers within milliseconds.
    package var connectTimeMax = Nanoseconds.seconds(2)
    /// From the end of the request to the first byte of the answer, and between two parts of a body.
    ///
    /// 60 s: nginx's `proxy_read_timeout`.
    package var answerTimeMax = Nanoseconds.seconds(60)
    /// How long both ends of a tunnel may be silent.
    ///
    /// 1 h: HAProxy's documentation has the same in its examples (`timeout tunnel`). Without a limit, clients that have
    /// died without a word would keep their connections for ever; those that mean to be silent for longer send pings.
    package var tunnelIdleTimeMax = Nanoseconds.seconds(3_600)
    /// How long a connection may be idle before it is closed.
    ///
    /// 30 s: less than the 60 s and more than most servers keep theirs open, so that it is rarely they who close.
    package var idleTimeMax = Nanoseconds.seconds(30)
    /// Idle connections of one event loop to one upstream.
    package var idleMax = 256
    /// Memory that answers may hold whose clients do not take them, of one event loop.
    ///
    /// 128 MiB, as for requests (`ListenerLimits.heldBytesMax`). Nearly always it is nothing: who is not read from
    /// waits. But when an upstream closes its end, all that it has sent is read at once.
    package var heldBytesMax = 128 * 1_024 * 1_024
    /// Upstreams that one request is tried on.
    package var attemptsMax = 3

    /// States the defaults.
    package init() {
        message = HTTPLimits()
        message.headerBytesMax = 32 * 1_024
        message.headerCountMax = 200
    }
}
