internal import Synchronization

/// The secrets by which callers prove that they may name tenants: proxies, and the API's own processes.
///
/// A call that brings none does not come here, so one lock serves all loops.
package final class GatewayTokens: Sendable {
    private let current: Mutex<GatewayTokenList?>

    /// Begins with some tokens; `nil`: there are none, and nothing is accepted.
    package init(_ tokens: GatewayTokenList? = nil) { current = Mutex(tokens) }

    /// Accepts other tokens from now on, and the former ones no longer.
    package func replace(with tokens: GatewayTokenList) { current.withLock { $0 = tokens } }

    /// Whether some bytes are one of the tokens.
    func accept(_ bytes: Span<UInt8>) -> Bool { current.withLock { $0 }?.contains(bytes) ?? false }
}
