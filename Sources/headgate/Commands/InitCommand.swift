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
        usage: "headgate init --operator <name> [--password-stdin] [--data <data>] [--policy <policy>]",
        discussion: """
            Makes the ledger, the key that signs it, the secret under which keys of tenants are hashed, and a platform \
            admin, who then makes tenants, keys and other operators. Nobody can approve what they proposed, nor what \
            somebody proposed whom they have let in, so a second operator is needed before a policy changes: let one in \
            with 'headgate enrol'. --policy puts the first policy into force.

            With --password-stdin, for who is the operator: prints the secret for an authenticator app and ten recovery \
            codes, once. Without it, for who begins the ledger for somebody else: prints what signs the operator in once, \
            within an hour, to set a password and a phone of their own.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(name: .customLong("operator"), help: "The name of the first operator: small letters, digits, . _ - @ +.")
    var operatorName: String
    @Flag(
        name: .customLong("password-stdin"),
        help: "You are the operator: read your password from standard input, one line.")
    var readsPassword = false
    @Option(
        help: "The policy to begin with: a document, or a folder of them.",
        completion: .file(extensions: ["yaml", "yml"]))
    var policy: String?

    func validate() throws {
        guard OperatorName(operatorName) != nil else {
            throw ValidationError(
                "'\(operatorName)' is no name: 1 to \(OperatorName.lengthMax) small letters, digits and . _ - @ +, a letter or "
                    + "digit first")
        }
    }

    func run() async throws {
        guard let name = OperatorName(operatorName) else { throw ExitCode(64) }
        let password = readsPassword ? try readPassword(of: name) : nil
        let documents = try readPolicy()
        let governed: Governed
        do { governed = try Governed(try place.location, folder: place.folder.data) } catch {
            throw Terminal.fail("error: \(error)")
        }
        let outcome: FirstOperator
        do {
            outcome = try await FirstOperator.begin(
                name, password: password, policy: documents, governor: governed.governor, vault: governed.vault,
                at: Governed.now)
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
            // Where the files are on this machine is nobody else's business, and their names differ within a folder.
            return try PolicyFiles(path: policy).read().map { file in
                PolicyText(name: URL(fileURLWithPath: file.name).lastPathComponent, text: file.text)
            }
        } catch {
            throw Terminal.fail("error: \(error)")
        }
    }

    private func text(_ outcome: FirstOperator, _ name: OperatorName) -> String {
        let folder = LedgerFolder(path: place.folder.data)
        let access: String
        switch outcome {
        case .enrolled(let code, let recoveryCodes):
            access = """
                For an authenticator app, now or never:
                  \(code.uri(for: name, issuer: "Headgate"))
                  \(code.base32)
                Recovery codes, each good once, to be kept on paper:
                \(recoveryCodes.map { "  \($0)\n" }.joined())
                """
        case .expected(let secret): access = EnrolCommand.text(secret, for: name)
        }
        return """
            A ledger was begun, and \(name) is its platform admin.

            \(access)
            Back up \(folder.signerPath) and \(Governed.secretPath(in: place.folder.data)); give them to nobody.
            Give \(folder.verifierPath) to everybody who shall verify the record.
            Then: headgate serve --data \(place.folder.data)\(policy == nil ? " --policy FILE" : "")

            """
    }
}
