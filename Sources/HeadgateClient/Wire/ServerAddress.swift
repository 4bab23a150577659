/// Where the server listens: `http://127.0.0.1:8080` or `https://headgate.example`.
package struct ServerAddress: Hashable, Sendable {
    /// A name or an address, without brackets.
    package let host: String
    /// The port; 80 or 443 if the text names none.
    package let port: Int
    /// Whether TLS is spoken.
    package let isSecure: Bool

    /// Reads an address; `nil`: it is none, or it has a path or a user in it.
    package init?(_ text: String) {
        let lowered = text.lowercased()
        guard lowered.hasPrefix("http://") || lowered.hasPrefix("https://") else { return nil }
        isSecure = lowered.hasPrefix("https://")
        var rest = text.dropFirst(isSecure ? 8 : 7)
        if rest.hasSuffix("/") { rest.removeLast() }
        guard !rest.contains(where: { "/?#@ ".contains($0) }) else { return nil }
        var portText: Substring?
        if rest.hasPrefix("[") {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = String(rest[rest.index(after: rest.startIndex)..<end])
            let behind = rest[rest.index(after: end)...]
            guard behind.isEmpty || behind.hasPrefix(":") else { return nil }
            portText = behind.isEmpty ? nil : behind.dropFirst()
        } else {
            let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let first = parts.first else { return nil }
            host = String(first)
            portText = parts.count == 2 ? parts[1] : nil
        }
        guard let port = portText.map({ Int($0) }) ?? (isSecure ? 443 : 80), (1...65_535).contains(port),
            !host.isEmpty
        else { return nil }
        self.port = port
    }

    /// What stands in the field `Host`.
    package var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
