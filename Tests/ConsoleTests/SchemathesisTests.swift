import Access
import Foundation
import Testing

@testable import Console

/// Everything that the document allows, and more, as schemathesis thinks it up.
@Suite struct SchemathesisTests {
    @Test func `schemathesis finds no answer that the document does not say`() async throws {
        try await ConsoleWorld.with { world in
            let program = "\(FileManager.default.currentDirectoryPath)/.venv/bin/schemathesis"
            try #require(
                FileManager.default.isExecutableFile(atPath: program), "schemathesis is missing: run scripts/setup")
            let examples = ProcessInfo.processInfo.environment["HEADGATE_SCHEMATHESIS_EXAMPLES"] ?? "5"
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.currentDirectoryURL = FileManager.default.temporaryDirectory
            process.arguments = [
                "run", "http://127.0.0.1:\(world.port)/openapi.json", "--phases", "examples,fuzzing",
                "--max-examples", examples, "--seed", "1", "--generation-database", "none", "--no-color",
                "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
                    + "response_headers_conformance,unsupported_method",
                "--header", "Authorization: Bearer \(try world.session(of: "everybody").text)",
                "--exclude-operation-id", "signOut", "--exclude-operation-id", "endSession",
            ]
            let place = FileManager.default.temporaryDirectory.appendingPathComponent(
                "schemathesis-\(UUID().uuidString)")
            try Data().write(to: place)
            defer { try? FileManager.default.removeItem(at: place) }
            // A file and no pipe: whoever reads a pipe keeps a thread that the server needs.
            let output = try FileHandle(forWritingTo: place)
            process.standardOutput = output
            process.standardError = output
            let ended = AsyncStream<Int32> { continuation in
                process.terminationHandler = { process in
                    continuation.yield(process.terminationStatus)
                    continuation.finish()
                }
            }
            try process.run()
            var statuses: [Int32] = []
            for await status in ended { statuses.append(status) }
            let report = try String(contentsOf: place, encoding: .utf8)
            #expect(statuses == [0], "\(report)")
            // A run that reaches few calls would prove nothing.
            let tested = try #require(report.firstMatch(of: /Tested: (\d+)/).flatMap { Int($0.1) })
            #expect(tested >= Route.all.count - 3, "\(report)")
            #expect(!report.contains("401 Unauthorized ("), "\(report)")
        }
    }
}
