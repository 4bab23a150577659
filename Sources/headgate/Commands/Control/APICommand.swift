internal import ArgumentParser
internal import Console
internal import Policy

/// `headgate api …`: the control API itself.
struct APICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api", abstract: "Describe the control API.", subcommands: [OpenAPICommand.self])

    /// `headgate api openapi`.
    struct OpenAPICommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "openapi", abstract: "Print the OpenAPI 3.1 document of the control API; needs no server.")

        func run() { Terminal.write(ControlDocument.json.document) }
    }
}
