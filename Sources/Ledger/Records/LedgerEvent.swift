/// Something that shall be remembered as having happened.
package struct LedgerEvent: Hashable, Sendable {
    /// What it happened to, such as `tenant/acme`; the events of one stream have versions of their own.
    ///
    /// Names of streams stay when a record is erased: they name things by identifiers, not people by their names.
    package var stream: String
    /// What happened, such as `tenant.plan_assigned`.
    package var type: String
    /// The rest, in a form that the type says.
    package var payload: [UInt8]

    /// Describes an event.
    package init(stream: String, type: String, payload: [UInt8]) {
        self.stream = stream
        self.type = type
        self.payload = payload
    }
}

/// Events that are remembered together or not at all, and on which conditions.
package struct LedgerCommand: Hashable, Sendable {
    /// Makes a repeat of the command get the answer of the first one; empty for none.
    package var id: String
    /// Who does it.
    package var actor: String
    /// What happens, in order; at least one event.
    package var events: [LedgerEvent]
    /// The versions at which streams must be for this to happen; 0 for a stream that must not exist yet.
    ///
    /// Streams that are not named may be at any version.
    package var expectedVersions: [String: Int64]
    /// Records whose content and salt are erased with this: their leaves stay, so proofs stay valid.
    package var erasures: [Int64]

    /// Describes a command.
    package init(
        id: String = "", actor: String, events: [LedgerEvent], expectedVersions: [String: Int64] = [:],
        erasures: [Int64] = []
    ) {
        self.id = id
        self.actor = actor
        self.events = events
        self.expectedVersions = expectedVersions
        self.erasures = erasures
    }

    /// The most bytes of a name: of a stream, a type, an actor, a command.
    package static let nameBytesMax = 255
    /// The most bytes of one payload: a policy of ten thousand lines has a third of it.
    package static let payloadBytesMax = 1 << 20
    /// The most events of one command.
    package static let eventCountMax = 10_000
    /// The most bytes of all payloads of one command: they are one transaction.
    package static let totalBytesMax = 16 << 20

    /// What is wrong with the command itself, whatever the ledger holds; `nil` if nothing is.
    var flaw: String? {
        guard !events.isEmpty else { return "a command has at least one event" }
        guard events.count <= LedgerCommand.eventCountMax else {
            return "a command has at most \(LedgerCommand.eventCountMax) events, this one has \(events.count)"
        }
        guard id.utf8.count <= LedgerCommand.nameBytesMax else {
            return "the id of a command has at most \(LedgerCommand.nameBytesMax) bytes"
        }
        guard events.reduce(0, { $0 + $1.payload.count }) <= LedgerCommand.totalBytesMax else {
            return "the payloads of a command have at most \(LedgerCommand.totalBytesMax) bytes together"
        }
        let names = [("actor", actor)] + events.flatMap { [("stream", $0.stream), ("type", $0.type)] }
        for (what, name) in names where name.isEmpty || name.utf8.count > LedgerCommand.nameBytesMax {
            return "the \(what) '\(name)' does not have 1 to \(LedgerCommand.nameBytesMax) bytes"
        }
        for (what, name) in names + [("id", id)] where name.utf8.contains(0) {
            return "the \(what) has a zero byte in it"
        }
        for event in events where event.payload.count > LedgerCommand.payloadBytesMax {
            return "the payload of \(event.type) has \(event.payload.count) bytes, more than "
                + "\(LedgerCommand.payloadBytesMax)"
        }
        return nil
    }
}
