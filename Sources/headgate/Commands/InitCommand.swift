internal import Access
internal import ArgumentParser
internal import Foundation
internal import Governance
internal import Ledger
internal import Policy
internal import PostgresLedger
internal import Vocabulary

/// `headgate init`: a ledger, its keys, and somebody who may let others in.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Begin a ledger with its first operator.",
        usage: "headgate init --operator <name> --password-stdin [--data <data>] [--policy <policy>]",
        discussion: """
            Makes the ledger, the key that signs it, the secret under which keys of tenants are hashed, and a platform \
            admin, who then makes tenants, keys and other operators. Nobody can approve what they proposed, so a \
            second operator is needed before a policy changes; --policy puts the first one into force.

            Prints the operator's secret for an authenticator app and ten recovery codes, once.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(name: .customLong("operator"), help: "The name of the first operator: small letters, digits, . _ - @ +.")
    var operatorName: String
    @Flag(name: .customLong("password-stdin"), help: "Read the operator's password from standard input, one line.")
    var readsPassword = false
    @Option(
        help: "The policy to begin with: a document, or a folder of them.",
        completion: .file(extensions: ["yaml", "yml"]))
    var policy: String?

    func validate() throws {
        guard readsPassword else {
            throw ValidationError("--password-stdin is needed: a password on the command line would be seen by others")
        }
        guard OperatorName(operatorName) != nil else {
            throw ValidationError(
                "'\(operatorName)' is no name: 1 to \(OperatorName.lengthMax) small letters, digits and . _ - @ +, a letter or "
                    + "digit first")
        }
    }

    func run() async throws {
        guard let name = OperatorName(operatorName) else { throw ExitCode(64) }
        let password = try readPassword(of: name)
        let documents = try readPolicy()
        let governed: Governed
        do { governed = try Governed(try place.location, folder: place.folder.data) } catch {
            throw Terminal.fail("error: \(error)")
        }
        let outcome: FirstOperator
        do {
            outcome = try await FirstOperator.begin(
                name, password: password, policy: documents, governor: governed.governor, vault: governed.vault)
        } catch {
            governed.close()
            throw Terminal.fail("error: \(error)")
        }
        governed.close()
        Terminal.write(text(outcome, name))
    }

    private func readPassword(of name: OperatorName) throws -> Password {
        guard let line = readLine(strippingNewline: true), let password = Password(line) else {
            throw Terminal.fail(
                "error: standard input has no password: one line of at most \(Password.byteCountMax) bytes")
        }
        if let weakness = PasswordRule.weakness(of: password, owner: name, factors: .withCode) {
            throw Terminal.fail("error: the password \(weakness.words)")
        }
        return password
    }

    private func readPolicy() throws -> [PolicyText]? {
        guard let policy else { return nil }
        do {
            return try PolicyFiles(path: policy).read().map { PolicyText(name: $0.name, text: $0.text) }
        } catch {
            throw Terminal.fail("error: \(error)")
        }
    }

    private func text(_ outcome: FirstOperator, _ name: OperatorName) -> String {
        let folder = LedgerFolder(path: place.folder.data)
        return """
            A ledger was begun, and \(name) is its platform admin.

            For an authenticator app, now or never:
              \(outcome.code.uri(for: name, issuer: "Headgate"))
              \(outcome.code.base32)
            Recovery codes, each good once, to be kept on paper:
            \(outcome.recoveryCodes.map { "  \($0)\n" }.joined())
            Back up \(folder.signerPath) and \(Governed.secretPath(in: place.folder.data)); give them to nobody.
            Give \(folder.verifierPath) to everybody who shall verify the record.
            Then: headgate serve --data \(place.folder.data)\(policy == nil ? " --policy FILE" : "")

            """
    }
}

extension PasswordRule.Weakness {
    /// What is wrong, as the end of a sentence about the password.
    fileprivate var words: String {
        switch self {
        case .tooShort(let min): "has fewer than \(min) characters"
        case .guessable: "is made of words that everybody tries, or of the operator's name"
        case .pattern: "is a pattern: a short text over and over, or a run such as abcdefgh"
        }
    }
}
