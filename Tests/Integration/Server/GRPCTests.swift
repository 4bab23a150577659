import Foundation
import Testing

extension ServerTests {
    /// The gRPC methods, as an independent client sees them.
    @Suite struct GRPC {
        /// The signing platform with the descriptors that the client asks for.
        private func policy() throws -> String {
            let path = Repository.file("Tests/Integration/Client/policy-descriptors.yaml")
            let descriptors = try String(contentsOfFile: path, encoding: .utf8)
            return try Example.signing.policy(replacing: [("descriptors:\n", descriptors)])
        }

        @Test(arguments: ["limits", "together", "keys", "authorize", "wire", "health"])
        func `every check of the Python client holds`(group: String) async throws {
            let directory = try Example.signing.text("directory.yaml")
            try await Site.with(policy: policy(), directory: directory) { site in
                let key = try await site.addKey(for: "small-co/automation")
                try await site.start()
                let client = try Child(
                    "client", try Tool.python(),
                    [
                        Repository.file("Tests/Integration/Client/grpc_checks.py"), group, "\(site.port)", key,
                        "\(site.processNumber)",
                    ], in: site.folder)
                try await Patience.wait(for: "the client to end", atMost: .seconds(240)) { !client.isRunning }
                #expect(client.status == 0, "\(client.output.suffix(2_000))\n\(client.errors.suffix(2_000))")
                #expect(client.output.hasSuffix("done \(group)\n"))
                if group == "health" { #expect(try await site.waitForEnd() == 0) }
            }
        }

        /// A million in `scripts/test`, which has a release build for it.
        @Test func `a connection takes any number of calls, and the memory of the server does not grow with them`()
            async throws
        {
            let count = ProcessInfo.processInfo.environment["HEADGATE_CALL_COUNT"].flatMap { Int($0) } ?? 6_000
            let directory = try Example.signing.text("directory.yaml")
            try await Site.with(policy: policy(), directory: directory) { site in
                try await site.start()
                let message = try site.folder.write("", to: "message")
                try Data([0, 0, 0, 0, 21] + Array("\n\u{4}edge\u{12}\u{D}\n\u{B}\n\u{4}vast\u{12}\u{3}one".utf8))
                    .write(to: URL(fileURLWithPath: message))
                try await call(site, message, count: 1_000)
                // The first tenth fills tables and buffers; what grows after it would grow for ever.
                try await call(site, message, count: count / 10)
                let before = try residentBytes(site)
                try await call(site, message, count: count)
                let after = try residentBytes(site)
                #expect(after - before < 8 << 20, "\(before) bytes before, \(after) after \(count) calls")
            }
        }

        /// Sends calls over one connection, a hundred at a time.
        private func call(_ site: Site, _ message: String, count: Int) async throws {
            let client = try Child(
                "h2load-\(UUID().uuidString)", try Tool.h2load(),
                [
                    "-n", "\(count)", "-c", "1", "-m", "100", "-d", message, "-H", "content-type: application/grpc",
                    "-H", "te: trailers",
                    "http://127.0.0.1:\(site.port)/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit",
                ], in: site.folder)
            try await Patience.wait(for: "h2load to end", atMost: .seconds(300)) { !client.isRunning }
            try #require(client.status == 0, "\(client.errors)")
            try #require(
                client.output.contains("\(count) succeeded, 0 failed, 0 errored, 0 timeout"), "\(client.output)")
        }

        /// The memory of the server, as Linux counts it.
        private func residentBytes(_ site: Site) throws -> Int {
            let status = try String(contentsOfFile: "/proc/\(site.processNumber)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
            return try #require(Int(line.filter(\.isNumber))) * 1_024
        }
    }
}
