import Testing
import Vocabulary

@testable import Access

@Suite struct `one-time codes` {
    private static let digits = "1234567890"

    private static func secret(_ count: Int) -> [UInt8] {
        Array(String(repeating: digits, count: 7).utf8.prefix(count))
    }

    @Test func `by counter are those of RFC 4226, appendix D`() {
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
        ]
        let codes = (0..<10).map { OneTimeCode.code(secret: Self.secret(20), counter: UInt64($0)) }
        #expect(codes == expected)
    }

    @Test(
        arguments: [
            (59, "94287082", "46119246", "90693936"), (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"), (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"), (20_000_000_000, "65353130", "77737706", "47863826"),
        ] as [(Int64, String, String, String)])
    func `by time are those of RFC 6238, appendix B`(seconds: Int64, sha1: String, sha256: String, sha512: String) {
        let counter = UInt64(OneTimeCode.step(at: WallTime(milliseconds: seconds * 1_000)))
        func code(_ count: Int, _ algorithm: OneTimeCode.Algorithm) -> String {
            OneTimeCode.code(secret: Self.secret(count), counter: counter, digits: 8, algorithm: algorithm)
        }
        #expect(code(20, .sha1) == sha1)
        #expect(code(32, .sha256) == sha256)
        #expect(code(64, .sha512) == sha512)
    }
}

@Suite struct `a code factor` {
    private var secret: CodeSecret {
        var generator = SeededGenerator(seed: 3)
        return CodeSecret(using: &generator)
    }

    /// The code of the step that lies so many steps from noon.
    private func code(_ offset: Int64) -> String {
        let step = OneTimeCode.step(at: Samples.noon) + offset
        return OneTimeCode.code(secret: secret.bytes, counter: UInt64(step))
    }

    private func isAccepted(_ offset: Int64, used: [Int64] = []) -> Bool {
        let steps = UsedSteps(steps: used.map { OneTimeCode.step(at: Samples.noon) + $0 })
        return CodeFactor(secret: secret, used: steps).accepting(code(offset), at: Samples.noon) != nil
    }

    @Test func `accepts the code of now, one step back and one ahead`() {
        let accepted = (-5...5).filter { isAccepted($0) }
        #expect(accepted == [-1, 0, 1])
    }

    @Test func `accepts no code twice, and each of the others`() throws {
        for first in -3...3 as ClosedRange<Int64> {
            for second in -3...3 as ClosedRange<Int64> {
                let accepted = (-1...1).filter { isAccepted($0, used: [first, second]) }
                #expect(accepted == (-1...1).filter { ![first, second].contains($0) }, "used \(first), \(second)")
            }
        }
        let factor = try #require(CodeFactor(secret: secret).accepting(code(0), at: Samples.noon))
        #expect(factor.acceptedStep == OneTimeCode.step(at: Samples.noon))
        for seconds in stride(from: -60, through: 60, by: 10) as StrideThrough<Int64> {
            var again = factor
            let isAccepted = again.accept(code(0), at: Samples.noon.plus(seconds: seconds))
            #expect(!isAccepted && again == factor)
        }
        #expect(factor.accepting(code(1), at: Samples.noon.plus(seconds: 30)) != nil)
    }

    @Test func `takes codes as apps show them, and nothing else`() {
        let code = code(0)
        let spaced = "\(code.prefix(3)) \(code.suffix(3))"
        for (text, isCode) in [
            (spaced, true), (" \(code) ", true), ("", false), (String(code.dropLast()), false), (code + "0", false),
            (String(repeating: " ", count: 100) + code, false), ("١٢٣٤٥٦", false),
        ] {
            let accepted = CodeFactor(secret: secret).accepting(text, at: Samples.noon)
            #expect((accepted != nil) == isCode, "\(text)")
        }
    }

    @Test func `before 1970 accepts what there is and does not crash`() {
        #expect(CodeFactor(secret: secret).accepting("000000", at: WallTime(milliseconds: -1_000_000)) == nil)
    }

    @Test func `has a secret that apps can read and nobody prints`() throws {
        let secret = secret
        #expect(secret.base32.utf8.count == 32)
        #expect(CodeSecret(base32: secret.base32) == secret)
        #expect(CodeSecret(base32: secret.base32.lowercased()) == nil)
        #expect(CodeSecret(base32: String(secret.base32.dropLast(8))) == nil)
        let uri = secret.uri(for: try Samples.name("ada@example.org"), issuer: "Headgate (Süd)")
        #expect(
            uri == "otpauth://totp/Headgate%20%28S%C3%BCd%29:ada%40example.org?secret=\(secret.base32)"
                + "&issuer=Headgate%20%28S%C3%BCd%29&algorithm=SHA1&digits=6&period=30")
        #expect(!"\(secret) \(CodeFactor(secret: secret))".contains(secret.base32))
    }
}

@Suite struct `used steps` {
    @Test func `of a clock that was wrong for a while keep nobody waiting, and none of them is good again`() {
        var used = UsedSteps()
        let (now, wrong) = (1_000_000 as Int64, 2_000_000 as Int64)
        for step in [now, now + 1, wrong, wrong + 1, now + 2] { used.insert(step) }
        #expect((now - 1...now + 4).map { used.contains($0) } == [false, true, true, true, false, false])
        #expect((wrong - 1...wrong + 2).map { used.contains($0) } == [false, true, true, false])
    }

    @Test func `are bounded, and what is forgotten one by one counts as used`() {
        var used = UsedSteps()
        var all: Set<Int64> = []
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<5_000 {
            let step = Int64.random(in: 0..<100_000, using: &generator)
            all.insert(step)
            used.insert(step)
            #expect(used.steps.count <= UsedSteps.countMax)
        }
        #expect(all.allSatisfy { used.contains($0) }, "a step that was used is never good again")
        #expect((0..<100_000).contains { !used.contains($0) }, "and not everything is refused")
        #expect(UsedSteps(floor: used.floor, steps: used.steps) == used)
    }
}

@Suite struct `recovery codes` {
    @Test func `are ten, and each is good once`() {
        var generator = SeededGenerator(seed: 4)
        var (texts, codes) = RecoveryCodes.draw(using: &generator)
        #expect(texts.count == 10 && Set(texts).count == 10)
        #expect(texts.allSatisfy { $0.utf8.count == 19 && $0.split(separator: "-").count == 4 })
        for (index, text) in texts.enumerated() {
            let restored = RecoveryCodes(hashes: codes.hashes.compactMap { SecretHash($0.description) })
            #expect(restored == codes)
            let redeemed = codes.redeem(text)
            #expect(redeemed)
            let again = codes.redeem(text)
            #expect(!again)
            #expect(codes.hashes.count == 9 - index)
        }
    }

    @Test func `are read as people write them`() {
        var generator = SeededGenerator(seed: 5)
        let (texts, codes) = RecoveryCodes.draw(using: &generator)
        let written = texts[0].lowercased().replacing("-", with: " ").replacing("0", with: "o").replacing(
            "1", with: "l")
        for (text, isGood) in [
            (written, true), (texts[0].replacing("-", with: ""), true), ("", false), ("----", false),
        ] {
            var codes = codes
            let redeemed = codes.redeem(text)
            #expect(redeemed == isGood, "\(text)")
        }
    }
}
