import Policy
import Testing

/// A good policy with bytes changed at random: never a crash, and never an answer without a reason.
struct MutationTests {
    /// Pieces that hurt YAML readers and this language.
    static let pieces: [[UInt8]] =
        [
            "*", "&a ", "*a", "{", "}", "[", "]", ":", ": ", "- ", "\"", "'", "|", ">", "#", "!", "!!x ", "%", "@",
            "\t", "\n", "\r\n", "? ",
            "<<: ", "---\n", "~", "null", "0", "-1", "99999999999999999999", "/s", "%", "..", "**", "{id}", "é",
            "\u{2028}", "\u{FEFF}",
            "\u{E000}", "quarantine", "none", "tier: ", "class: ", "name: ",
        ].map { Array($0.utf8) } + [[0], [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x7F]]

    /// Damages bytes in one place.
    static func mutate(_ bytes: inout [UInt8], _ random: inout MatchingRandom) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<end)
        case 2: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
        case 3: bytes.insert(contentsOf: random.pick(pieces), at: place)
        case 4: bytes.replaceSubrange(place..<end, with: random.pick(pieces))
        default:
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            bytes.insert(contentsOf: random.pick(lines) + [UInt8(ascii: "\n")], at: place)
        }
    }

    @Test(arguments: 1...8)
    func `a damaged policy is either whole after all or refused with a place`(seed: UInt64) throws {
        let name = seed.isMultiple(of: 2) ? "complete.yaml" : "descriptors.yaml"
        let good = try #require(Fixture.text("good", name))
        var random = MatchingRandom(seed: seed)
        var refused = 0
        for round in 0..<300 {
            var bytes = Array(good.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                MutationTests.mutate(&bytes, &random)
            }
            let file = SourceFile(name: "policy.yaml", bytes: bytes)
            let result = PolicyCompiler.compile([file])
            #expect((result.snapshot == nil) == result.diagnostics.containsErrors, "seed \(seed), round \(round)")
            let text = SourceText(file.text)
            let outside = result.diagnostics.first { !isInside($0.span, of: text) }
            #expect(outside == nil, "seed \(seed), round \(round)")
            let renderer = DiagnosticRenderer(files: [file], isColoured: round.isMultiple(of: 2))
            #expect(renderer.text(result.diagnostics).isEmpty == result.diagnostics.isEmpty)
            if let snapshot = result.snapshot {
                for test in result.tests { _ = test.run(against: snapshot) }
            } else {
                refused += 1
            }
        }
        #expect(refused > 150, "mutations that break nothing test nothing")
    }

    @Test func `every beginning of a policy is refused or read`() throws {
        let bytes = Array(try #require(Fixture.text("good", "signing-platform.yaml")).utf8)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            let file = SourceFile(name: "policy.yaml", bytes: Array(bytes[..<count]))
            let result = PolicyCompiler.compile([file])
            #expect((result.snapshot == nil) == result.diagnostics.containsErrors, "\(count) bytes")
            let text = SourceText(file.text)
            #expect(result.diagnostics.allSatisfy { isInside($0.span, of: text) }, "\(count) bytes")
        }
    }

    @Test func `random bytes are refused`() {
        var random = MatchingRandom(seed: 77)
        for _ in 0..<300 {
            let count = Int.random(in: 0...200, using: &random)
            let alphabet = Bool.random(using: &random) ? Array("abc: {}[]-,'\"\n #&*!|>%@?\\".utf8) : Array(0...255)
            let bytes = (0..<count).map { _ in random.pick(alphabet) }
            let file = SourceFile(name: "policy.yaml", bytes: bytes)
            let result = PolicyCompiler.compile([file])
            #expect(result.snapshot == nil && result.diagnostics.containsErrors)
            let text = SourceText(file.text)
            #expect(result.diagnostics.allSatisfy { isInside($0.span, of: text) }, "\(bytes)")
        }
    }
}
