internal import ArgumentParser
internal import Policy

/// `headgate usage …`: what tenants use.
struct UsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage", abstract: "Show and export what tenants use, and which quotas run out.",
        discussion: "The server that is asked tells what it has counted itself.",
        subcommands: [ShowCommand.self, ListCommand.self, ExportCommand.self, WarningsCommand.self])

    /// Which days.
    struct Days: ParsableArguments {
        @Option(help: "The first day, such as 2026-12-01; without it, the first of the month.")
        var from: String?
        @Option(help: "The last day; without it, today.")
        var to: String?

        /// The parameters of the query.
        var query: [(name: String, value: String?)] { [("from", from), ("to", to)] }
    }

    /// What is told apart in time.
    enum Period: String, ExpressibleByArgument, CaseIterable {
        case day, month
    }

    /// What is told apart as well.
    enum Part: String, ExpressibleByArgument, CaseIterable {
        case principal, `class`, operation, all
    }

    private static let counts = ["admitted", "replayed", "refused", "cost", "bytes_in", "bytes_out"]
    private static let warningColumns = ["time", "tenant", "unit", "period", "begins", "share", "used", "limit"]
    /// The columns of what was used.
    private static let columns = ["tenant", "period", "principal", "class", "operation"] + UsageCommand.counts

    /// `headgate usage show`.
    struct ShowCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show what a tenant has used, and what is left of its quotas.")
        static let calls = ["getUsage"]

        @Argument(help: "The tenant.", completion: Completions.tenants)
        var tenant: String
        @OptionGroup var days: Days
        @Option(help: "Tell days or months apart; without it, all days are added up.")
        var period: Period?
        @Option(help: "What is told apart as well.")
        var by: Part?
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.tell(
                "getUsage", ["tenant": tenant],
                query: days.query + [("period", period?.rawValue), ("by", by?.rawValue), ("limit", "200")])
        }
    }

    /// `headgate usage list`.
    struct ListCommand: ControlCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List what tenants have used.")
        static let calls = ["listUsage"]

        @OptionGroup var days: Days
        @Option(help: "Tell days or months apart; without it, all days are added up.")
        var period: Period?
        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "listUsage", query: days.query + [("period", period?.rawValue)], page: page,
                columns: UsageCommand.columns, nothing: "nothing was used")
        }
    }

    /// `headgate usage export`.
    struct ExportCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Print every row of use on some days: CSV, or with --json one document.")
        static let calls = ["exportUsage"]

        @OptionGroup var days: Days
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            let format = api.isJSON ? "json" : "csv"
            Terminal.write(try await api.call("exportUsage", query: days.query + [("format", format)]).text)
        }
    }

    /// `headgate usage warnings`.
    struct WarningsCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "warnings", abstract: "List which shares of quotas tenants have used up, the newest first.")
        static let calls = ["listQuotaWarnings"]

        @Option(help: "Only those of this tenant.", completion: Completions.tenants)
        var tenant: String?
        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "listQuotaWarnings", query: [("tenant", tenant)], page: page, columns: UsageCommand.warningColumns,
                nothing: "no quota is running out")
        }
    }
}
