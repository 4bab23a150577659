import Testing

@testable import Policy

@Suite("Numbered words")
struct LiteralTableTests {
    /// Words of every length about that of a word of the machine, which differ in one byte each.
    private let words: [String] =
        [""]
        + (1...26).flatMap { length in
            (0..<length).map { place in
                String((0..<length).map { $0 == place ? "b" : "a" })
            }
        }

    @Test func `every word has its number, and no other word has any`() {
        let known = words.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        let table = LiteralTable(known)
        for (number, word) in known.enumerated() { #expect(table.number(of: word.utf8.span) == number, "\(word)") }
        for word in Set(words).subtracting(known) { #expect(table.number(of: word.utf8.span) == -1, "\(word)") }
        #expect(table.probesMax < 16)
    }

    @Test func `a word that begins or ends like another is another`() {
        let table = LiteralTable(["envelopes", "envelope", "documents"])
        for word in ["envelop", "envelopess", "nvelopes", "document", "xdocuments", ""] {
            #expect(table.number(of: word.utf8.span) == -1, "\(word)")
        }
    }
}
