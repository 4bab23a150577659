internal import Hummingbird
internal import NIOCore

/// What is known of the connection on which a request came.
struct ControlContext: RequestContext {
    /// What Hummingbird keeps.
    var coreContext: CoreRequestContextStorage
    /// Who has connected: an IPv4 address, or the network of an IPv6 one, because nobody has only one of those.
    let address: String

    /// Looks at the connection.
    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = ControlContext.text(of: source.channel.remoteAddress)
    }

    private static func text(of address: SocketAddress?) -> String {
        guard let address, let text = address.ipAddress else { return "local" }
        guard case .v6 = address else { return text }
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        // A short form has its gap in the first half only where the host's part is all that is left.
        let head = groups.prefix(4).prefix { !$0.isEmpty }
        return head.isEmpty ? text : head.joined(separator: ":") + "::/64"
    }
}
