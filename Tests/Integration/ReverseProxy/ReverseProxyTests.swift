import CertificateTestSupport
import Foundation
import NIOCore
import Synchronization
import Testing

extension ServerTests {
    /// The reverse proxy as a process, with upstreams on real sockets.
    @Suite(.timeLimit(.minutes(5))) struct ReverseProxyTests {
        /// A number that several tasks add to.
        final class Counter: Sendable {
            let value = Atomic(0)
            var count: Int { value.load(ordering: .relaxed) }
            func add(_ count: Int = 1) { value.add(count, ordering: .relaxed) }
        }

        private static let megabyte = [UInt8](repeating: 120, count: 1 << 20)

        /// Waits until a number does not grow any more.
        private func settled(_ number: () throws -> Int) async throws -> Int {
            var (last, times) = (-1, 0)
            try await Patience.wait(for: "a number to stay") {
                let now = try number()
                times = now <= last ? times + 1 : 0
                last = max(now, last)
                return times > 50
            }
            return last
        }

        @Test func `50 MB go to a client that reads late while the server stays small`() async throws {
            let sent = Counter()
            try await RawUpstream.with { connection in
                guard try await connection.readHead() != nil else { return }
                try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(50 << 20)\r\n\r\n")
                for _ in 0..<50 {
                    try await connection.write(ReverseProxyTests.megabyte)
                    sent.add(1 << 20)
                }
                _ = try await connection.readHead()
            } _: { upstream in
                try await ProxySite.with(upstream.address) { proxy in
                    let before = try proxy.residentBytes()
                    try await HTTPConnection.with(port: proxy.port) { client in
                        try await client.write(proxy.request().bytes)
                        let stopped = try await settled { sent.count }
                        #expect(stopped < 40 << 20)
                        #expect(try proxy.residentBytes() - before < 16 << 20)
                        var count = 0
                        while count < 50 << 20, let bytes = try await client.readBytes() { count += bytes.count }
                        #expect(count > 50 << 20)
                        #expect(try proxy.residentBytes() - before < 32 << 20)
                    }
                }
            }
        }

        @Test func `50 MB go to an upstream that reads late while the server stays small`() async throws {
            let (start, end) = AsyncStream<Void>.makeStream()
            let body = String(repeating: "x", count: 50 << 20)
            try await RawUpstream.with { connection in
                guard try await connection.readHead() != nil else { return }
                for await _ in start {}
                var count = 0
                while count < 50 << 20, let bytes = try await connection.readBytes() { count += bytes.count }
                try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n\(count)")
            } _: { upstream in
                try await ProxySite.with(upstream.address) { proxy in
                    let before = try proxy.residentBytes()
                    let (client, request) = (HTTPClient(port: proxy.port), proxy.request("PUT", "/t/a", body: body))
                    async let answer = client.send(request)
                    let stopped = try await settled { try proxy.residentBytes() }
                    #expect(stopped - before < 24 << 20)
                    end.finish()
                    #expect(try await answer.text == "\(50 << 20)")
                    #expect(try proxy.residentBytes() - before < 32 << 20)
                }
            }
        }

        @Test(arguments: ["--http1.1", "--http2-prior-knowledge"])
        func `curl gets and sends what it should`(version: String) async throws {
            try await RawUpstream.with { connection in
                while let head = try await connection.readHead() {
                    let length = head.firstMatch(of: /Content-Length: ([0-9]+)/).flatMap { Int($0.1) } ?? 0
                    let body = try await connection.read(length)
                    try await connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                    for start in stride(from: 0, to: body.count, by: 100_000) {
                        let piece = body[start..<min(body.count, start + 100_000)]
                        try await connection.write("\(String(piece.count, radix: 16))\r\n")
                        try await connection.write(piece)
                        try await connection.write("\r\n")
                    }
                    try await connection.write("0\r\n\r\n")
                }
            } _: { upstream in
                try await ProxySite.with(upstream.address) { proxy in
                    let text = (0..<200_000).map { "\($0)\n" }.joined()
                    let file = try proxy.site.folder.write(text, to: "body")
                    let echo = try await proxy.curl(version, "--data-binary", "@\(file)", proxy.url())
                    #expect(echo == text)
                    let facts = try await proxy.curl(
                        version, "-o", "/dev/null", "-w", "%{http_code} %{http_version}", proxy.url())
                    #expect(facts == (version == "--http1.1" ? "200 1.1" : "200 2"))
                }
            }
        }

        @Test(arguments: ["-m1", "-m32"])
        func `thousands of requests are answered while the server stays small`(streams: String) async throws {
            try await RawUpstream.with(RawUpstream.answering(RawUpstream.hello)) { upstream in
                try await ProxySite.with(upstream.address) { proxy in
                    let folder = proxy.site.folder
                    let body = try folder.write("hello", to: "body")
                    func load(_ name: String, _ options: [String]) async throws {
                        let client = try Child(
                            name, try Tool.h2load(),
                            ["-n", "5000", "-c", "8", streams, "-H", "x-api-key: \(proxy.key)"] + options + [
                                proxy.url()
                            ],
                            in: folder)
                        try await Patience.wait(for: "h2load to end", atMost: .seconds(120)) { !client.isRunning }
                        try #require(client.status == 0, "\(client.errors)")
                        try #require(
                            client.output.contains("status codes: 5000 2xx, 0 3xx, 0 4xx, 0 5xx"), "\(client.output)")
                    }
                    let version = streams == "-m1" ? ["--h1"] : []
                    try await load("get", version)
                    try await load("post", version + ["-d", body])
                    let before = try proxy.residentBytes()
                    try await load("get-again", version)
                    try await load("post-again", version + ["-d", body])
                    let after = try proxy.residentBytes()
                    #expect(after - before < 8 << 20, "\(before) bytes before, \(after) after")
                }
            }
        }

