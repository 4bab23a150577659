import Testing
import Vocabulary

@testable import Access

@Suite struct `signing in` {
    private let checker = PasswordChecker()
    private let ada: OperatorName
    private let secret: CodeSecret
    private let texts: [String]
    private let plain: OperatorCredentials
    private let full: OperatorCredentials

    init() throws {
        var generator = SeededGenerator(seed: 13)
        ada = try Samples.name("ada")
        secret = CodeSecret(using: &generator)
        let password = try Samples.password("correct horse battery staple")
        let hash = try PasswordHash(of: password, cost: try Samples.cheapCost(), using: &generator)
        let (texts, codes) = RecoveryCodes.draw(using: &generator)
        self.texts = texts
        plain = OperatorCredentials(password: hash, generation: CredentialGeneration(7))
        full = OperatorCredentials(
            password: hash, code: CodeFactor(secret: secret), recovery: codes, generation: CredentialGeneration(7))
    }

    private var code: String {
        OneTimeCode.code(secret: secret.bytes, counter: UInt64(OneTimeCode.step(at: Samples.noon)))
    }

    /// Who signed in and how, `second needed` or `refused`; and what changed.
    private func judge(
        _ password: String, _ second: String? = nil, against stored: OperatorCredentials?
    ) throws -> (text: String, changed: OperatorCredentials?) {
        let attempt = SignIn.Attempt(password: try Samples.password(password), second: second)
        switch try SignIn.judge(attempt, by: ada, against: stored, checker: checker, at: Samples.noon) {
        case .signedIn(let signedIn, let changed):
            #expect(signedIn.name == ada && signedIn.generation == CredentialGeneration(7))
            #expect(signedIn.at == Samples.noon)
            return ("\(signedIn.method)", changed)
        case .secondNeeded: return ("second needed", nil)
        case .refused: return ("refused", nil)
        }
    }

    @Test func `takes the password, and nothing more where nothing more is set up`() throws {
        let right = try judge("correct horse battery staple", against: plain)
        #expect(right.text == "enrolment" && right.changed == nil, "a password alone lets set up the rest")
        #expect(try judge("wrong horse battery staple", against: plain).text == "refused")
        #expect(try judge("correct horse battery staple", against: nil).text == "refused")
        let none = OperatorCredentials(password: nil, generation: CredentialGeneration(7))
        #expect(try judge("correct horse battery staple", against: none).text == "refused")
    }

    @Test func `says that a code is needed only to who knows the password`() throws {
        #expect(try judge("correct horse battery staple", against: full).text == "second needed")
        #expect(try judge("wrong horse battery staple", against: full).text == "refused")
        #expect(try judge("wrong horse battery staple", code, against: full).text == "refused")
        #expect(try judge("correct horse battery staple", "000000", against: full).text == "refused")
    }

    @Test func `accepts no code twice once the change is stored`() throws {
        let first = try judge("correct horse battery staple", code, against: full)
        #expect(first.text == "passwordAndCode")
        let stored = try #require(first.changed)
        #expect(try judge("correct horse battery staple", code, against: stored).text == "refused")
        #expect(SignIn.confirm(code, against: stored, at: Samples.noon) == nil)
    }

    @Test func `accepts each recovery code once`() throws {
        let first = try judge("correct horse battery staple", texts[3], against: full)
        #expect(first.text == "passwordAndRecoveryCode")
        let stored = try #require(first.changed)
        #expect(stored.recovery.hashes.count == 9)
        #expect(try judge("correct horse battery staple", texts[3], against: stored).text == "refused")
    }

    @Test func `confirms an action with a code and with nothing else`() throws {
        func changed(_ text: String, _ stored: OperatorCredentials) -> OperatorCredentials? {
            SignIn.confirm(text, against: stored, at: Samples.noon)
        }
        #expect(changed(code, full)?.code?.acceptedStep == OneTimeCode.step(at: Samples.noon))
        #expect(changed("correct horse battery staple", full) == nil)
        #expect(changed(texts[0], full) == nil)
        #expect(changed("correct horse battery staple", plain) == nil)
        #expect(changed("", plain) == nil)
    }

    @Test func `lets credentials be changed only with all of what they are`() throws {
        func isRight(_ password: String, _ second: String?, takesRecovery: Bool = false) throws -> Bool {
            let attempt = SignIn.Attempt(password: try Samples.password(password), second: second)
            return try SignIn.reauthenticate(
                attempt, takesRecovery: takesRecovery, against: full, checker: checker, at: Samples.noon) != nil
        }
        let right = "correct horse battery staple"
        #expect(try isRight(right, code))
        #expect(try !isRight(right, nil))
        #expect(try !isRight(right, "000000"))
        #expect(try !isRight("wrong horse battery staple", code))
        #expect(try !isRight(right, texts[0]))
        #expect(try isRight(right, texts[0], takesRecovery: true))
        #expect(try !isRight("wrong horse battery staple", texts[0], takesRecovery: true))
    }

    @Test func `from outside leads to the same sessions`() throws {
        var generator = SeededGenerator(seed: 14)
        let identity = OutsideIdentity(issuer: "https://login.example.org", subject: "248289761001")
        let signedIn = SignedIn(
            ada, generation: CredentialGeneration(7), method: .outside(identity), at: Samples.noon)
        var table = SessionTable()
        let begun = try #require(table.begin(for: signedIn, address: "192.0.2.1", using: &generator))
        let session = table.resume(begun.token, generation: CredentialGeneration(7), at: Samples.noon)
        #expect(session?.signedIn.method == .outside(identity))
    }
}
