internal import Access
internal import ArgumentParser
internal import Governance
internal import Ledger
internal import PostgresLedger

/// `headgate enrol`: lets an operator in from the machine itself.
struct EnrolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol", abstract: "Let an operator in from the machine that has the ledger.",
        discussion: """
            For the second operator of a new ledger, and for somebody whose phone is lost when nobody else can reset what \
            they sign in with. Voids what the operator signs in with, ends sessions and tokens, and prints what signs the \
            operator in once, within an hour, to set a password and a phone. Works while the server runs.

            Whoever one operator lets in through the control API counts as one person with them until a third vouches. \
            Whom the machine lets in counts as a person of their own: who has the machine has the ledger's key anyway.
            """)

    @OptionGroup var place: LedgerOptions
    @Option(name: .customLong("operator"), help: "The name of the operator: small letters, digits, . _ - @ +.")
    var operatorName: String
    @Option(
        help: """
            A role of an operator who is new: \
            \(Role.allCases.filter { !$0.isBoundToTenants }.map(\.rawValue).joined(separator: ", ")); repeatable.
            """)
    var role: [String] = []

    func validate() throws {
        guard OperatorName(operatorName) != nil else {
            throw ValidationError(
                "'\(operatorName)' is no name: 1 to \(OperatorName.lengthMax) small letters, digits and . _ - @ +, a "
                    + "letter or digit first")
        }
        for name in role {
            guard let role = Role(rawValue: name) else { throw ValidationError("there is no role '\(name)'") }
            guard !role.isBoundToTenants else {
                throw ValidationError("'\(name)' is held for certain tenants: an operator gives it by the control API")
            }
        }
    }

    func run() async throws {
        guard let name = OperatorName(operatorName) else { throw ExitCode(64) }
        let governed: Governed
        do {
            guard let location = try place.existingLocation else {
                throw ServerFailure(
                    description: "there is no ledger in \(place.folder.data): begin one with 'headgate init'")
            }
            governed = try Governed(location, folder: place.folder.data)
        } catch {
            throw Terminal.fail("error: \(error)")
        }
        defer { governed.close() }
        do {
            let secret = try await MachineEnrolment.letIn(
                name, roles: role.compactMap(Role.init), governor: governed.governor, at: Governed.now)
            Terminal.write(EnrolCommand.text(secret, for: name))
        } catch {
            throw Terminal.fail("error: \(error)")
        }
    }

    /// What to do with the text that lets somebody in.
    static func text(_ secret: EnrolmentSecret, for name: OperatorName) -> String {
        """
        For \(name), who signs in with it as the password, once, within an hour, and sets a password and a phone:
          \(secret.text)

        """
    }
}
