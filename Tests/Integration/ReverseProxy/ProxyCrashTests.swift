import NIOCore
import Synchronization
import Testing

extension ServerTests {
    /// The reverse proxy is killed while it passes requests on whose answers must not be lost.
    @Suite(.timeLimit(.minutes(5))) struct ProxyCrashTests {
        /// What an upstream has been asked to do.
        final class Ledger: Sendable {
            private let runs = Mutex<[String: Int]>([:])

            /// Does something once more; says how often it was done.
            func run(_ name: String) -> Int {
                runs.withLock { runs in
                    runs[name, default: 0] += 1
                    return runs[name, default: 0]
                }
            }

            /// What was done more than once.
            var repeated: [String] { runs.withLock { runs in runs.filter { $0.value > 1 }.map(\.key) } }
            /// How often something was done.
            func count(of name: String) -> Int { runs.withLock { $0[name] ?? 0 } }
        }

        /// How requests ended for a client.
        struct Seen: Sendable {
            /// The answers, by key.
            var answers: [String: String] = [:]
            /// The keys whose requests had no answer.
            var lost: [String] = []
        }

        @Test func `what was paid before a kill is not paid again, and the client's retry finds its answer`()
            async throws
        {
            let ledger = Ledger()
            try await RawUpstream.with { connection in
                while let head = try await connection.readHead() {
                    let name = String(head.split(separator: " ")[1].dropFirst("/p/".count))
                    _ = try await connection.read(4)
                    let count = ledger.run(name)
                    try await Task.sleep(for: .milliseconds(name.utf8.reduce(0) { ($0 * 31 + Int($1)) % 20 }))
                    let text = "\(name) was paid, run \(count)"
                    try await connection.write(
                        "HTTP/1.1 201 Created\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
                }
            } _: { upstream in
                try await ProxySite.with(upstream.address) { first in
                    var (proxy, lost, answered) = (first, 0, 0)
                    for round in 1...4 {
                        let seen = await pay(round, through: proxy, killedAfter: .milliseconds(200 + 70 * round))
                        proxy = try await proxy.startAgain()
                        for (name, text) in seen.answers {
                            let again = try await self.pay(name, through: proxy)
                            #expect(again.status == 201 && again.text == text)
                            #expect(again["Idempotent-Replayed"] == "true")
                        }
                        for name in seen.lost {
                            let answer = try await self.pay(name, through: proxy)
                            let isKnown = answer.status == 201 && answer.text == "\(name) was paid, run 1"
                            let isInterrupted = answer.status == 409 && answer.text.contains("key_interrupted")
                            #expect(isKnown || isInterrupted, "\(answer.status) \(answer.text)")
                            #expect(try await self.pay(name, through: proxy).status == answer.status)
                            #expect(isInterrupted || ledger.count(of: name) == 1)
                        }
                        (lost, answered) = (lost + seen.lost.count, answered + seen.answers.count)
                    }
                    #expect(ledger.repeated.isEmpty)
                    #expect(lost > 0 && answered > 0, "\(lost) lost, \(answered) answered")
                }
            }
        }

        private func pay(_ name: String, through proxy: ProxySite) async throws -> HTTPResponse {
            try await HTTPClient(port: proxy.port).send(ProxyCrashTests.payment(name, key: proxy.key))
        }

        private static func payment(_ name: String, key: String) -> HTTPRequest {
            HTTPRequest(
                method: "POST", target: "/p/\(name)",
                fields: [("X-API-Key", key), ("Idempotency-Key", "\"\(name)\"")], body: "paid")
        }

        /// Lets clients pay one thing after the other until the server is killed.
        private func pay(_ round: Int, through proxy: ProxySite, killedAfter time: Duration) async -> Seen {
            let (client, key) = (HTTPClient(port: proxy.port), proxy.key)
            return await withTaskGroup(of: Seen.self) { group in
                for payer in 0..<16 {
                    group.addTask {
                        var seen = Seen()
                        for number in 0... {
                            let name = "\(round)-\(payer)-\(number)"
                            guard let answer = try? await client.send(ProxyCrashTests.payment(name, key: key)) else {
                                seen.lost.append(name)
                                break
                            }
                            seen.answers[name] = answer.text
                        }
                        return seen
                    }
                }
                try? await Task.sleep(for: time)
                await proxy.site.kill()
                return await group.reduce(into: Seen()) { all, seen in
                    all.answers.merge(seen.answers) { first, _ in first }
                    all.lost += seen.lost
                }
            }
        }
    }
}
