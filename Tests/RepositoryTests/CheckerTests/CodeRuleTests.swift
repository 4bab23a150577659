import Testing

@Suite struct `rules about code` {
    private func file(_ text: String, at path: String = "Sources/Admission/File.swift") throws -> SwiftFile {
        try SwiftFile(path: path, text: text)
    }

    @Test(arguments: [
        ("Vocabulary", "internal import Foundation"), ("Policy", "internal import Admission"),
        ("Admission", "internal import struct Foundation.Date"), ("Directory", "package import Journal"),
        ("Journal", "internal import Policy"), ("Gateway", "internal import GRDB"),
        ("Cellar", "internal import Policy"), ("Gateway", "import Policy"),
        ("headgate", "@preconcurrency import Gateway"),
    ])
    func `imports upwards, from elsewhere, of a room nobody knows or of unsaid reach are found`(
        room: String, line: String
    ) throws {
        #expect(ImportRule.violations(in: try file(line, at: "Sources/\(room)/File.swift")).count == 1)
    }

    @Test func `imports downwards are fine`() throws {
        let text = "package import Policy\n#if X\n    internal import Glibc\n#endif\ninternal import Vocabulary"
        #expect(ImportRule.violations(in: try file(text)).isEmpty)
        #expect(ImportRule.violations(in: try file("import Foundation", at: "Tests/PolicyTests/File.swift")).isEmpty)
    }

    @Test func `no room stands above itself`() {
        for (index, room) in Room.all.enumerated() {
            #expect(room.rooms.isSubset(of: Room.all[..<index].map(\.name)), "\(room.name)")
        }
    }

    @Test func `what is too long is found, at the line and one line past it`() throws {
        func lines(_ count: Int) -> String { String(repeating: "\n", count: count) }
        #expect(SizeRule.longFile(try file(lines(400))).isEmpty)
        #expect(SizeRule.longFile(try file(lines(401))).count == 1)
        #expect(SizeRule.longFunctions(in: try file("func a() {\(lines(69))}")).isEmpty)
        #expect(SizeRule.longFunctions(in: try file("@Test(\n\n) func a() {\(lines(70))}")).map(\.line) == [3])
        #expect(SizeRule.longFunctions(in: try file("struct A {\n    var b: Int {\(lines(70))}\n}")).map(\.line) == [2])
        let line = String(repeating: "…", count: 120)
        #expect(SizeRule.longComments(in: try file("// ok\n//\(line)")).map(\.line) == [2])
        #expect(SizeRule.longComments(in: try file("//\(line.dropFirst(2))\nlet a = \"\(line)\"")).isEmpty)
    }

    @Test(arguments: [
        "fatalError(\"no\")", "let a = try! b()", "let a = b as! C", "let a = b!", "a[0]!.c()", "f()! + 1",
        "var a: Int!", "let a = \"\\(b!)\"", "// TODO: later", "/* a FIXME b */", "Task { }",
        "Task(priority: .low) { }", "Task.detached { }", "print(a)", "dump(a)", "let a = Date()", "let a = Date.now",
        "let a = ContinuousClock().now",
        "var a = SystemRandomNumberGenerator()", "let a = UUID()", "let a = Int.random(in: 0...f(using: b))",
        "a.shuffled()",
    ])
    func `code that crashes, hangs loose, prints or hides its inputs is found`(text: String) throws {
        #expect(BannedCodeRule.violations(in: try file(text)).count == 1, "\(text)")
    }

    @Test(arguments: [
        "if a != b && !c { }", "let a = !b", "a.fatalError", "preconditionFailure(\"TODO\")", "try? a()",
        "document.print(a)", "func print(_ a: Int) { }", "let a = Int.random(in: 0...1, using: &b)",
        "let a: Task<Int, Never>", "a(!b)", "// mastodon TODOS", "let a = \"Task { print(b) }\"", "x.date(1)",
    ])
    func `code that only looks like it is fine`(text: String) throws {
        #expect(BannedCodeRule.violations(in: try file(text)).isEmpty, "\(text)")
    }

    @Test func `clocks and tasks are for the rooms that run things`() throws {
        let clock = "let a = ContinuousClock().now"
        #expect(BannedCodeRule.violations(in: try file(clock, at: "Sources/Gateway/File.swift")).isEmpty)
        let task = "Task { print(1) }"
        #expect(BannedCodeRule.violations(in: try file(task, at: "Sources/headgate/File.swift")).isEmpty)
        #expect(BannedCodeRule.violations(in: try file(task, at: "Sources/Gateway/File.swift")).count == 2)
    }

    @Test(arguments: [
        ("import XCTest", 1), ("Thread.sleep(forTimeInterval: 1)", 1), ("try await Task.sleep(for: .seconds(1))", 1),
        ("let a = [1, 2].randomElement()", 1), ("var a = SystemRandomNumberGenerator()", 1), ("let sleep = 1", 0),
        ("a.randomElement(using: &b)", 0), ("let a = Value.random(&b, depth: 4)", 0),
        ("let a = Value.random(seed: 7)", 0), ("Bool.random()", 1), ("let a = UUID()", 0),
    ])
    func `tests that wait or draw without a seed are found`(text: String, count: Int) throws {
        #expect(TestCodeRule.violations(in: try file(text, at: "Tests/AdmissionTests/File.swift")).count == count)
    }

    @Test func `tests that drive servers may wait`() throws {
        let text = "try await Task.sleep(for: .seconds(1))"
        #expect(TestCodeRule.violations(in: try file(text, at: "Tests/Integration/File.swift")).isEmpty)
    }
}
