import HeadgateClient
import Testing

extension ServerTests {
    /// The connections of a client, to a server that does what it should not.
    @Suite struct ClientConnections {
        private static let call = AdmissionCall(method: "GET", path: "/v1/things/1")

        private static func client(
            of stub: StubServer, _ change: (inout HeadgateClient.Configuration) -> Void = { _ in }
        ) throws -> HeadgateClient {
            var configuration = HeadgateClient.Configuration(server: "http://127.0.0.1:\(stub.port)")
            configuration.callTimeout = .seconds(2)
            configuration.localGuard.tiers["business"] = .open(concurrencyMax: 10_000, perCaller: 10_000)
            change(&configuration)
            return try HeadgateClient(configuration: configuration)
        }

        @Test func `one connection serves calls that come one after the other`() async throws {
            try await StubServer.with { _ in
                .admit
            } _: { stub in
                let client = try ClientConnections.client(of: stub) { $0.gatewayToken = "token" }
                for _ in 0..<100 { #expect(await client.check(ClientConnections.call).origin == .engine) }
                let counts = stub.counts
                #expect(counts.opened == 1 && counts.requests.count == 100)
                let request = try #require(counts.requests.first)
                #expect(request.startLine == "POST /v1/check HTTP/1.1")
                #expect(request["Host"] == "127.0.0.1:\(stub.port)" && request["Headgate-Gateway-Token"] == "token")
                #expect(request["Content-Type"] == "application/json")
                #expect(request.text == #"{"method":"GET","path":"/v1/things/1"}"#)
            }
        }

        @Test func `calls at once share no more connections than there may be`() async throws {
            try await StubServer.with { _ in
                .admit
            } _: { stub in
                let client = try ClientConnections.client(of: stub) { $0.connectionsMax = 4 }
                let answered = await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<500 {
                        group.addTask { await client.check(ClientConnections.call).origin == .engine }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(answered == 500 && (1...4).contains(stub.counts.opened))
            }
        }

        @Test func `a call that is given up closes its connection, so that the server hears of it`() async throws {
            try await StubServer.with { _ in
                .silence
            } _: { stub in
                let client = try ClientConnections.client(of: stub) { $0.waitMax = .seconds(30) }
                let task = Task {
                    let admission = await client.admit(ClientConnections.call)
                    return admission.decision
                }
                try await Patience.wait(for: "the call to arrive") { stub.counts.requests.count == 1 }
                task.cancel()
                #expect(await task.value.reason == "client_closed")
                try await Patience.wait(for: "the connection to end") { stub.counts.closed == 1 }
                #expect(!client.isServerAway)
            }
        }

        @Test func `a call ends when its time is over, and waits for its seats as long as it may`() async throws {
            try await StubServer.with { _ in
                .silence
            } _: { stub in
                let client = try ClientConnections.client(of: stub) {
                    $0.callTimeout = .milliseconds(50)
                    $0.waitMax = .milliseconds(200)
                    $0.localGuard.failuresMax = 100
                }
                let start = ContinuousClock.now
                #expect(await client.check(ClientConnections.call).reason == "fail_open")
                let checked = ContinuousClock.now
                let task = Task {
                    let admission = await client.admit(ClientConnections.call)
                    return admission.decision.reason
                }
                #expect(await task.value == "fail_open")
                let admitted = ContinuousClock.now
                #expect(checked - start >= .milliseconds(50) && admitted - checked >= .milliseconds(250))
                #expect(admitted - start < .seconds(5))
            }
        }

        @Test func `a connection that the server closes is no answer, and the next call opens another`() async throws {
            try await StubServer.with {
                $0.text.contains("/bad") ? .close : .admit
            } _: { stub in
                let client = try ClientConnections.client(of: stub)
                for _ in 0..<10 {
                    let bad = await client.check(AdmissionCall(method: "GET", path: "/bad"))
                    #expect(bad.reason == "fail_open")
                    #expect(await client.check(ClientConnections.call).origin == .engine)
                }
                let requests = stub.counts.requests
                #expect(requests.count == 20, "no call is made twice: the server may have charged it")
            }
        }

        @Test(arguments: [
            "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"a\":",
            "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + String(repeating: " ", count: 300_000),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        ])
        func `what is no answer is decided locally`(text: String) async throws {
            try await StubServer.with { _ in
                .bytes(text)
            } _: { stub in
                let client = try ClientConnections.client(of: stub) { $0.callTimeout = .milliseconds(300) }
                #expect(await client.check(ClientConnections.call).reason == "fail_open")
                #expect(await client.check(ClientConnections.call).reason == "fail_open")
            }
        }
    }
}
