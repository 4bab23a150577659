import Foundation
import NIOCore
import NIOPosix
import Testing

extension ServerTests {
    /// More connections than the system has files for.
    @Suite struct OpenFiles {
        private func with(_ body: (Site) async throws -> Void) async throws {
            try await Site.with(
                policy: try Example.signing.policy(), directory: try Example.signing.text("directory.yaml"), body)
        }

        private let health = HTTPRequest(target: "/healthz")

        /// Asks on so many connections at once, and keeps them open until all have asked.
        ///
        /// - Returns: how many were answered; the others were closed.
        private func answered(of count: Int, by site: Site, while body: () async throws -> Void = {}) async throws
            -> Int
        {
            var channels: [NIOAsyncChannel<ByteBuffer, ByteBuffer>] = []
            var answered = 0
            for _ in 0..<count {
                let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                    .connect(host: "127.0.0.1", port: site.port) { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                        }
                    }
                channels.append(channel)
            }
            try await body()
            for channel in channels {
                let alarm = channel.channel.eventLoop.scheduleTask(in: .seconds(60)) {
                    channel.channel.close(promise: nil)
                }
                defer { alarm.cancel() }
                answered += try await channel.executeThenClose { inbound, outbound in
                    try? await outbound.write(ByteBuffer(bytes: health.bytes))
                    do { for try await _ in inbound { return 1 } } catch {}
                    return 0
                }
            }
            return answered
        }

        @Test func `the soft limit of the shell is no limit of connections`() async throws {
            try await with { site in
                try await site.start(after: "ulimit -Sn 150")
                #expect(!site.log.contains("hard limit of open files"))
                #expect(try await answered(of: 250, by: site) == 250)
            }
        }

        @Test func `what the hard limit does not allow is told, closed at once, and disturbs nothing else`()
            async throws
        {
            try await with { site in
                try await site.start(["--connections", "10000"], after: "ulimit -n 300")
                #expect(site.log.contains("--connections 10000 is more than the hard limit of open files allows"))
                #expect(site.log.contains("one more than 172 is closed at once"))
                let answered = try await answered(of: 400, by: site) {
                    // Files for a reload are left, and for the journal.
                    try "nonsense\n".write(toFile: site.policy, atomically: true, encoding: .utf8)
                    site.send(SIGHUP)
                    try await Patience.wait(for: "the reload") { site.log.contains("policy.yaml:1:1: error:") }
                }
                #expect(answered == 172)
                try await Patience.wait(for: "room") {
                    (try? await HTTPClient(port: site.port).send(health).status) == 200
                }
            }
        }
    }
}
