import Foundation
import Testing

extension ServerTests {
    /// Starts that must not succeed: each says why, and leaves everything as it was.
    @Suite struct RefusedStarts {
        /// A command line that must be refused.
        struct Row: CustomTestStringConvertible, Sendable {
            let testDescription: String
            /// What is said besides the policy and the data folder, or instead of them.
            let arguments: [String]
            /// The exit code.
            let status: Int32
            /// A part of what standard error says.
            let message: String
        }

        private static let rows = [
            Row(
                testDescription: "all interfaces", arguments: ["--listen", "0.0.0.0:0"], status: 64,
                message:
                    "--listen 0.0.0.0:0: beyond loopback a listener needs TLS: give --tls-certificate and --tls-key."),
            Row(
                testDescription: "all interfaces, IPv6", arguments: ["--listen", "[::]:0"], status: 64,
                message: "on a network that nobody else can read, say --insecure."),
            Row(
                testDescription: "another machine", arguments: ["--listen", "192.0.2.1:8080"], status: 64,
                message: "beyond loopback"),
            Row(
                testDescription: "a certificate without a key", arguments: ["--tls-certificate", "c.pem"], status: 64,
                message: "--tls-certificate and --tls-key go together"),
            Row(
                testDescription: "a key without a certificate", arguments: ["--tls-key", "c.key"], status: 64,
                message: "--tls-certificate and --tls-key go together"),
            Row(
                testDescription: "client certificates without TLS", arguments: ["--tls-client-ca", "ca.pem"],
                status: 64,
                message: "--tls-client-ca needs --tls-certificate and --tls-key"),
            Row(
                testDescription: "optional client certificates from nobody", arguments: ["--tls-client", "optional"],
                status: 64,
                message: "--tls-client and --tls-trusted are about client certificates: give --tls-client-ca"),
            Row(
                testDescription: "trusted names from nobody", arguments: ["--tls-trusted", "proxy.example"], status: 64,
                message: "--tls-client and --tls-trusted are about client certificates: give --tls-client-ca"),
            Row(
                testDescription: "insecure TLS",
                arguments: ["--tls-certificate", "c.pem", "--tls-key", "c.key", "--insecure"], status: 64,
                message: "--insecure is for a listener without TLS: drop it"),
            Row(
                testDescription: "no certificate",
                arguments: ["--tls-certificate", "none.pem", "--tls-key", "bad.yaml"],
                status: 1, message: "cannot open none.pem: No such file or directory"),
            Row(
                testDescription: "a certificate that is none",
                arguments: ["--tls-certificate", "bad.yaml", "--tls-key", "bad.yaml"], status: 1,
                message: "bad.yaml is not PEM"),
            Row(
                testDescription: "tokens that are open to others", arguments: ["--gateway-token-file", "bad.yaml"],
                status: 1, message: "bad.yaml is open to others (mode 644): chmod 600 bad.yaml"),
            Row(
                testDescription: "no connections from one address", arguments: ["--connections-per-address", "0"],
                status: 64, message: "--connections-per-address is at least 1"),
            Row(
                testDescription: "a name", arguments: ["--listen", "localhost:8080"], status: 64,
                message: "'localhost:8080' needs an IP address: write 127.0.0.1:8080"),
            Row(
                testDescription: "no port", arguments: ["--listen", "127.0.0.1"], status: 64,
                message: "needs a port from 0 to 65535"),
            Row(
                testDescription: "a port that is none", arguments: ["--listen", "127.0.0.1:65536"], status: 64,
                message: "needs a port from 0 to 65535"),
            Row(
                testDescription: "no policy", arguments: ["--policy", "none.yaml"], status: 1,
                message: "there is no file or folder 'none.yaml'"),
            Row(
                testDescription: "a bad policy", arguments: ["--policy", "bad.yaml"], status: 1,
                message: "bad.yaml:1:1: error:"),
            Row(
                testDescription: "no directory", arguments: ["--directory", "none.yaml"], status: 1,
                message: "cannot open none.yaml: No such file or directory"),
            Row(
                testDescription: "a bad directory", arguments: ["--directory", "bad.yaml"], status: 1,
                message: "bad.yaml:1:1: error:"),
            Row(
                testDescription: "a data folder below a file", arguments: ["--data", "bad.yaml/data"], status: 1,
                message: "the data folder bad.yaml/data cannot be made"),
            Row(
                testDescription: "a region that the policy does not have", arguments: ["--region", "mars"], status: 1,
                message: "--region mars: the policy has the regions eu-central-1, eu-west-1"),
            Row(
                testDescription: "no threads", arguments: ["--threads", "0"], status: 64,
                message: "--threads is at least 1"),
            Row(
                testDescription: "no days", arguments: ["--journal-days", "0"], status: 64,
                message: "--journal-days is 1 to 36500"),
            Row(
                testDescription: "no room for tenants", arguments: ["--tenant-capacity", "9999"], status: 64,
                message: "--tenant-capacity is 10000 to 1000000000"),
            Row(
                testDescription: "no room", arguments: ["--journal-megabytes", "0"], status: 64,
                message: "--journal-megabytes is at least 1"),
            Row(
                testDescription: "no connections", arguments: ["--connections", "0"], status: 64,
                message: "--connections is at least 1"),
            Row(
                testDescription: "an unknown option", arguments: ["--polcy", "policy.yaml"], status: 64,
                message: "Unknown option '--polcy'. Did you mean '--policy'?"),
        ]

