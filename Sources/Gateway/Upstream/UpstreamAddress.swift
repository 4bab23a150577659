internal import NIOCore

/// Where an upstream is: `http://127.0.0.1:9000`, `https://api.internal`, `http://[::1]:9000`.
package struct UpstreamAddress: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address, without brackets.
    package let host: String
    /// The port.
    package let port: Int
    /// Whether it is spoken to by TLS.
    package let isSecure: Bool

    /// Why a text is no upstream.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// One sentence for the operator.
        package let description: String
    }

    /// Reads a URL of a scheme, a host and perhaps a port.
    ///
    /// - Throws: a problem that says what to write instead.
    package init(_ text: String) throws(Problem) {
        let rest: Substring
        if text.hasPrefix("http://") {
            (isSecure, rest) = (false, text.dropFirst(7))
        } else if text.hasPrefix("https://") {
            (isSecure, rest) = (true, text.dropFirst(8))
        } else {
            throw Problem(description: "'\(text)' needs a scheme: write http://127.0.0.1:9000 or https://api.internal")
        }
        let authority = rest.hasSuffix("/") ? rest.dropLast() : rest
        guard !authority.isEmpty, authority.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"/?#@".utf8.contains($0) })
        else {
            throw Problem(description: "'\(text)' may have no path, no query and no user: write http://127.0.0.1:9000")
        }
        var host = authority
        var port = isSecure ? 443 : 80
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            let digits = authority[authority.index(after: colon)...]
            guard let number = UInt16(digits), number > 0, digits.utf8.allSatisfy({ ASCII.isDigit($0) }) else {
                throw Problem(description: "'\(text)' needs a port from 1 to 65535 behind its colon")
            }
            port = Int(number)
            host = authority[..<colon]
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, host.contains(":") == isBracketed else {
            throw Problem(description: "'\(text)' needs a host: write http://127.0.0.1:9000 or http://[::1]:9000")
        }
        self.host = String(host)
        self.port = port
    }

    /// As it is written.
    package var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isSecure ? "https" : "http")://\(name):\(port)"
    }

    /// The address, if it is one and no name.
    var socketAddress: SocketAddress? { try? SocketAddress(ipAddress: host, port: port) }
}
