extension HeadgateClient {
    /// Where the server is, how long it may take, and what holds while it is away.
    public struct Configuration: Hashable, Sendable {
        /// Where the server listens: `http://127.0.0.1:8080`, or `https://` and a name.
        public var server: String
        /// What proves that this client may name tenants: one line of the server's `--gateway-token-file`.
        ///
        /// Not needed on a loopback address, or with a client certificate.
        public var gatewayToken: String?
        /// PEM: the authorities of the server's certificate; `nil`: those of the system.
        public var trustRootsPath: String?
        /// PEM: the certificate of this client, with those behind it.
        public var certificatePath: String?
        /// PEM: the key of that certificate.
        public var keyPath: String?
        /// How long a call may take, whatever happens; what a request may wait for its seats comes on top.
        ///
        /// 50 ms: a hundred times what a decision takes on a network of one's own, and little beside most requests.
        public var callTimeout = Duration.milliseconds(50)
        /// How long a request may wait for its seats, unless its call says otherwise; its tier may allow less.
        public var waitMax = Duration.seconds(1)
        /// How long seats stay ours without a sign of life.
        ///
        /// They are renewed at a third of it. When this process dies, this is how long they are missed. From a second
        /// to an hour.
        public var leaseTime = Duration.seconds(30)
        /// Connections at once; a request that waits for its seats holds one.
        public var connectionsMax = 256
        /// Calls that wait for a connection, at most; further ones are decided by the guard.
        public var waitingCallsMax = 1_024
        /// What holds while the server is away.
        public var localGuard = GuardConfiguration()

        /// A server, and defaults for the rest.
        public init(server: String) { self.server = server }
    }

    /// What a client cannot be made from.
    public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong and what to write instead.
        public let description: String

        /// States what is wrong.
        package init(_ description: String) { self.description = description }
    }
}