        @Test func `nginx answers through the proxy, and bodies come whole over both protocols`() async throws {
            try await TestFolder.with { folder in
                let port = try await FreePort.find(1)[0]
                let content = (0..<300_000).map { "\($0)\n" }.joined()
                _ = try folder.folder("t").write(content, to: "big")
                let configuration = try folder.write(
                    """
                    worker_processes 1; pid nginx.pid;
                    events {}
                    http {
                      access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f;
                      uwsgi_temp_path u; scgi_temp_path s;
                      server { listen 127.0.0.1:\(port); root \(folder.path); gzip on; gzip_types *; }
                    }
                    """, to: "nginx.conf")
                let nginx = try ProcessUnderTest(
                    "nginx", try Tool.nginx(),
                    ["-p", folder.path, "-e", "error.log", "-c", configuration, "-g", "daemon off;"], in: folder)
                try await withCleanUp {
                    try await nginx.waitUntilListening(on: port)
                    try await ProxySite.with("http://127.0.0.1:\(port)") { proxy in
                        for version in ["--http1.1", "--http2-prior-knowledge"] {
                            #expect(try await proxy.curl(version, proxy.url("/t/big")) == content)
                            // In chunks, since nginx does not know how long it will be.
                            #expect(try await proxy.curl(version, "--compressed", proxy.url("/t/big")) == content)
                            let range = try await proxy.curl(version, "-r", "0-3", proxy.url("/t/big"))
                            #expect(range == "0\n1\n")
                            let head = try await proxy.curl(version, "-I", proxy.url("/t/big"))
                            #expect(head.lowercased().contains("content-length: \(content.utf8.count)\r\n"))
                        }
                    }
                } cleanUp: {
                    await nginx.stop()
                }
            }
        }

