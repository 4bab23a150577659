import Synchronization
import Testing

@testable import Access

@Suite struct `password hashes` {
    /// The third vector of RFC 7914 §12, with N = 2¹⁴, as a PHC string.
    private static let vector =
        "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU"
        + "$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw"
    /// What Python's `hashlib.scrypt` makes of `grüne Wiesen im Mai` and the salt 00 01 … 0f at today's cost.
    private static let python =
        "$scrypt$ln=16,r=8,p=2$AAECAwQFBgcICQoLDA0ODw$O2eR3/5xszNnbsf4bPZs0S9fczkVy+nEDXJNmgfCjGs"

    @Test func `agree with RFC 7914 and with Python`() throws {
        let vector = try #require(PasswordHash(Self.vector))
        #expect(try vector.isOf(try Samples.password("pleaseletmein")))
        #expect(vector.needsRehash)
        let python = try #require(PasswordHash(Self.python))
        #expect(try python.isOf(try Samples.password("grüne Wiesen im Mai")))
        #expect(try !python.isOf(try Samples.password("grune Wiesen im Mai")))
        #expect(!python.needsRehash)
    }

    @Test(arguments: [vector, python]) func `are written as they were read`(text: String) throws {
        #expect(PasswordHash(text)?.description == text)
    }

    @Test func `of one password differ by their salts, and both are right`() throws {
        var generator = SeededGenerator(seed: 1)
        let password = try Samples.password("correct horse battery staple")
        let cost = try Samples.cheapCost()
        let hashes = try (0..<2).map { _ in try PasswordHash(of: password, cost: cost, using: &generator) }
        #expect(hashes[0] != hashes[1])
        for hash in hashes {
            let stored = try #require(PasswordHash(hash.description))
            #expect(stored == hash)
            #expect(try stored.isOf(password))
            #expect(try !stored.isOf(try Samples.password("correct horse battery stapl")))
        }
    }

    @Test(arguments: [
        "", "$", "$scrypt", "$argon2id$v=19$m=16,t=2,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$ln=9,r=8,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$ln=19,r=8,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$ln=18,r=16,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$ln=16,r=8,p=9$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$ln=16,r=32,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$ln=016,r=8,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$ln=+16,r=8,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$r=8,ln=16,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$ln=16,r=8,p=1,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$ln=16,r=8,p=1$$AAECAwQFBgcICQoLDA0ODw", "$scrypt$ln=16,r=8,p=1$AAECAwQFBgcICQ$",
        "$scrypt$ln=16,r=8,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODx",
        "$scrypt$ln=16,r=8,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw==",
        "$scrypt$ln=16,r=8,p=1$AAECAwQFBgcICQ$AAECAwQFBgcICQoLDA0ODw$",
    ])
    func `that nobody wrote, or that would stop the server, are none`(text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test func `at the bounds of their cost can be made`() throws {
        var generator = SeededGenerator(seed: 2)
        let password = try Samples.password("correct horse battery staple")
        for (rounds, blockSize, parallelism) in [(10, 16, 1), (10, 12, 1), (10, 8, 16)] {
            let cost = try #require(ScryptCost(rounds: rounds, blockSize: blockSize, parallelism: parallelism))
            #expect(try PasswordHash(of: password, cost: cost, using: &generator).isOf(password))
        }
    }

    @Test func `and passwords show nothing when they are printed`() throws {
        let password = try Samples.password("correct horse battery staple")
        #expect(!"\(password) \(String(reflecting: password)) \([password])".contains("horse"))
        var dumped = ""
        dump(password, to: &dumped)
        #expect(!dumped.contains("104"))  // h
    }
}

@Suite struct `a password checker` {
    @Test func `says no for a name that does not exist, after the same work`() throws {
        #expect(PasswordHash.decoy.cost == .current)
        let checker = PasswordChecker()
        #expect(try !checker.isCorrect(try Samples.password("correct horse battery staple"), for: nil))
    }

    @Test func `lets in as many as it says, and again when one is done`() throws {
        let checker = PasswordChecker(concurrencyMax: 2)
        let result = try checker.alone { () throws(PasswordError) in
            try checker.alone { () throws(PasswordError) in
                do throws(PasswordError) {
                    return try checker.alone { () throws(PasswordError) in "let in" }
                } catch {
                    return "\(error)"
                }
            }
        }
        #expect(result == "busy")
        #expect(try checker.alone { () throws(PasswordError) in true })
    }

    @Test func `keeps the last place free from strangers`() throws {
        let checker = PasswordChecker(concurrencyMax: 2)
        let result = try checker.alone(leaving: 1) { () throws(PasswordError) in
            do throws(PasswordError) {
                return try checker.alone(leaving: 1) { () throws(PasswordError) in "a stranger is let in" }
            } catch {
                return try checker.alone { () throws(PasswordError) in "somebody else is let in" }
            }
        }
        #expect(result == "somebody else is let in")
        let only = PasswordChecker(concurrencyMax: 1)
        #expect(try only.alone(leaving: 1) { () throws(PasswordError) in true })
    }

    @Test func `lets in again after a failure`() throws {
        let checker = PasswordChecker(concurrencyMax: 1)
        #expect(throws: PasswordError.outOfMemory) {
            try checker.alone { () throws(PasswordError) in throw .outOfMemory }
        }
        #expect(try checker.alone { () throws(PasswordError) in true })
    }
}

@Suite struct `the rule for new passwords` {
    private func weakness(
        _ text: String, _ factors: PasswordRule.Factors = .passwordAlone
    ) throws -> PasswordRule.Weakness? {
        PasswordRule.weakness(
            of: try Samples.password(text), owner: try Samples.name("ada.lovelace@example.org"), factors: factors)
    }

    @Test func `asks for 15 characters, for 8 beside a second factor, and for nothing else`() throws {
        #expect(try weakness("wkzpdhcmvqyx") == .tooShort(min: 15))
        #expect(try weakness("wkzpdhc", .withCode) == .tooShort(min: 8))
        #expect(try weakness("wkzpdhcm", .withCode) == nil)
        #expect(try weakness("wkzpdhcmvqyxbtf") == nil)
        #expect(try weakness("ヘッドゲートは水門という意味です") == nil)
    }

    @Test func `takes texts of 1 to 1,024 bytes as passwords`() {
        #expect(Password("") == nil)
        #expect(Password(String(repeating: "a", count: 1_024)) != nil)
        #expect(Password(String(repeating: "a", count: 1_025)) == nil)
    }

    @Test(arguments: [
        "password2026!!!", "Password-Password-1", "adaLovelace2026", "ada.lovelace@example.org1", "Headgate12345678",
        "qwertyuiop123456", "Welcome1Welcome2", "headgateadmin1!",
    ])
    func `refuses what everybody tries, with whatever stands around it`(text: String) throws {
        #expect(try weakness(text) == .guessable)
    }

    @Test(arguments: [
        "aaaaaaaaaaaaaaaa", "abcdefghijklmnop", "ponmlkjihgfedcba", "k7wk7wk7wk7wk7w", "rutabagarutabaga",
    ])
    func `refuses what is one short text over and over, or a run`(text: String) throws {
        #expect(try weakness(text) == .pattern)
    }

    @Test(arguments: [
        "correct horse battery staple", "mein Passwort ist ein sehr langer Satz", "xK9#mPq2vL8$nR4w",
        "lovelace likes jasmine tea",
    ])
    func `lets good ones be, also with such a word inside`(text: String) throws {
        #expect(try weakness(text) == nil)
    }
}
