import Foundation
import Synchronization
import Testing

extension ServerTests {
    /// The server is told to stop while clients use their connections again and again.
    @Suite struct Shutdowns {
        /// Asks on one connection until an answer says that it was the last.
        ///
        /// - Throws: when the connection ends without an answer.
        private func ask(port: Int, count: Counter) async throws {
            try await HTTPConnection.with(port: port) { connection in
                while true {
                    let response = try await connection.send(HTTPRequest(target: "/healthz"))
                    #expect(response.status == 200)
                    count.value.add(1, ordering: .relaxed)
                    if response["Connection"] == "close" { return }
                }
            }
        }

        @Test func `every request that was sent before the end was known is answered`() async throws {
            try await Site.with(
                policy: try Example.signing.policy(), directory: try Example.signing.text("directory.yaml")
            ) { site in
                try await site.start()
                let port = site.port
                let count = Counter()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<20 { group.addTask { try await ask(port: port, count: count) } }
                    try await Patience.wait(for: "load") { count.value.load(ordering: .relaxed) > 2_000 }
                    site.send(SIGTERM)
                    try await group.waitForAll()
                }
                #expect(try await site.waitForEnd() == 0)
            }
        }

        /// A number that several tasks add to.
        private final class Counter: Sendable {
            let value = Atomic(0)
        }
    }
}