        @Test func `a WebSocket goes through, both ways`() async throws {
            try await RawUpstream.with { connection in
                guard try await connection.readHead()?.contains("Upgrade: websocket\r\n") == true else { return }
                try await connection.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")
                while let bytes = try await connection.readBytes() { try await connection.write(bytes.map { $0 ^ 1 }) }
                try await connection.write("bye")
            } _: { upstream in
                try await ProxySite.with(upstream.address) { proxy in
                    try await HTTPConnection.with(port: proxy.port) { client in
                        try await client.write(
                            proxy.request("GET", "/t/a", [("Connection", "Upgrade"), ("Upgrade", "websocket")]).bytes)
                        var text = ""
                        while !text.hasSuffix("\r\n\r\n"), let bytes = try await client.readBytes() {
                            text += String(decoding: bytes, as: UTF8.self)
                        }
                        #expect(text.hasPrefix("HTTP/1.1 101 "))
                        try await client.write("hello".utf8)
                        #expect(try await client.readBytes() == "hello".utf8.map { $0 ^ 1 })
                        client.finish()
                        #expect(try await client.readBytes() == Array("bye".utf8))
                        #expect(try await client.readBytes() == nil)
                    }
                }
            }
        }

        @Test func `an upstream that is not there, one that does not answer, and one that dies`() async throws {
            let nobody = try await FreePort.find(1)[0]
            try await ProxySite.with("http://127.0.0.1:\(nobody)") { proxy in
                let answer = try await proxy.send()
                #expect(answer.status == 502)
                #expect(answer["Proxy-Status"] == "headgate; error=destination_unavailable")
            }
            try await RawUpstream.with { connection in
                let head = try await connection.readHead() ?? ""
                if head.hasPrefix("GET /t/black") { while try await connection.readBytes() != nil {} }
                if head.hasPrefix("GET /t/half") {
                    try await connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
                }
            } _: { upstream in
                try await ProxySite.with(upstream.address, options: ["--upstream-timeout", "1"]) { proxy in
                    let black = try await proxy.send("GET", "/t/black")
                    #expect(black.status == 504)
                    #expect(black["Proxy-Status"] == "headgate; error=http_response_timeout")
                    let dead = try await proxy.send("GET", "/t/dead")
                    #expect(dead.status == 502)
                    #expect(dead["Proxy-Status"] == "headgate; error=connection_terminated")
                    let half = try? await proxy.send("GET", "/t/half")
                    #expect(half == nil)
                    let soon = try await proxy.send("GET", "/t/black", [("Headgate-Timeout-Ms", "100")])
                    #expect(soon.status == 504)
                }
            }
        }

