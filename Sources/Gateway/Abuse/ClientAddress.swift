internal import Admission
internal import NIOCore

/// From where a request comes that somebody asks about, which only a trusted caller can say.
///
/// Whoever asks these doors is a proxy, or the API: its own address is never the client's, so that no finding can ever
/// put the proxy into quarantine and everybody behind it.
extension GatewayResponder {
    /// The last entry of `X-Forwarded-For` of a trusted caller; `nil`: it says nothing that is an address.
    ///
    /// The last entry is what the proxy itself has added; those before it are what its client has sent.
    func clientAddress(of request: borrowing HTTPRequestView, from peer: HTTPPeer) -> IPAddress? {
        vouches(request, peer) ? IPAddress(lastForwardedIn: request) : nil
    }

    /// Whether somebody may state facts about the request of somebody else; a token that is not known is no proof.
    func vouches(_ request: borrowing HTTPRequestView, _ peer: HTTPPeer) -> Bool {
        if peer.isTrusted { return true }
        guard let token = request.value(of: .headgateGatewayToken) else { return false }
        let tokens = services.tokens
        return request.withBytes(token) { tokens.accept($0) }
    }
}

extension IPAddress {
    /// The client of a request that Headgate itself passes on: whoever is connected, unless that is a trusted proxy,
    /// who says for whom it speaks.
    init?(clientOf request: borrowing HTTPRequestView, from peer: HTTPPeer) {
        guard !peer.isTrusted else {
            self.init(lastForwardedIn: request)
            return
        }
        guard let text = peer.address?.ipAddress, let address = IPAddress(text), !address.isLocal else { return nil }
        self = address
    }

    /// The last entry of `X-Forwarded-For`.
    fileprivate init?(lastForwardedIn request: borrowing HTTPRequestView) {
        guard var last = request.value(of: .xForwardedFor) else { return nil }
        if request.lineCount(of: .xForwardedFor) > 1 { request.head.forEachValue(of: .xForwardedFor) { last = $0 } }
        let address = request.withBytes(last) { bytes in IPAddress.last(in: bytes, 0..<bytes.count) }
        guard let address else { return nil }
        self = address
    }

    /// The last address of a list with commas; that of the machine itself is nobody's.
    static func last(in bytes: Span<UInt8>, _ range: Range<Int>) -> IPAddress? {
        var start = range.upperBound
        while start > range.lowerBound, bytes[start - 1] != ASCII.comma { start -= 1 }
        let entry = bytes.trimmingBlanks(start..<range.upperBound)
        guard let address = IPAddress(bytes.extracting(entry)), !address.isLocal else { return nil }
        return address
    }
}
