package import NIOCore

/// Where a listener listens: `127.0.0.1:8080`, `[::1]:8080`, `0.0.0.0:0`.
///
/// Numbers only: what a name resolves to can change, and a limiter must not open a port where nobody expects it.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 or IPv6 address, without brackets.
    package let host: String
    /// A port; 0 lets the system choose one.
    package let port: Int

    /// Why a text is no address.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// One sentence for the operator.
        package let description: String
    }

    /// Reads an address and a port.
    ///
    /// - Throws: a problem that says what to write instead.
    package init(_ text: String) throws(Problem) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw Problem(description: "'\(text)' needs a port from 0 to 65535: write 127.0.0.1:8080 or [::1]:8080")
        }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard host.contains(":") == isBracketed, (try? SocketAddress(ipAddress: String(host), port: 0)) != nil else {
            throw Problem(description: "'\(text)' needs an IP address: write 127.0.0.1:\(port) or [::1]:\(port)")
        }
        self.host = String(host)
        self.port = Int(port)
    }

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// The same address with another port: the one that the system chose.
    package func with(port: Int) -> ListenAddress { ListenAddress(host: host, port: port) }

    /// The address as `init` reads it.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// The address as the system wants it.
    package func socketAddress() throws -> SocketAddress { try SocketAddress(ipAddress: host, port: port) }
}

extension ListenAddress {
    /// Whether no other machine can reach it.
    package var isLoopback: Bool { (try? socketAddress().isLoopback) ?? false }
}
