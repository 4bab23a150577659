internal import ArgumentParser
internal import Policy

/// `headgate credentials …`: what one signs in with.
struct CredentialsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credentials",
        abstract: "Change the password, the phone and the recovery codes one signs in with.",
        discussion: """
            Asks for the present password and a one-time code. Each change ends all of one's sessions. Recovery codes are \
            printed once.
            """,
        subcommands: [EnrolCommand.self, PasswordCommand.self, PhoneCommand.self, RecoveryCodesCommand.self])

    /// Where secrets come from.
    struct Secrets: ParsableArguments {
        @Flag(
            name: .customLong("secrets-stdin"),
            help: "Read what would be asked for from standard input, a line each, in the order of the questions.")
        var readsSecrets = false

        /// One secret.
        func next(_ question: String) throws -> String {
            guard readsSecrets else {
                return try Prompt.secret(question, orElse: "give the answers, a line each, to --secrets-stdin")
            }
            guard let line = readLine(), !line.isEmpty else {
                throw Terminal.fail("error: standard input has no line for: \(question)")
            }
            return line
        }
    }

    /// `headgate credentials enrol`.
    struct EnrolCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "enrol", abstract: "Set a first password and phone, after signing in with what lets one in.")
        static let calls = ["drawPhone", "enrol"]

        @OptionGroup var secrets: Secrets
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await CredentialsCommand.drawPhone(api)
            let answer = try await api.call(
                "enrol",
                body: [
                    "password": .string(try secrets.next("New password: ")),
                    "code": .string(try secrets.next("Code that the new phone shows: ")),
                ])
            CredentialsCommand.tell(answer, api)
        }
    }

    /// `headgate credentials password`.
    struct PasswordCommand: ControlCommand {
        static let configuration = CommandConfiguration(commandName: "password", abstract: "Set another password.")
        static let calls = ["changePassword"]

        @OptionGroup var secrets: Secrets
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.call(
                "changePassword",
                body: [
                    "password": .string(try secrets.next("Present password: ")),
                    "code": .string(try secrets.next("One-time code: ")),
                    "new_password": .string(try secrets.next("New password: ")),
                ])
            Terminal.writeError("The password is another one; sign in again.\n")
        }
    }

    /// `headgate credentials phone`.
    struct PhoneCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "phone", abstract: "Set up another phone, also in place of one that was lost.")
        static let calls = ["drawPhone", "changePhone"]

        @OptionGroup var secrets: Secrets
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await CredentialsCommand.drawPhone(api)
            let answer = try await api.call(
                "changePhone",
                body: [
                    "password": .string(try secrets.next("Password: ")),
                    "code": .string(try secrets.next("Code of the present phone, or a recovery code: ")),
                    "new_code": .string(try secrets.next("Code that the new phone shows: ")),
                ])
            CredentialsCommand.tell(answer, api)
        }
    }

    /// `headgate credentials recovery-codes`.
    struct RecoveryCodesCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "recovery-codes", abstract: "Draw other recovery codes; the former ones are void.")
        static let calls = ["changeRecoveryCodes"]

        @OptionGroup var secrets: Secrets
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            let answer = try await api.call(
                "changeRecoveryCodes",
                body: [
                    "password": .string(try secrets.next("Password: ")),
                    "code": .string(try secrets.next("One-time code: ")),
                ])
            CredentialsCommand.tell(answer, api)
        }
    }

    private static func drawPhone(_ api: ControlAPI) async throws {
        let drawn = try await api.call("drawPhone", body: .object([]))
        Terminal.writeError(
            "For an authenticator app:\n  \(drawn.value["uri"]?.text ?? "")\n  \(drawn.value["secret"]?.text ?? "")\n")
    }

    private static func tell(_ answer: ControlAPI.Answer, _ api: ControlAPI) {
        guard !api.isJSON else { return api.show(answer) }
        Terminal.writeError("Done; sign in again. Recovery codes, each good once, to be kept on paper:\n")
        for code in answer.value["recovery_codes"]?.texts ?? [] { Terminal.write(code + "\n") }
    }
}
