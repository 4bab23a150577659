internal import ArgumentParser
internal import Foundation
internal import Journal
internal import Vocabulary

/// `headgate quarantine`: who is in quarantine, and who goes in and out.
struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "List, add and lift quarantines of a running server.",
        subcommands: [ListCommand.self, AddCommand.self, LiftCommand.self, HistoryCommand.self],
        groupedSubcommands: [CommandGroup(name: "Control API", subcommands: [HeldCommand.self, ReleaseCommand.self])])

    /// `headgate quarantine list`.
    struct ListCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List who is in quarantine, oldest first.")

        @OptionGroup var server: ServerOptions
        @Flag(help: "JSON, as the server answers it.")
        var json = false

        func run() async throws {
            let answer = try await server.send("GET", "/v1/quarantines")
            if json { return Terminal.write(answer.text + "\n") }
            let list = try answer.decoded(QuarantineListing.self)
            if list.quarantines.isEmpty { return Terminal.writeError("nobody is in quarantine\n") }
            for entry in list.quarantines { Terminal.write(entry.text) }
        }
    }

    /// `headgate quarantine add`.
    struct AddCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Put a key, a tenant, an address or a prefix into quarantine.",
            discussion: "What is added by hand spares no tier, and takes the place of what a rule has added.")

        @OptionGroup var server: ServerOptions
        @Argument(help: "What it is: key, tenant, address, prefix.")
        var kind: String
        @Argument(
            help: "The public id of the key, the name of the tenant, the address, or a prefix as 198.51.100.0/24.")
        var name: String
        @Option(help: "What happens to its requests: quarantine, block, challenge, cool-down.")
        var action = "quarantine"
        @Option(name: .customLong("for"), help: "For how long, such as 15m, 2h, 7d.")
        var lasting = "1h"
        @Option(help: "Why, in a sentence.")
        var reason: String
        @Option(name: .customLong("operator"), help: "Who answers for it; by default the user of this machine.")
        var operatorName: String?

        func run() async throws {
            let call = QuarantineAddition(
                kind: kind, name: name, action: action, seconds: try QuarantineCommand.seconds(lasting), reason: reason,
                operator: operatorName ?? NSUserName())
            let answer = try await server.send("POST", "/v1/quarantines", body: try JSONEncoder().encode(call))
            Terminal.write(try answer.decoded(QuarantineEntry.self).text)
        }
    }

    /// `headgate quarantine lift`.
    struct LiftCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lift", abstract: "Let somebody out of quarantine.",
            discussion: "The rules forget what they know of them, so that they begin anew.")

        @OptionGroup var server: ServerOptions
        @Argument(help: "The id of the quarantine, from the list or from an answer's field Headgate-Quarantine.")
        var id: String

        func run() async throws {
            guard let id = DecisionID(id) else { throw ValidationError("'\(id)' is no id of a quarantine") }
            let answer = try await server.send("DELETE", "/v1/quarantines/\(id)")
            Terminal.write("lifted: " + (try answer.decoded(QuarantineEntry.self).text))
        }
    }

    /// `headgate quarantine history`.
    struct HistoryCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "history", abstract: "List what was found, added and lifted, newest last, with its evidence.",
            discussion: "Reads the data folder; works while the server runs, and after it stopped.")

        @OptionGroup var folder: DataOptions
        @Option(name: .shortAndLong, help: "At most so many.")
        var limit = 50

        func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit is at least 1") }
        }

        func run() throws {
            do {
                let lines = try IncidentHistory.read(folder: folder.data, limit: limit)
                if lines.isEmpty { Terminal.writeError("nothing has happened\n") }
                for line in lines { Terminal.write(line.text) }
            } catch {
                throw Terminal.fail("error: \(error.description)")
            }
        }
    }

    /// The seconds of `15m`.
    private static func seconds(_ text: String) throws -> Int64 {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let last = text.last, let unit = units[last], let count = Int64(text.dropLast()), count > 0,
            count <= 1_000_000
        else { throw ValidationError("'\(text)' is no length of time; write 15m, 2h or 7d") }
        return count * unit
    }
}

extension IncidentRecord {
    /// One line for people.
    fileprivate var text: String {
        let author = rule.map { "rule \($0)" } ?? operatorName.map { "by \($0)" } ?? ""
        let mode = stage == "enforce" ? "" : " (\(stage))"
        let numbers = evidence.isEmpty ? "" : " [\(evidence)]"
        return
            "\(wall)  \(event.rawValue)  \(kind) \(subject)  \(action)\(mode) until \(until)  \(author): \(reason)"
            + "\(numbers)  \(id)\n"
    }
}
