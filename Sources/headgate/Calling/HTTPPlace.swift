internal import Foundation

/// Where a server is: what `http://host:port` or `https://host:port` says.
struct HTTPPlace: Hashable {
    /// Its name or address.
    let host: String
    /// Its port.
    let port: Int
    /// Whether it speaks TLS.
    let isSecure: Bool
    /// What stands in `Host`.
    let authority: String

    /// Reads an address without a path; `nil` for anything else.
    init?(_ text: String) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, ["http", "https"].contains(scheme),
            let host = parts.host, !host.isEmpty, parts.path.isEmpty || parts.path == "/", parts.query == nil,
            parts.user == nil, (1...65_535).contains(parts.port ?? 1)
        else { return nil }
        isSecure = scheme == "https"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (isSecure ? 443 : 80)
        authority = "\(host):\(port)"
    }

    /// The address in full, written in one way however it was given.
    var address: String { "\(isSecure ? "https" : "http")://\(authority)" }

    /// Whether nobody between here and there could read what is sent: TLS, or the machine itself.
    var keepsSecrets: Bool { isSecure || host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
