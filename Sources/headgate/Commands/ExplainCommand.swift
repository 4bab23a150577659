internal import ArgumentParser
internal import Foundation
internal import Gateway
internal import Governance
internal import Journal
internal import Ledger
internal import Policy
internal import PostgresLedger
internal import Vocabulary

/// `headgate explain`: the story of one decision, or what would have been decided by at a moment.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tell the story of one decision in plain words.",
        discussion: """
            What was asked, every budget that was looked at with its state, which one decided, under which policy \
            version, and what would have let it through. The id is in the answer's field Headgate-Decision, or in \
            'headgate journal'.

            Where a ledger governs, also what held for the tenant at that moment: the policy of that version, the plan \
            and the grants, who approved them, and in which records that stands. With --at and --tenant that alone is \
            told, without a decision.
            """)

    @Argument(help: "The decision's id, or its first 8 characters or more.")
    var id: String?
    @OptionGroup var place: LedgerOptions
    @Option(help: "In place of a decision: what held at this moment, or so long ago.")
    var at: String?
    @Option(help: "With --at: for this tenant.")
    var tenant: String?
    @Flag(help: "JSON for tools.")
    var json = false

    func validate() throws {
        guard (id == nil) != (at == nil) else {
            throw ValidationError("name a decision, or a moment with --at and a tenant with --tenant")
        }
        guard (at == nil) == (tenant == nil) else { throw ValidationError("--at and --tenant go together") }
        _ = try at.map { try Moments.past($0, now: .now()) }
    }

    func run() throws {
        if let at, let tenant {
            return try LedgerCommands.read(place) { store in
                let past = try Past(store, at: try Moments.past(at, now: .now()))
                let held = HeldThen(past, try past.policy(), try LedgerCommands.tenant(tenant, in: past))
                held.tell(json)
            }
        }
        do {
            let reader = try JournalReader(folder: place.folder.data)
            let record = try reader.record(id: id ?? "")
            let story = DecisionStory(record, policy: try reader.policy(version: record.policyVersion))
            try tell(story, try held(record))
        } catch let error as JournalError {
            throw Terminal.fail("error: \(error.description)")
        }
    }

    /// What held for the tenant of a decision, by the policy that decided; `nil` where no ledger says it.
    ///
    /// The policy is found by its version. Times of records and of decisions are to the millisecond, and a change takes
    /// some tenths of a second to reach a server; a decision that fell in between was decided by what held before.
    private func held(_ record: DecisionRecord) throws -> HeldThen? {
        guard let name = record.tenant, try hasLedger else { return nil }
        return try LedgerCommands.read(place) { store in
            let past = try Past(store, at: record.wall)
            guard let tenant = try past.tenant(name) else { return nil }
            return HeldThen(past, try past.policy(version: record.policyVersion.description), tenant)
        }
    }

    private var hasLedger: Bool {
        get throws {
            do { return try place.existingLocation != nil } catch {
                throw Terminal.fail("error: \(error.description)")
            }
        }
    }

    private func tell(_ story: DecisionStory, _ held: HeldThen?) throws {
        guard json else {
            Terminal.write(story.text + "\n")
            guard let held else { return }
            Terminal.write("\nWhat held for the tenant then, by the ledger\n")
            return Terminal.write(rows: held.rows.map { ("  " + $0.0, $0.1) })
        }
        guard case .object(let members) = story.json else { return }
        let more = held.map { [Journal.JSONValue.Member(name: "held", value: Journal.JSONValue($0.json))] } ?? []
        Terminal.write(Journal.JSONValue.object(members + more).pretty + "\n")
    }
}
