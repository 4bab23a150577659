import Testing

@Suite struct `rules about comments` {
    private func file(_ text: String) throws -> SwiftFile {
        try SwiftFile(path: "Sources/Admission/File.swift", text: text)
    }

    @Test(arguments: [
        "let a = unsafe b()",
        "final class A: @unchecked Sendable { }",
        "nonisolated(unsafe) var a = 1",
        "// SAFETY: too far away\n\nlet a = unsafe b()",
        "func a() {\n    // SAFETY: for a alone\n    unsafe b()\n}\nfunc c() {\n    unsafe b()\n}",
        "struct A {\n    // SAFETY: for b alone\n    func b() { }\n    func c() { unsafe d() }\n}",
        "/// SAFETY: not in documentation\nlet a = unsafe b()",
        "func a() {\n    unsafe b()\n    // SAFETY: too late\n}",
    ])
    func `what is unsafe without a reason is found`(text: String) throws {
        #expect(SafetyRule.violations(in: try file(text)).count == 1, "\(text)")
    }

    @Test(arguments: [
        "// SAFETY: reason\nlet a = unsafe b()",
        "let a = unsafe b()  // SAFETY: reason",
        "// SAFETY: reason,\n// that goes on\nfinal class A: @unchecked Sendable { }",
        "func a() {\n    // SAFETY: reason\n    if b {\n        unsafe c()\n        unsafe d()\n    }\n}",
        "// SAFETY: reason\n@safe\nstruct A {\n    func b() { unsafe c() }\n}",
        "struct A: @unchecked Sendable {\n    // SAFETY: reason\n    let b: Pointer\n    func c() { unsafe d() }\n}",
        "/// Documented.\n// SAFETY: reason\nfunc a() { unsafe b() }",
        "call(unsafe: 1)", "// unsafe\nlet a = \"unsafe\"",
    ])
    func `a reason near enough is enough`(text: String) throws {
        #expect(SafetyRule.violations(in: try file(text)).isEmpty, "\(text)")
    }

    @Test(arguments: [
        "struct A { }", "/// A.\nstruct A {\n    typealias B = C\n}", "package enum A { }", "func a() { }",
        "/// A.\nstruct A {\n    package let b: Int\n}",
        "/// A.\nstruct A {\n    var b: Int { 1 }\n}", "/// A.\nstruct A {\n    init(b: Int) { c = b + 1 }\n}",
        "/// A.\nprotocol A {\n    var b: Int { get }\n}", "/// A.\n\nstruct A { }", "// A.\nstruct A { }",
        "/// A.\nstruct A {\n    package init() { }\n}", "extension A {\n    func b() { }\n}",
        "/// A.\nstruct A {\n    func channelActive() { }\n}", "/// A.\nprotocol A: B {\n    func c()\n}",
        "/// A.\nprotocol A {\n    /// B.\n    func b()\n}\n/// C.\nclass C: D {\n    func b() { }\n}",
    ])
    func `what others can see without a word is found`(text: String) throws {
        let file = try file(text)
        #expect(DocumentationRule([file]).violations(in: file).count == 1, "\(text)")
    }

    @Test(arguments: [
        "private struct A {\n    func b() { }\n}", "/// A.\n@safe\npackage struct A { }",
        "/// A.\nstruct A {\n    let b: Int\n    init(b: Int) {\n        self.b = b\n    }\n    private func c() { }\n}",
        "extension A: Comparable {\n    static func < (left: A, right: A) -> Bool { true }\n    var b: Int { 1 }\n}",
        "/// A.\nfunc a() {\n    struct B { }\n    func c() { }\n}",
        "/// A.\nclass A: B {\n    override func c() { }\n}",
        "/// A.\n// SAFETY: reason\nstruct A { }", "/// A.\nstruct A {\n    typealias B = C.B\n}",
        "/// A.\nclass A: B {\n    typealias C = Int\n}",
        "/// A.\nclass A: B {\n    package func channelActive(context: C) { }\n}",
        "/// A.\nprotocol A {\n    /// B.\n    func b()\n}\n/// C.\nclass C: A {\n    func b() { }\n}",
        "/// A.\nprotocol A {\n    /// B.\n    func b()\n}\nextension A {\n    func b() { }\n}",
    ])
    func `what is hidden, said elsewhere or only stores is fine`(text: String) throws {
        let file = try file(text)
        #expect(DocumentationRule([file]).violations(in: file).isEmpty, "\(text)")
    }
}
