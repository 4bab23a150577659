import Foundation
import Testing

extension ServerTests {
    /// What `headgate policy check` and `policy test` say of policies that cannot be used, in text and in JSON.
    @Suite struct PolicyChecks {
        private static let broken = "headgate: 1\nname: broken\n"

        private func run(_ arguments: String..., in folder: TestFolder) async throws -> Command {
            try await Command.run(arguments, in: folder)
        }

        /// Runs a check for a pipeline and reads what it wrote.
        private func diagnostics(of path: String, in folder: TestFolder) async throws -> [Diagnostic] {
            let command = try await run("policy", "check", path, "--format", "json", in: folder)
            #expect(command.status == 1 && command.errors.isEmpty)
            return try JSONDecoder().decode([Diagnostic].self, from: Data(command.output.utf8))
        }

        /// What pipelines read of a diagnostic.
        private struct Diagnostic: Decodable {
            let file: String
            let code: String
            let line: Int
            let message: String
        }

        @Test func `a check runs the tests and fails with the first that fails`() async throws {
            try await TestFolder.with { folder in
                let old = "start-export, class: export, tier: business"
                let text = try Example.operations.text(
                    "policy.yaml", replacing: [(old, "start-export, class: export, tier: critical")])
                let line = try #require(
                    text.split(separator: "\n", omittingEmptySubsequences: false)
                        .firstIndex { $0.contains("start-export, class: export, tier: critical") })
                let bad = try folder.write(text, to: "bad.yaml")
                let told = try await run("policy", "check", bad, in: folder)
                #expect(told.status == 1)
                #expect(told.output.contains("bad.yaml:\(line + 1):"))
                #expect(told.output.contains("[failed-test]") && told.output.contains("bad.yaml: 1 error, 0 warnings"))
                let listed = try await diagnostics(of: bad, in: folder)
                #expect(listed.map(\.code) == ["failed-test"] && listed.map(\.line) == [line + 1])
            }
        }

        @Test func `what cannot be read is a diagnostic, and hides nothing else`() async throws {
            try await TestFolder.with { folder in
                let missing = try await diagnostics(of: folder.file("none.yaml"), in: folder)
                #expect(missing.map(\.code) == ["unreadable-file"])
                #expect(missing.first?.message.contains("there is no file or folder") == true)
                let empty = try await diagnostics(of: try folder.folder("empty").path, in: folder)
                #expect(empty.map(\.code) == ["unreadable-file"])

                let mixed = try folder.folder("mixed")
                _ = try mixed.write(PolicyChecks.broken + "colour: red\n", to: "a.yaml")
                // SAFETY: the path is read only during the call.
                let failure = unsafe mkfifo(mixed.file("z.yaml"), 0o600)
                #expect(failure == 0)
                let found = try await diagnostics(of: mixed.path, in: folder)
                #expect(found.first?.code == "unreadable-file" && found.first?.file.hasSuffix("z.yaml") == true)
                #expect(found.contains { $0.code == "unknown-key" && $0.file.hasSuffix("a.yaml") })
            }
        }

        @Test func `a policy that cannot be tested is told in JSON as well`() async throws {
            try await TestFolder.with { folder in
                let bad = try folder.write(PolicyChecks.broken, to: "bad.yaml")
                let told = try await run("policy", "test", bad, "--format", "json", in: folder)
                #expect(told.status == 1)
                let report = try JSONDecoder().decode(Report.self, from: Data(told.output.utf8))
                #expect(report.failed == 0 && !report.diagnostics.isEmpty)
            }
        }

        private struct Report: Decodable {
            let failed: Int
            let diagnostics: [Diagnostic]
        }
    }
}