        @Test func `of several upstreams those that fail are passed over, and probes say who is well`() async throws {
            let nobody = try await FreePort.find(1)[0]
            let ill = Counter()
            try await RawUpstream.with(RawUpstream.answering(RawUpstream.hello)) { well in
                try await RawUpstream.with { connection in
                    while let head = try await connection.readHead() {
                        if head.hasPrefix("GET /t/") { ill.add() }
                        try await connection.write("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")
                    }
                } _: { other in
                    try await ProxySite.with(
                        "http://127.0.0.1:\(nobody)", well.address, other.address,
                        options: ["--upstream-probe", "/healthz"]
                    ) { proxy in
                        try await Patience.wait(for: "the probes to fail") {
                            let client = HTTPClient(port: proxy.site.port)
                            let metrics = try await client.send(HTTPRequest(target: "/metrics"))
                            return metrics.text.contains("headgate_upstream_available{upstream=\"\(other.address)\"} 0")
                        }
                        let before = ill.count
                        for _ in 0..<50 { #expect(try await proxy.send("POST", "/t/a", body: "abc").status == 200) }
                        #expect(ill.count == before)
                    }
                }
            }
        }

        @Test func `connections that the upstream closes cost no request that may be repeated`() async throws {
            // Each connection answers some requests and closes without a word, as keep-alive times do.
            try await RawUpstream.with { connection in
                for _ in 0..<3 {
                    guard try await connection.readHead() != nil else { return }
                    try await connection.write(RawUpstream.hello)
                }
            } _: { upstream in
                try await ProxySite.with(upstream.address) { proxy in
                    try await HTTPConnection.with(port: proxy.port) { client in
                        for _ in 0..<300 {
                            let status = try await client.send(proxy.request()).status
                            #expect(status == 200)
                        }
                    }
                }
            }
        }

        @Test func `an upstream by TLS must have a certificate of the stated authority`() async throws {
            try await TestFolder.with { folder in
                let certificates = try Certificates(in: folder)
                let stranger = try certificates.workshop.authority("stranger")
                let port = try await FreePort.find(1)[0]
                let configuration = try folder.write(
                    """
                    worker_processes 1; pid nginx.pid;
                    events {}
                    http {
                      access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f;
                      uwsgi_temp_path u; scgi_temp_path s;
                      server {
                        listen 127.0.0.1:\(port) ssl;
                        ssl_certificate \(certificates.server.certificate);
                        ssl_certificate_key \(certificates.server.key);
                        location / { return 200 hello; }
                      }
                    }
                    """, to: "nginx.conf")
                let nginx = try ProcessUnderTest(
                    "nginx", try Tool.nginx(),
                    ["-p", folder.path, "-e", "error.log", "-c", configuration, "-g", "daemon off;"], in: folder)
                try await withCleanUp {
                    try await nginx.waitUntilListening(on: port)
                    for (authority, status) in [(certificates.authority, 200), (stranger, 502)] {
                        try await ProxySite.with(
                            "https://localhost:\(port)", options: ["--upstream-ca", authority.certificate]
                        ) { proxy in
                            for _ in 0..<3 {
                                let answer = try await proxy.send("POST", "/t/a", body: "abc")
                                #expect(answer.status == status)
                                #expect(
                                    answer["Proxy-Status"]
                                        == (status == 200 ? nil : "headgate; error=tls_protocol_error"))
                            }
                        }
                    }
                } cleanUp: {
                    await nginx.stop()
                }
            }
        }

        @Test func `a server that is told to stop finishes its requests and takes no others`() async throws {
            let (start, end) = AsyncStream<Void>.makeStream()
            let begun = Counter()
            try await RawUpstream.with { connection in
                guard try await connection.readHead() != nil else { return }
                begun.add()
                for await _ in start {}
                try await connection.write(RawUpstream.hello)
            } _: { upstream in
                try await ProxySite.with(upstream.address) { proxy in
                    let (client, request) = (HTTPClient(port: proxy.port), proxy.request())
                    async let answer = client.send(request)
                    try await Patience.wait(for: "the request to begin") { begun.count == 1 }
                    proxy.site.send(SIGTERM)
                    try await Patience.wait(for: "the port to close") { await !FreePort.isOpen(proxy.port) }
                    end.finish()
                    #expect(try await answer.text == "hello")
                    #expect(try await answer["Connection"] == "close")
                    #expect(try await proxy.site.waitForEnd() == 0)
                }
            }
        }

        /// How long a number of requests take, one after the other; the slowest but ten.
        private func time(of count: Int, through proxy: ProxySite) async throws -> Duration {
            try await HTTPConnection.with(port: proxy.port) { client in
                var times: [Duration] = []
                for _ in 0..<count {
                    let start = ContinuousClock.now
                    let status = try await client.send(proxy.request()).status
                    #expect(status == 200)
                    times.append(ContinuousClock.now - start)
                }
                return times.sorted()[count - 10]
            }
        }

        @Test func `a thousand slow clients do not slow the others`() async throws {
            try await RawUpstream.with(RawUpstream.answering(RawUpstream.hello)) { upstream in
                try await ProxySite.with(upstream.address) { proxy in
                    let alone = try await time(of: 1_000, through: proxy)
                    let slow = try await SlowClients.connect(to: proxy.port, count: 200, key: proxy.key)
                    let beside = try await time(of: 1_000, through: proxy)
                    await slow.close()
                    // Generous, because the machine may be busy: clients that are in the way cost seconds.
                    #expect(beside < alone * 5 + .milliseconds(50), "\(beside) beside slow clients, \(alone) alone")
                }
            }
        }
    }
}
