internal import ArgumentParser
internal import Gateway
internal import Governance
internal import Journal
internal import Ledger
internal import Policy
internal import Vocabulary

extension LedgerCommands {
    /// `headgate ledger at`.
    struct AtCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "at", abstract: "Tell what held at a moment: the policy, and what tenants were entitled to.",
            discussion: """
                With --tenant all of one tenant: plan, grants, limits, who asked for them and who approved, and by \
                which records. Without it all tenants, counted, and the first of them by name. Every record is held against \
                the newest checkpoint. Of a large ledger all records are read unless --tenant is given.
                """)

        @OptionGroup var place: LedgerOptions
        @Argument(help: "The moment, such as 2026-11-21T04:59:02Z, or how long ago, such as 2h.")
        var moment: String
        @Option(help: "Only this tenant.")
        var tenant: String?
        @Option(name: .shortAndLong, help: "At most so many tenants in the list.")
        var limit = 20
        @Flag(help: "JSON for tools.")
        var json = false

        func validate() throws {
            _ = try Moments.past(moment, now: .now())
            guard (0...100_000).contains(limit) else { throw ValidationError("--limit is 0 to 100000") }
        }

        func run() throws {
            try LedgerCommands.read(place) { store in
                let past = try Past(store, at: try Moments.past(moment, now: .now()))
                let policy = try past.policy()
                if let tenant {
                    return HeldThen(past, policy, try LedgerCommands.tenant(tenant, in: past)).tell(json)
                }
                let summary = PastSummary(try past.registry(), at: past.moment, limit: limit)
                if json {
                    let document = past.json.adding(["policy": policy?.json, "tenants": summary.json])
                    return Terminal.write(document.document)
                }
                Terminal.write(rows: past.rows + (policy?.rows ?? HeldThen.noPolicy) + summary.rows)
                for line in summary.lines { Terminal.write("  \(line.forTerminal)\n") }
                let rest = summary.tenantCount - summary.first.count
                if rest > 0 { Terminal.write("  and \(rest) more\n") }
            }
        }
    }

    /// A tenant that there was.
    static func tenant(_ name: String, in past: Past) throws -> PastTenant {
        guard let tenant = try past.tenant(name) else {
            throw LedgerError(.unknown, "there was no tenant '\(name)' at \(past.moment.description)")
        }
        return tenant
    }
}

/// What held for a tenant at a moment, for terminals and for tools.
struct HeldThen {
    private let past: Past
    private let policy: PastPolicy?
    private let tenant: PastTenant

    /// What is said where the ledger has no policy.
    static let noPolicy = [("policy", "none that stands in the ledger")]

    /// Joins the three.
    init(_ past: Past, _ policy: PastPolicy?, _ tenant: PastTenant) {
        self.past = past
        self.policy = policy
        self.tenant = tenant
    }

    /// In rows of a name and what it is.
    var rows: [(String, String)] {
        past.rows + (policy?.rows ?? HeldThen.noPolicy) + tenant.rows(under: policy?.snapshot)
    }

    /// As JSON.
    var json: Policy.JSONValue {
        past.json.adding(["policy": policy?.json, "tenant": tenant.json(under: policy?.snapshot)])
    }

    /// Writes it.
    func tell(_ asJSON: Bool) { asJSON ? Terminal.write(json.document) : Terminal.write(rows: rows) }
}

extension Terminal {
    /// Writes rows of a name and what it is; what strangers wrote cannot command the terminal.
    static func write(rows: [(String, String)]) {
        let width = (rows.map(\.0.count).max() ?? 0) + 2
        for (name, text) in rows {
            let padding = String(repeating: " ", count: width - name.count)
            write("\(name.forTerminal)\(padding)\(text.forTerminal)\n")
        }
    }
}

extension Journal.JSONValue {
    /// What governance tells, in a document of the journal's.
    init(_ value: Policy.JSONValue) {
        switch value {
        case .null: self = .null
        case .flag(let flag): self = .truth(flag)
        case .integer(let number): self = .number(number)
        case .millionths(let number): self = .text("\(number) millionths")
        case .string(let text): self = .text(text)
        case .array(let items): self = .list(items.map { Journal.JSONValue($0) })
        case .object(let members):
            self = .object(members.map { Member(name: $0.key, value: Journal.JSONValue($0.value)) })
        }
    }
}
