import Testing

@Suite struct `finding declarations` {
    private func outline(_ text: String) throws -> [String] {
        let file = try SwiftFile(path: "Sources/Room/File.swift", text: text)
        return file.declarations.map { declaration in
            let depth = String(repeating: "  ", count: file.chain(from: declaration.parent).count)
            let lines = "\(declaration.lines.lowerBound)-\(declaration.lines.upperBound)"
            return depth + "\(declaration.keyword) \(declaration.name) \(lines)"
        }
    }

    @Test func `types, members, accessors, local functions`() throws {
        #expect(
            try outline(
                """
                package import Vocabulary

                @safe
                package final class Outer<A: B>: Sendable where A: C {
                    private(set) var stored: [Int] = [1, 2].map { $0 + 1 } {
                        didSet { print("}") }
                    }
                    let next = 1
                    class func make(body: () -> Void = { }) throws(Problem) -> Int {
                        func local() { }
                        let notAMember = 3
                        return notAMember
                    }
                    static func < (left: Outer, right: Outer) -> Bool { true }
                    enum Kind { case one, two(Int)
                        case three }
                }
                extension Outer { init?(_ text: String) { nil } }
                """) == [
                    "import Vocabulary 1-1", "class Outer 3-17", "  var stored 5-7", "  let next 8-8",
                    "  func make 9-13",
                    "    func local 10-10", "  func < 14-14", "  enum Kind 15-16", "    case one 15-15",
                    "    case three 16-16",
                    "extension Outer 18-18", "  init init 18-18",
                ])
    }

    @Test func `requirements of a protocol end without braces`() throws {
        #expect(
            try outline(
                """
                protocol Store: Sendable {
                    associatedtype Row
                    var count: Int { get }
                    func read(
                        _ key: Int
                    ) throws -> Row
                    mutating func close()
                }
                """) == [
                    "protocol Store 1-8", "  associatedtype Row 2-2", "  var count 3-3", "  func read 4-6",
                    "  func close 7-7",
                ])
    }

    @Test func `what only looks like a declaration is none`() throws {
        #expect(
            try outline(
                """
                func run() {
                    open(path)
                    actor.stop()
                    switch value {
                    case .first: print("func no() {")
                    default: return
                    }
                }
                """) == ["func run 1-8"])
    }

    @Test func `braces that do not match are survived`() throws {
        #expect(try outline("struct A { func b() {").count == 2)
        #expect(try outline("} } struct A { }") == ["struct A 1-1"])
    }

    @Test func `code below a condition of compilation belongs to what is around it`() throws {
        #expect(
            try outline("struct A {\n    #if X\n        let b = 1\n    #else\n        let b = 2\n    #endif\n}")
                == ["struct A 1-7", "  let b 3-3", "  let b 5-5"])
    }
}
