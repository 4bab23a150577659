internal import NIOCore

/// What the connections of a client may take.
struct WireSettings: Sendable {
    /// Connections at once.
    var connectionsMax: Int
    /// Calls that wait for a connection.
    var waitingMax: Int
    /// How long a connection may take to come about.
    var connectTimeMax: TimeAmount
    /// How long a connection stays idle before another is opened in its place: less than the 75 s after which the
    /// server closes it, so that no call is sent into a connection that is about to go.
    var idleTimeMax = TimeAmount.seconds(30)
    /// What proves that this client is trusted.
    var gatewayToken: String?
}
