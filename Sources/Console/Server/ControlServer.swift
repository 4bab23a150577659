internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import NIOCore
package import NIOSSL
internal import ServiceLifecycle

/// The listener of the control API.
package final class ControlServer: Sendable {
    /// The port, which the system has chosen where 0 was asked for.
    package let port: Int
    private let turns: Turns
    private let group: ServiceGroup
    private let task: Task<Void, any Error>

    private init(port: Int, turns: Turns, group: ServiceGroup, task: Task<Void, any Error>) {
        self.port = port
        self.turns = turns
        self.group = group
        self.task = task
    }

    /// Why there is no listener.
    package struct Failure: Error, CustomStringConvertible {
        /// What is wrong, and what to do instead.
        package let description: String
    }

    /// Begins to listen, and returns when calls are answered.
    ///
    /// - Parameters:
    ///   - desk: who answers.
    ///   - host: an address of this machine; without TLS only one that other machines cannot reach.
    ///   - port: the port; 0 lets the system choose.
    ///   - tls: certificates and keys; `nil`: plain HTTP.
    /// - Throws: `Failure`.
    package static func start(
        _ desk: Desk, host: String, port: Int, tls: TLSConfiguration? = nil
    ) async throws -> ControlServer {
        let isLoopback = ["localhost", "::1"].contains(host) || host.hasPrefix("127.")
        guard tls != nil || isLoopback else {
            throw Failure(
                description: "the control API listens on \(host) only with TLS: passwords would be readable on the way")
        }
        let turns = Turns()
        let (ports, told) = AsyncStream<Int>.makeStream()
        let builder: HTTPServerBuilder = if let tls { try .tls(.http1(), tlsConfiguration: tls) } else { .http1() }
        let application = Application(
            responder: ControlResponder(desk: desk, isSecure: tls != nil, turns: turns),
            server: builder,
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in told.yield(channel.localAddress?.port ?? port) })
        let group = ServiceGroup(configuration: .init(services: [application], logger: application.logger))
        let task = Task {
            defer { told.finish() }
            try await group.run()
        }
        for await port in ports { return ControlServer(port: port, turns: turns, group: group, task: task) }
        do {
            try await task.value
            throw Failure(description: "the control API does not listen on \(host):\(port)")
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "the control API does not listen on \(host):\(port): \(error)")
        }
    }

    /// Answers what has come, and then listens no more.
    package func stop() async {
        await turns.finish()
        await group.triggerGracefulShutdown()
        _ = await task.result
    }
}
