internal import NIOCore
internal import Synchronization

/// Counts the connections of a listener, all together and per peer.
///
/// Asked once when a connection opens and once when it closes, never by a request; that is why one lock serves all
/// loops.
final class ConnectionCensus: Sendable {
    private let total: Int
    private let perPeer: Int?
    private let state = Mutex(State())

    private struct State {
        var total = 0
        var refused = 0
        var perPeer: [UInt128: Int] = [:]
    }

    /// Nothing else may come in.
    struct Full: Error {}

    /// Sets the limits.
    init(limits: ListenerLimits) {
        total = limits.connectionsMax
        perPeer = limits.connectionsPerPeerMax
    }

    /// Connections that are open.
    var count: Int { state.withLock(\.total) }
    /// Connections that were refused since the start.
    var refusedCount: Int { state.withLock(\.refused) }

    /// Counts a new connection, unless it is one too many.
    ///
    /// - Returns: whether it may stay; then `remove` has to follow.
    func add(_ peer: UInt128?) -> Bool {
        state.withLock { state in
            let known = peer.flatMap { state.perPeer[$0] } ?? 0
            guard state.total < total, perPeer == nil || peer == nil || known < perPeer ?? 0 else {
                state.refused += 1
                return false
            }
            state.total += 1
            if perPeer != nil, let peer { state.perPeer[peer] = known + 1 }
            return true
        }
    }

    /// Counts a connection that has closed.
    func remove(_ peer: UInt128?) {
        state.withLock { state in
            state.total -= 1
            guard perPeer != nil, let peer, let known = state.perPeer[peer] else { return }
            state.perPeer[peer] = known > 1 ? known - 1 : nil
        }
    }

    /// What counts as one peer: an IPv4 address, or the upper half of an IPv6 one; no Unix socket does.
    static func key(of address: SocketAddress?) -> UInt128? {
        // `sockaddr_in` and `sockaddr_in6` (POSIX, and RFC 3493 §3.3): family, port, then the address at these offsets.
        switch address {
        case .v4: number(in: rawBytes(of: address).dropFirst(4).prefix(4))
        case .v6:
            // Bit 64 tells the two families apart.
            mappedAddress(rawBytes(of: address).dropFirst(8).prefix(16))
                ?? 1 << 64 | number(in: rawBytes(of: address).dropFirst(8).prefix(8))
        case .unixDomainSocket, nil: nil
        }
    }

    /// The IPv4 address inside `::ffff:0:0/96`, as a socket for both families names its IPv4 peers.
    private static func mappedAddress(_ bytes: ArraySlice<UInt8>) -> UInt128? {
        number(in: bytes.prefix(12)) == 0xFFFF ? number(in: bytes.suffix(4)) : nil
    }

    private static func number(in bytes: ArraySlice<UInt8>) -> UInt128 {
        bytes.reduce(0) { number, byte in number << 8 | UInt128(byte) }
    }

    private static func rawBytes(of address: SocketAddress?) -> [UInt8] {
        // SAFETY: the pointer and the size of what it points to come together and stay inside the closure.
        unsafe address?.withSockAddr { pointer, size in
            unsafe Array(UnsafeRawBufferPointer(start: pointer, count: size))
        } ?? []
    }
}
