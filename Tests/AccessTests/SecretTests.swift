import Testing
import Vocabulary

@testable import Access

@Suite struct `secrets that are drawn` {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    @Test func `have a prefix, their bits and a checksum`() {
        var generator = SeededGenerator(seed: 6)
        #expect(OperatorToken(using: &generator).text.utf8.count == 45)
        #expect(SessionToken(using: &generator).text.utf8.count == 74)
        #expect(StepUpProof(using: &generator).text.utf8.count == 48)
        #expect(EnrolmentSecret(using: &generator).text.utf8.count == 48)
        #expect(DeviceToken(using: &generator).text.utf8.count == 49)
        let token = OperatorToken(using: &generator)
        #expect(OperatorToken(token.text) == token)
        #expect(EnrolmentSecret(token.text) == nil && DeviceToken(token.text) == nil)
        #expect(SessionToken(token.text) == nil)
        #expect(StepUpProof(token.text) == nil)
    }

    @Test func `are none with one character changed, added or missing`() {
        var generator = SeededGenerator(seed: 7)
        let bytes = Array(OperatorToken(using: &generator).text.utf8)
        for position in bytes.indices {
            for character in Self.alphabet where character != bytes[position] {
                var changed = bytes
                changed[position] = character
                #expect(OperatorToken(String(decoding: changed, as: UTF8.self)) == nil)
            }
            var shorter = bytes
            shorter.remove(at: position)
            #expect(OperatorToken(String(decoding: shorter, as: UTF8.self)) == nil)
        }
        #expect(OperatorToken(String(decoding: bytes, as: UTF8.self).lowercased()) == nil)
    }

    @Test func `are neither printed nor left in texts that quote them`() {
        var generator = SeededGenerator(seed: 8)
        let token = OperatorToken(using: &generator)
        let session = SessionToken(using: &generator)
        let proof = StepUpProof(using: &generator)
        let (enrolment, device) = (EnrolmentSecret(using: &generator), DeviceToken(using: &generator))
        var dumped = ""
        dump((token, session, proof, enrolment, device), to: &dumped)
        let printed = "\(token) \(session) \(proof) \(enrolment) \(device) \(String(reflecting: token))" + dumped
        for text in [token.text, session.text, proof.text, enrolment.text, device.text] {
            let secret = text.drop { $0 != "_" }.dropFirst(3).dropFirst(8).prefix(8)
            #expect(!printed.contains(secret))
            let masked = "see \(text)?".withKeysMasked
            #expect(!masked.contains(secret) && masked.utf8.count == text.utf8.count + 5)
        }
        #expect("\(token)".contains("hg_op_…") && "\(session)".contains("hg_session_…"))
        #expect("hg_live_ABC, HG_TEST_abc hg_op hg_op_".withKeysMasked == "hg_live_***, HG_TEST_*** hg_op hg_op_")
    }

    @Test func `are stored as SHA-256 in base 64`() {
        // printf abc | openssl dgst -sha256 -binary | base64
        let hash = SecretHash(of: "abc")
        #expect(hash.description == "sha256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0")
        #expect(SecretHash(hash.description) == hash)
        for text in [
            "", "sha256:", "sha256:ungWv48Bz", "sha512" + hash.description.dropFirst(6), hash.description + "=",
        ] {
            #expect(SecretHash(text) == nil)
        }
    }
}

@Suite struct `comparing in constant time` {
    @Test func `finds what a plain comparison finds`() {
        let all = (0..<4 as Range<UInt8>).flatMap { first in
            (0..<4 as Range<UInt8>).flatMap { second in (0..<4 as Range<UInt8>).map { [first, second, $0] } }
        }
        for left in all + [[], [0], [0, 0]] {
            for right in all + [[], [0], [0, 0]] {
                #expect(ConstantTime.areEqual(left, right) == (left == right), "\(left) \(right)")
            }
        }
    }
}

@Suite struct `bytes as text` {
    @Test(arguments: [
        ("", "", ""), ("f", "MY", "Zg"), ("fo", "MZXQ", "Zm8"), ("foo", "MZXW6", "Zm9v"), ("foob", "MZXW6YQ", "Zm9vYg"),
        ("fooba", "MZXW6YTB", "Zm9vYmE"), ("foobar", "MZXW6YTBOI", "Zm9vYmFy"),
    ])
    func `are those of RFC 4648 §10 without padding`(text: String, base32: String, base64: String) {
        #expect(BitText.base32.text(text.utf8) == base32)
        #expect(BitText.base64.text(text.utf8) == base64)
        #expect(BitText.base32.bytes(base32) == Array(text.utf8))
        #expect(BitText.base64.bytes(base64) == Array(text.utf8))
    }

    @Test func `have one text only`() {
        for text in ["Zh", "Zm9", "Z", "Zm9vY", "Zg=", "Zg ", "Zg\n", "é"] where text != "Zm8" {
            let bytes = BitText.base64.bytes(text)
            #expect(bytes == nil || BitText.base64.text(bytes ?? []) == text, "\(text)")
        }
        for text in ["MZ", "M", "MZX", "my", "MY======", "1"] { #expect(BitText.base32.bytes(text) == nil, "\(text)") }
    }

    @Test func `come back for all lengths and random bytes`() {
        var generator = SeededGenerator(seed: 9)
        for count in 0..<100 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            #expect(BitText.base64.bytes(BitText.base64.text(bytes)) == bytes)
            #expect(BitText.base32.bytes(BitText.base32.text(bytes)) == bytes)
        }
    }
}

@Suite struct `names of operators` {
    @Test(arguments: ["ada", "ada.lovelace@example.org", "7", "a-b_c+d", String(repeating: "a", count: 64)])
    func `are small letters, digits and a few marks`(text: String) {
        #expect(OperatorName(text)?.text == text)
    }

    @Test(arguments: ["", "Ada", "ädä", ".ada", "ada b", "ada/b", "ada\n", "аda", String(repeating: "a", count: 65)])
    func `are nothing else`(text: String) {
        #expect(OperatorName(text) == nil)
    }
}
