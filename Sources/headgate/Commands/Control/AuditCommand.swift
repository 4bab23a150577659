internal import ArgumentParser
internal import Foundation
internal import Policy
internal import Vocabulary

/// `headgate audit …`: who has changed what.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Search the record of changes through the control API, and take proofs out.",
        discussion: """
            Each look is recorded as well, with what was looked for; so nothing here follows the record as it grows. \
            On the server's machine 'headgate ledger' reads the same record without the server.
            """,
        subcommands: [
            SearchCommand.self, ShowCommand.self, PastCommand.self, EntitlementCommand.self, ProofCommand.self,
            EraseCommand.self,
        ])

    /// `headgate audit search`.
    struct SearchCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "search", abstract: "List the records that match, newest first.")
        static let calls = ["searchAudit"]

        @Option(help: "Only by this actor: operator/NAME, or the name of an operator.")
        var actor: String?
        @Option(help: "Only about this tenant.", completion: Completions.tenants)
        var tenant: String?
        @Option(help: "Only of this stream, such as policy or operator/ada.")
        var stream: String?
        @Option(help: "Only of this type, such as grant.approved.")
        var type: String?
        @Option(help: "Only with this text in it, as it is written there.")
        var text: String?
        @Option(help: "Not before: a moment, or how long ago, such as 10m or 2h.")
        var since: String?
        @Option(help: "Before: a moment, or how long ago.")
        var until: String?
        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func validate() throws {
            guard tenant == nil || stream == nil else {
                throw ValidationError(
                    "--tenant and --stream say different things: the stream of a tenant is tenant/NAME")
            }
            for text in [since, until] { _ = try Moments.statedPast(text) }
        }

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "searchAudit",
                query: [
                    ("actor", actor.map { $0.contains("/") ? $0 : "operator/" + $0 }), ("tenant", tenant),
                    ("stream", stream), ("type", type), ("text", text),
                    ("since", try Moments.statedPast(since)),
                    ("until", try Moments.statedPast(until)),
                ], page: page, columns: ["RECORD=sequence", "time", "actor", "type", "stream"],
                nothing: "no record matches")
        }
    }

    /// `headgate audit show`.
    struct ShowCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one record, with everything in it.")
        static let calls = ["getRecord"]

        @Argument(help: "The number of the record.")
        var sequence: Int64
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws { try await api.tell("getRecord", ["sequence": String(sequence)]) }
    }

    /// `headgate audit erase`.
    struct EraseCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "erase",
            abstract: "Erase the contents of records on which nothing rests, for good; has to be confirmed.",
            discussion: "Proofs stay valid: the tree holds commitments to records, not the records.")
        static let calls = ["eraseRecords"]

        @Argument(help: "The numbers of the records.")
        var sequences: [Int64]
        @Option(help: "Why, for the record; without what is erased.")
        var reason: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.call(
                "eraseRecords",
                body: ["sequences": .array(sequences.map { .integer($0) }), "reason": .string(reason)])
            Terminal.writeError("\(counted(sequences.count, "record")) erased.\n")
        }
    }

    /// `headgate audit past`.
    struct PastCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "past", abstract: "Tell the policy and what tenants were entitled to at a moment.")
        static let calls = ["tellPast"]

        @Option(help: "The moment, or how long ago, such as 2h; without it, now.")
        var at: String?
        @Option(name: .shortAndLong, help: "At most so many tenants, 200 of them.")
        var limit = 50
        @OptionGroup var control: ControlOptions

        func validate() throws { _ = try Moments.statedPast(at) }

        func run(_ api: ControlAPI) async throws {
            try await api.tell("tellPast", query: [("at", try Moments.statedPast(at)), ("limit", String(limit))])
        }
    }

    /// `headgate audit entitlement`.
    struct EntitlementCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "entitlement",
            abstract: "Tell what a tenant was entitled to at a moment, who asked for it, and who approved.")
        static let calls = ["tellPastEntitlement"]

        @Argument(help: "The tenant.", completion: Completions.tenants)
        var tenant: String
        @Option(help: "The moment, or how long ago, such as 2h; without it, now.")
        var at: String?
        @OptionGroup var control: ControlOptions

        func validate() throws { _ = try Moments.statedPast(at) }

        func run(_ api: ControlAPI) async throws {
            try await api.tell("tellPastEntitlement", ["tenant": tenant], query: [("at", try Moments.statedPast(at))])
        }
    }

    /// `headgate audit proof`.
    struct ProofCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "proof",
            abstract: "Print a proof that a record stands in the ledger, to be checked without it.",
            discussion: "The form is c2sp.org/tlog-proof; 'headgate ledger verify' and others check it.")
        static let calls = ["proveRecord"]

        @Argument(help: "The number of the record.")
        var sequence: Int64
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            let proof = try await api.call("proveRecord", ["sequence": String(sequence)])
            let json: Policy.JSONValue = ["sequence": .integer(sequence), "proof": .string(proof.text)]
            Terminal.write(api.isJSON ? json.document : proof.text)
        }
    }
}
