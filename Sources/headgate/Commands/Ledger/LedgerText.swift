internal import Foundation
internal import Journal
internal import Ledger
internal import Vocabulary

/// A record for people and for tools.
struct LedgerText {
    private let entry: LedgerEntry

    /// Tells of an entry.
    init(_ entry: LedgerEntry) { self.entry = entry }

    /// On one line.
    var line: String {
        get throws {
            guard let record = try entry.record() else {
                return "\(entry.sequence)  \(entry.time.description)  "
                    + "\(shown(entry.type))  \(shown(entry.stream))  (erased)"
            }
            let parts = [record.type, record.stream, "by \(record.actor)", payload(of: record)].map(shown)
            return "\(record.sequence)  \(record.time.description)  " + parts.joined(separator: "  ")
        }
    }

    /// All of it, one thing a line.
    var whole: String {
        get throws {
            let record = try entry.record()
            var rows = [
                ("record", "\(entry.sequence)"), ("time", "\(entry.time.description)"), ("type", entry.type),
                ("stream", "\(entry.stream), version \(entry.version)"),
            ]
            if let record {
                rows.append(("actor", record.actor))
                if !record.command.isEmpty { rows.append(("command", record.command)) }
                rows.append(("payload", payload(of: record)))
            } else {
                rows.append(("content", "erased; only its commitment is left"))
            }
            rows.append(("commitment", Data(entry.commitment).base64EncodedString()))
            return rows.map { $0.0.padding(toLength: 12, withPad: " ", startingAt: 0) + shown($0.1) + "\n" }.joined()
        }
    }

    /// As JSON; a payload that is no text stands in base 64.
    var json: JSONValue {
        get throws {
            let record = try entry.record()
            let text = record.flatMap { String(validating: $0.payload, as: UTF8.self) }
            let bytes = text == nil ? record.map { Data($0.payload).base64EncodedString() } : nil
            return [
                "sequence": .number(entry.sequence), "time": .text(entry.time.description), "type": .text(entry.type),
                "stream": .text(entry.stream), "version": .number(entry.version),
                "actor": record.map { .text($0.actor) } ?? .null, "command": record.map { .text($0.command) } ?? .null,
                "payload": text.map(JSONValue.text) ?? .null, "payloadBase64": bytes.map(JSONValue.text) ?? .null,
                "erased": .truth(record == nil),
                "commitment": .text(Data(entry.commitment).base64EncodedString()),
            ]
        }
    }

    private func payload(of record: LedgerRecord) -> String {
        String(validating: record.payload, as: UTF8.self) ?? "\(record.payload.count) bytes that are no text"
    }

    private func shown(_ text: String) -> String { text.forTerminal }
}
