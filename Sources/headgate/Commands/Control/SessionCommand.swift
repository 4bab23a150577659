internal import ArgumentParser

/// `headgate session …`: where one is signed in.
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "List and end one's own sessions.",
        subcommands: [ListCommand.self, EndCommand.self])

    /// `headgate session list`.
    struct ListCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List one's own sessions, on whatever machine.")
        static let calls = ["listSessions"]

        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "listSessions", page: page, columns: ["id", "address", "began_at", "last_used_at"],
                nothing: "no sessions")
        }
    }

    /// `headgate session end`.
    struct EndCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "end", abstract: "End another of one's own sessions; 'headgate sign-out' ends this one.")
        static let calls = ["endSession"]

        @Argument(help: "The session's id, as the list has it.")
        var id: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.call("endSession", ["session": id])
            Terminal.writeError("The session \(id) has ended.\n")
        }
    }
}
