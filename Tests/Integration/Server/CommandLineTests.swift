import Foundation
import Testing

extension ServerTests {
    /// The command line: what it says, and how it ends.
    @Suite struct CommandLine {
        /// Every command that there is.
        private static let commands = [
            "", "serve", "policy", "policy check", "policy test", "policy diff", "policy explain", "policy schema",
            "policy import", "policy import envoy-ratelimit",
            "directory", "directory add-key", "directory revoke-key", "directory list", "directory check", "journal",
            "explain", "experience", "init", "enrol", "health", "health show", "health tell", "health retract",
            "quarantine", "quarantine list", "quarantine add", "quarantine lift",
            "quarantine history",
            "ledger", "ledger verify", "ledger export", "ledger prove", "ledger show", "ledger search", "ledger at",
            "ledger push",
            "sign-in", "sign-out", "whoami", "session", "session list", "session end",
            "token", "token list", "token issue", "token revoke",
            "tenant", "tenant list", "tenant show", "tenant create", "tenant change",
            "plan", "plan assign", "plan excess",
            "exemption", "exemption list", "exemption show", "exemption propose", "exemption approve",
            "exemption reject", "exemption withdraw", "exemption end",
            "principal", "principal list", "principal show", "principal set", "principal remove",
            "key", "key list", "key issue", "key rotate", "key revoke", "key stale",
            "usage", "usage show", "usage list", "usage export", "usage warnings",
            "operator", "operator list", "operator show", "operator set", "operator disable", "operator enable",
            "operator reset", "operator vouch",
            "credentials", "credentials enrol", "credentials password", "credentials phone",
            "credentials recovery-codes",
            "issuing", "issuing keys", "issuing rotate", "issuing issuers", "issuing issuer", "issuing accept",
            "issuing refuse", "issuing minimum", "issuing revoke", "quarantine held", "quarantine release",
            "policy propose", "policy proposals", "policy show", "policy compare", "policy approve", "policy reject",
            "policy withdraw",
            "policy schedule", "policy publish", "policy roll-back",
            "audit", "audit search", "audit show", "audit proof", "audit erase", "audit past", "audit entitlement",
            "apply", "api", "api openapi",
        ]

        private func run(_ arguments: String..., in folder: TestFolder) async throws -> Command {
            try await Command.run(arguments, environment: ["COLUMNS": "100"], in: folder)
        }

        @Test(arguments: commands)
        func `the help reads as recorded`(command: String) async throws {
            try await TestFolder.with { folder in
                let words = command.split(separator: " ").map(String.init)
                let help = try await Command.run(words + ["--help"], environment: ["COLUMNS": "100"], in: folder)
                #expect(help.status == 0)
                #expect(help.errors.isEmpty)
                let name = (["headgate"] + words).joined(separator: "-")
                try expectSnapshot(help.output, "help-\(name).txt")
            }
        }

