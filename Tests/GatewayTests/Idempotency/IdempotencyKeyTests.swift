import Testing

@testable import Gateway

/// Idempotency keys as callers write them.
struct IdempotencyKeyTests {
    private static func read(_ field: String) -> String? {
        (try? IdempotencyKey(field: Array(field.utf8).span)).map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    private static func problem(_ field: String) -> IdempotencyKey.Malformed? {
        do throws(IdempotencyKey.Malformed) {
            _ = try IdempotencyKey(field: Array(field.utf8).span)
            return nil
        } catch { return error }
    }

    @Test(arguments: [
        ("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ("  \"a b\"\t", "a b"), ("\"a\\\"b\\\\c\"", "a\"b\\c"), ("\"k\";a=1;b", "k"), ("\"k\" ", "k"),
        ("a/b+c==", "a/b+c=="), ("\"é\"", nil), ("", nil), ("\"\"", nil), ("   ", nil),
    ])
    func `quotes, bare texts and escapes are read`(field: String, key: String?) {
        #expect(Self.read(field) == key)
    }

    @Test(arguments: [
        ("", IdempotencyKey.Malformed.empty), ("\"\"", .empty), ("a b", .character), ("a,b", .character),
        ("a;b", .character), ("a\"b", .character), ("\"a", .quotes), ("\"a\\", .quotes), ("\"a\\b\"", .quotes),
        ("\"a\"b", .rest), ("\"a\", \"b\"", .rest), ("\"a\";", .rest), ("\"a\" ;b", .rest), ("\"a\u{1}\"", .character),
        (String(repeating: "k", count: 256), .tooLong),
        ("\"" + String(repeating: "k", count: 256) + "\"", .tooLong),
    ])
    func `what is no key is refused with what is wrong`(field: String, problem: IdempotencyKey.Malformed) {
        #expect(Self.problem(field) == problem)
        #expect(problem.description.contains("255"))
    }

    @Test func `the longest key has 255 characters, however it is written`() {
        let longest = String(repeating: "k", count: 255)
        #expect(Self.read(longest) == longest)
        #expect(Self.read("\"\(longest)\"") == longest)
        let escaped = "\"" + String(repeating: "\\\\", count: 255) + "\""
        #expect(Self.read(escaped) == String(repeating: "\\", count: 255))
    }

    /// Writes a key as a string of RFC 9651 §4.1.6.
    private static func quoted(_ key: [UInt8]) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        return [quote] + key.flatMap { $0 == quote || $0 == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), $0] : [$0] } + [
            quote
        ]
    }

    @Test(arguments: 0..<UInt64(4)) func `what is written as a string is read back, and nothing else breaks the reader`(
        block: UInt64
    ) {
        for number in 0..<UInt64(5_000) {
            let seed = block * 5_000 + number
            var random = SeededGenerator(seed: seed)
            let key = (0..<Int.random(in: 1...255, using: &random)).map { _ in
                UInt8.random(in: 0x20...0x7E, using: &random)
            }
            let written = Self.quoted(key)
            #expect((try? IdempotencyKey(field: written.span))?.bytes == key, "seed \(seed)")
            let other = random.mutated(written)
            guard let read = try? IdempotencyKey(field: other.span) else { continue }
            #expect((1...255).contains(read.bytes.count), "seed \(seed)")
            #expect(read.bytes.allSatisfy { (0x20...0x7E).contains($0) }, "seed \(seed)")
            #expect((try? IdempotencyKey(field: Self.quoted(read.bytes).span)) == read, "seed \(seed)")
        }
    }
}
