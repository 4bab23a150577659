internal import ArgumentParser
internal import Policy

/// What operators do about quarantines through the control API.
extension QuarantineCommand {
    /// `headgate quarantine held`.
    struct HeldCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "held", abstract: "List who is in quarantine at the server of a control API.")
        static let calls = ["listQuarantines"]

        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "listQuarantines", page: page,
                columns: ["id", "kind", "name", "action", "stage", "until", "rule", "operator", "reason"],
                nothing: "nobody is in quarantine")
        }
    }

    /// `headgate quarantine release`.
    struct ReleaseCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "release", abstract: "Let somebody out of quarantine, with a reason for the record.")
        static let calls = ["liftQuarantine"]

        @Argument(help: "The id of the quarantine.")
        var id: String
        @Option(help: "Why, for the record.")
        var reason: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.call("liftQuarantine", ["quarantine": id], body: ["reason": .string(reason)])
            Terminal.writeError("\(id) is out of quarantine.\n")
        }
    }
}