        @Test func `the help names every command`() async throws {
            try await TestFolder.with { folder in
                for parent in Set(
                    CommandLine.commands.map { $0.split(separator: " ").dropLast().joined(separator: " ") })
                {
                    let help = try await Command.run(
                        parent.split(separator: " ").map(String.init) + ["--help"], in: folder)
                    let listed = help.output.split(separator: "\n").drop { !$0.hasSuffix("SUBCOMMANDS:") }
                        .dropFirst().compactMap { $0.firstMatch(of: #/^  ([a-z-]+),? /#).map { String($0.1) } }
                    let known = CommandLine.commands.compactMap { command -> String? in
                        let words = command.split(separator: " ").map(String.init)
                        return words.dropLast().joined(separator: " ") == parent ? words.last : nil
                    }
                    #expect(Set(listed) == Set(known), "\(parent)")
                }
            }
        }

        @Test(arguments: ["bash", "zsh", "fish"])
        func `the completion of a shell knows commands and their words`(shell: String) async throws {
            try await TestFolder.with { folder in
                let script = try await run("--generate-completion-script", shell, in: folder)
                #expect(script.status == 0)
                for word in ["exemption", "roll-back", "dry-run", "technical-reviewer", "---completion"] {
                    #expect(script.output.contains(word), "\(word)")
                }
                guard shell == "bash" else { return }
                let file = try folder.write(script.output, to: "completion.bash")
                let child = try Child("bash", "/bin/bash", ["-n", file], in: folder)
                await child.end(with: 0)
                #expect(child.status == 0, "\(child.errors)")
            }
        }

        @Test func `the document of the control API is printed without a server`() async throws {
            try await TestFolder.with { folder in
                let printed = try await run("api", "openapi", in: folder)
                let document = try JSONSerialization.jsonObject(with: Data(printed.output.utf8)) as? [String: Any]
                #expect(document?["openapi"] as? String == "3.1.0")
            }
        }

        @Test func `policy check says what is wrong and exits with 1`() async throws {
            try await TestFolder.with { folder in
                let good = Repository.file("Examples/signing-platform/policy.yaml")
                let fine = try await run("policy", "check", good, in: folder)
                #expect(fine.status == 0)
                #expect(fine.output.contains("ok, 0 warnings; policy signing-platform, version sha256:"))
                let json = try await run("policy", "check", good, "--format", "json", in: folder)
                #expect(json.status == 0)
                #expect(try JSONDecoder().decode([Diagnostic].self, from: Data(json.output.utf8)).isEmpty)

                let text = try Example.signing.text(
                    "policy.yaml", replacing: [("consequence: low", "consequense: low")])
                let bad = try folder.write(text, to: "bad.yaml")
                let told = try await run("policy", "check", bad, in: folder)
                #expect(told.status == 1)
                #expect(told.output.contains(#/bad\.yaml:\d+:5: error: /#))
                #expect(told.output.contains("consequence"))
                let listed = try await run("policy", "check", bad, "--format", "json", in: folder)
                #expect(listed.status == 1)
                let diagnostics = try JSONDecoder().decode([Diagnostic].self, from: Data(listed.output.utf8))
                #expect(diagnostics.contains { $0.code == "unknown-key" && $0.severity == "error" && $0.column == 5 })

                let missing = try await run("policy", "check", folder.file("none.yaml"), in: folder)
                #expect(missing.status == 1)
                #expect(missing.output.contains("there is no file or folder"))
                #expect(try await run("policy", "check", good, "--format", "xml", in: folder).status == 64)
                #expect(try await run("policy", "check", in: folder).status == 64)
            }
        }

        /// What pipelines read of a diagnostic.
        private struct Diagnostic: Decodable {
            let code: String
            let severity: String
            let line: Int
            let column: Int
        }

        @Test func `a test of a policy that fails is shown as a difference and exits with 1`() async throws {
            try await TestFolder.with { folder in
                let good = try await run(
                    "policy", "test", Repository.file("Examples/operations-platform/policy.yaml"), in: folder)
                #expect(good.status == 0)
                #expect(good.output.contains(/^\d+ passed, 0 failed/))
                let text = try Example.operations.text(
                    "policy.yaml",
                    replacing: [
                        ("start-export, class: export, tier: business", "start-export, class: export, tier: critical")
                    ])
                let bad = try folder.write(text, to: "bad.yaml")
                let told = try await run("policy", "test", bad, in: folder)
                #expect(told.status == 1)
                #expect(told.output.contains(#/bad\.yaml:\d+: failed: /#))
                #expect(told.output.contains("  - tier: critical\n  + tier: business\n"))
                #expect(told.output.contains(", 1 failed\n"))
                let json = try await run("policy", "test", bad, "--format", "json", in: folder)
                #expect(json.status == 1)
                let report = try JSONDecoder().decode(TestReport.self, from: Data(json.output.utf8))
                #expect(report.failed == 1)
                let failed = try #require(report.tests.first { !$0.passed })
                let mismatches = failed.mismatches.map { "\($0.member) \($0.expected) \($0.found)" }
                #expect(mismatches == ["tier critical business"])
            }
        }

        /// What pipelines read of a run of tests.
        private struct TestReport: Decodable {
            let failed: Int
            let tests: [Test]

            struct Test: Decodable {
                let passed: Bool
                let mismatches: [Mismatch]
            }

            struct Mismatch: Decodable {
                let member: String
                let expected: String
                let found: String
            }
        }

        @Test func `a configuration of Envoy's reference rate limit service becomes a section of a policy`()
            async throws
        {
            try await TestFolder.with { folder in
                let limit = "rate_limit: { unit: second, requests_per_unit: 5 }"
                let old = try folder.write(
                    "domain: edge\ndescriptors: [ { key: a, detailed_metric: true, \(limit) } ]\n", to: "old.yaml")
                let policy = Repository.file("Examples/operations-platform/policy.yaml")
                let fine = try await run("policy", "import", "envoy-ratelimit", old, "--into", policy, in: folder)
                #expect(fine.status == 0)
                #expect(fine.output.hasSuffix("    limits:\n      - { key: a, requests: 5, unit: second }\n"))
                #expect(fine.errors.contains("old.yaml:2:26: warning: `detailed_metric` is not carried over"))
                let both = try folder.write(
                    try Example.operations.text("policy.yaml") + "\n" + fine.output, to: "both.yaml")
                #expect(try await run("policy", "check", both, in: folder).status == 0)

                let twice = try await run("policy", "import", "envoy-ratelimit", old, "--into", both, in: folder)
                #expect(twice.status == 1 && twice.output.isEmpty)
                #expect(
                    twice.errors.contains(#/<imported>:\d+:3: error: `edge` appears more than once in `descriptors`/#))
                let bad = try folder.write("domain: edge\ndescriptors: [ { key: a, \(limit) ]\n", to: "bad.yaml")
                let refused = try await run("policy", "import", "envoy-ratelimit", bad, in: folder)
                #expect(refused.status == 1 && refused.output.isEmpty && refused.errors.contains("bad.yaml:2:"))
                #expect(try await run("policy", "import", "envoy-ratelimit", in: folder).status == 64)
            }
        }

        @Test func `policies are compared, explained and described`() async throws {
            try await TestFolder.with { folder in
                let flat = Repository.file("Examples/operations-platform/policy-flat.yaml")
                let layered = Repository.file("Examples/operations-platform/policy.yaml")
                for arguments in [
                    ["policy", "diff", flat, layered], ["policy", "explain", layered],
                    ["policy", "explain", "--overload", layered],
                ] {
                    let text = try await Command.run(arguments, in: folder)
                    #expect(text.status == 0)
                    #expect(!text.output.isEmpty)
                    let json = try await Command.run(arguments + ["--format", "json"], in: folder)
                    #expect(json.status == 0)
                    #expect(throws: Never.self) {
                        try JSONSerialization.jsonObject(with: Data(json.output.utf8))
                    }
                }
                let schema = try await run("policy", "schema", in: folder)
                let recorded = try String(
                    contentsOfFile: Repository.file("Examples/policy.schema.json"), encoding: .utf8)
                #expect(schema.output == recorded)
            }
        }
    }
}
