internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
internal import NIOCore
package import NIOSSL
internal import ServiceLifecycle

/// The listener of the control API.
package final class ControlServer: Sendable {
    /// Connections at once: operators and their programs are few, and each of a stranger's takes a file of the process,
    /// of which the data plane has its own share.
    private static let connectionsMax = 64
    /// How long a connection may say nothing, also in the middle of a call.
    private static let idleTimeMax = TimeAmount.seconds(30)
    /// How long connections have to end when their calls are answered: those that wait for the rest of a call get no
    /// more.
    private static let closingTimeMax = Duration.milliseconds(500)

    private let place: String
    private let turns = Turns()
    private let group: ServiceGroup

    /// Why there is no listener.
    package struct Failure: Error, CustomStringConvertible {
        /// What is wrong, and what to do instead.
        package let description: String
    }

    /// Prepares to listen; `run` does it.
    ///
    /// - Parameters:
    ///   - desk: who answers.
    ///   - host: an address of this machine; without TLS only one that other machines cannot reach.
    ///   - port: the port; 0 lets the system choose.
    ///   - tls: certificates and keys; `nil`: plain HTTP.
    ///   - log: where the server library writes what is wrong.
    ///   - whenListening: is told the port, once calls are answered.
    /// - Throws: `Failure`; what is wrong with the certificates.
    package init(
        _ desk: Desk, host: String, port: Int, tls: TLSConfiguration? = nil,
        log: Logger = Logger(label: "headgate"), whenListening: @escaping @Sendable (Int) async -> Void
    ) throws {
        let isLoopback = ["localhost", "::1"].contains(host) || host.hasPrefix("127.")
        guard tls != nil || isLoopback else {
            throw Failure(
                description: "the control API listens on \(host) only with TLS: passwords would be readable on the way")
        }
        let plain = HTTPServerBuilder.http1(configuration: .init(idleTimeout: ControlServer.idleTimeMax))
        let builder = if let tls { try HTTPServerBuilder.tls(plain, tlsConfiguration: tls) } else { plain }
        let application = Application(
            responder: ControlResponder(desk: desk, isSecure: tls != nil, turns: turns),
            server: builder,
            configuration: .init(
                address: .hostname(host, port: port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(ControlServer.connectionsMax)),
            onServerRunning: { channel in await whenListening(channel.localAddress?.port ?? port) },
            logger: log)
        place = "\(host):\(port)"
        var configuration = ServiceGroupConfiguration(services: [application], logger: application.logger)
        configuration.maximumGracefulShutdownDuration = ControlServer.closingTimeMax
        group = ServiceGroup(configuration: configuration)
    }

    /// Answers calls until `stop`.
    ///
    /// - Throws: `Failure`, if it cannot listen.
    package func run() async throws {
        do {
            try await group.run()
        } catch {
            guard !turns.isEnding else { return }
            throw Failure(description: "the control API does not listen on \(place): \(error)")
        }
    }

    /// Answers what has come, and lets `run` return.
    ///
    /// - Parameter time: how long calls have that are on their way; a body that does not come is not waited for longer.
    package func stop(within time: Duration = .seconds(10)) async {
        _ = await turns.finish(within: time)
        await group.triggerGracefulShutdown()
    }
}
