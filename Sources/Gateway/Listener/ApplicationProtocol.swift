/// A protocol that client and server have agreed on by ALPN (RFC 7301).
enum ApplicationProtocol: Hashable {
    /// HTTP/1.1, called `http/1.1`.
    case http1
    /// HTTP/2, called `h2`.
    case http2

    /// Recognises a name of the registry; `nil`: nothing was agreed on, or something that we do not offer.
    init?(name: String?) {
        switch name {
        case "http/1.1": self = .http1
        case "h2": self = .http2
        default: return nil
        }
    }
}
