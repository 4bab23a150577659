import Testing
import Vocabulary

@testable import Directory

struct CredentialTests {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private func isWellFormed(_ text: String) -> Bool { Credential.isWellFormed(text.utf8.span) }

    private func credential(_ environment: Credential.Environment = .live) -> Credential {
        var generator = SeededGenerator(seed: 7)
        return Credential(for: environment, using: &generator)
    }

    @Test(arguments: [Credential.Environment.live, .test])
    func `a key has its prefix, 32 random characters and 7 of checksum`(_ environment: Credential.Environment) {
        let text = credential(environment).text
        #expect(text.hasPrefix(environment.prefix))
        #expect(text.utf8.count == 47)
        #expect(text.utf8.dropFirst(8).allSatisfy { Self.alphabet.contains($0) })
        #expect(isWellFormed(text))
    }

    @Test func `the 32 characters carry all 160 bits of the generator`() {
        struct Counting: RandomNumberGenerator {
            var value: UInt64 = 0
            mutating func next() -> UInt64 {
                value += 1
                return value
            }
        }
        var counting = Counting()
        let text = Credential(for: .live, using: &counting).text
        #expect(text.dropFirst(8).prefix(32) == "00000001000000020000000300000004")
        var generator = SeededGenerator(seed: 1)
        let keys = (0..<1_000).map { _ in Credential(for: .live, using: &generator).text }
        #expect(Set(keys).count == 1_000)
        for position in 8..<40 {
            let seen = Set(keys.map { Array($0.utf8)[position] })
            #expect(seen.count == 32, "position \(position) uses \(seen.count) of 32 characters")
        }
    }

    @Test func `the checksum is CRC-32 as everybody computes it`() {
        let value = Checksum.value(of: "123456789".utf8.span, count: 9)
        #expect(value == 0xCBF4_3926)  // the check value in the catalogue of CRCs
    }

    @Test func `every change of one character is noticed`() {
        let bytes = Array(credential().text.utf8)
        for position in bytes.indices {
            for character in Self.alphabet where character != bytes[position] {
                var changed = bytes
                changed[position] = character
                #expect(!isWellFormed(String(decoding: changed, as: UTF8.self)))
            }
        }
    }

    @Test func `every swap of two neighbours is noticed`() {
        let bytes = Array(credential().text.utf8)
        for position in 1..<bytes.count where bytes[position] != bytes[position - 1] {
            var changed = bytes
            changed.swapAt(position, position - 1)
            #expect(!isWellFormed(String(decoding: changed, as: UTF8.self)))
        }
    }

    @Test func `another length, case or prefix is no key`() {
        let text = credential().text
        for other in [
            "", "hg_live_", String(text.dropLast()), text + "0", text.lowercased(), " " + text.dropLast(),
            "hg_demo_" + text.dropFirst(8), "hg_test_" + text.dropFirst(8),
            text.replacing("hg_live_", with: "hg-live-"),
        ] {
            #expect(!isWellFormed(other), "\(other)")
        }
    }

    @Test func `no description, mirror or dump shows a key`() {
        let credential = credential()
        let secret = credential.text.dropFirst(8)
        var dumped = ""
        dump(credential, to: &dumped)
        for text in ["\(credential)", String(reflecting: credential), dumped, "\([credential])", "\((1, credential))"] {
            #expect(!text.contains(secret.prefix(8)), "\(text)")
        }
        #expect("\(credential)" == "hg_live_…")
    }
}