        private func with(_ body: (Site) async throws -> Void) async throws {
            let directory = try Example.signing.text("directory.yaml")
            try await Site.with(policy: try Example.signing.policy(), directory: directory) { site in
                _ = try site.folder.write("nonsense\n", to: "bad.yaml")
                try await body(site)
            }
        }

        private func serve(_ site: Site, _ arguments: [String]) async throws -> Command {
            let standard = ["--policy", site.policy, "--data", site.data, "--listen", "127.0.0.1:0"]
            let kept = stride(from: 0, to: standard.count, by: 2).filter { !arguments.contains(standard[$0]) }
                .flatMap { standard[$0...$0 + 1] }
            return try await Command.run(["serve"] + kept + arguments, in: site.folder)
        }

        @Test(arguments: rows)
        func `a start that cannot succeed says why`(row: Row) async throws {
            try await with { site in
                let command = try await serve(site, row.arguments)
                #expect(command.status == row.status)
                #expect(command.errors.contains(row.message), "\(command.errors)")
                #expect(!command.errors.contains("Fatal error"))
                #expect(!command.errors.contains("NSCocoaErrorDomain"))
                #expect(command.output.isEmpty)
            }
        }

        @Test func `a port or a data folder that is taken is left to whom it belongs`() async throws {
            try await with { site in
                try await site.start()
                let sameData = try await serve(site, [])
                #expect(sameData.status == 1)
                #expect(sameData.errors.contains(/process \d+ already writes to the data folder/))
                let samePort = try await serve(
                    site, ["--listen", "127.0.0.1:\(site.port)", "--data", site.folder.file("other")])
                #expect(samePort.status == 1)
                #expect(samePort.errors.contains("it cannot listen on 127.0.0.1:\(site.port)"))
                #expect(samePort.errors.localizedCaseInsensitiveContains("address already in use"))
                #expect(try await site.check(Check(tenant: "acme", operation: "submit-signature")).isAdmitted)
            }
        }

        @Test func `loopback is loopback in both families`() async throws {
            try await with { site in
                try await site.start(["--listen", "[::1]:0"])
                #expect(site.log.contains("serves on http://[::1]:"))
            }
        }

        @Test func `a start that failed is no crash`() async throws {
            try await with { site in
                try await site.start()
                await site.stop()
                #expect(try await serve(site, ["--region", "mars"]).status == 1)
                try await site.start()
                #expect(!site.log.contains("did not stop cleanly"))
                // But what a crash left behind is not forgotten over it.
                await site.kill()
                #expect(try await serve(site, ["--region", "mars"]).status == 1)
                try await site.start()
                #expect(site.log.contains("did not stop cleanly"))
            }
        }
    }
}
