internal import Policy
internal import Vocabulary

/// The header fields whose names and values never change under one policy, as lines of HTTP/1.1 that are ready to be
/// sent: `Headgate-Class: interactive` and its line end.
///
/// Made once per policy: an answer copies a line in one go, where putting it together took as long as the decision.
///
/// A class, so that taking it along retains one thing and not each of its tables.
final class PolicyLines: Sendable {
    /// All lines, one behind the other.
    let bytes: [UInt8]
    /// `Headgate-Reason` and `Headgate-Policy` together, by the reason's number.
    private let reasons: [ByteRange]
    /// `Headgate-Operation`, by the operation's index.
    private let operations: [ByteRange]
    /// `Headgate-Class`, by the class's index; the last is for no class.
    private let classes: [ByteRange]
    /// `Headgate-Tier`, by the tier's index; the last is for no tier.
    private let tiers: [ByteRange]

    /// Writes the lines.
    ///
    /// - Complexity: O(names of the policy).
    init(_ policy: Snapshot) {
        var text = ByteWriter()
        let version = policy.version.description
        reasons = Reason.allCases.map { reason in
            text.range {
                $0.field("Headgate-Reason", reason.code)
                $0.field("Headgate-Policy", version)
            }
        }
        operations = policy.operations.map { operation in
            text.range { $0.field("Headgate-Operation", operation.name) }
        }
        classes = (policy.classes.map(\.name) + [Decision.noName]).map { name in
            text.range { $0.field("Headgate-Class", name) }
        }
        tiers = (policy.tiers.map(\.name) + [Decision.noName]).map { name in
            text.range { $0.field("Headgate-Tier", name) }
        }
        bytes = text.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    /// Where the lines stand that say why, and by which policy.
    func reason(_ reason: Reason) -> Range<Int> { reasons[Int(reason.rawValue)].range }

    /// Where the line of an operation stands.
    func operation(_ index: Int) -> Range<Int> { operations[index].range }

    /// Where the line of a class stands; -1: there is none.
    func trafficClass(_ index: Int) -> Range<Int> { classes[index < 0 ? classes.count - 1 : index].range }

    /// Where the line of a tier stands; -1: there is none.
    func tier(_ index: Int) -> Range<Int> { tiers[index < 0 ? tiers.count - 1 : index].range }
}

extension ByteWriter {
    /// Says where that stands which a closure writes.
    mutating func range(_ write: (inout ByteWriter) -> Void) -> ByteRange {
        let start = count
        write(&self)
        return ByteRange(start..<count)
    }

    /// Writes a field line.
    fileprivate mutating func field(_ name: StaticString, _ value: String) {
        write(literal: name)
        write(pair: ASCII.colon, ASCII.space)
        write(fieldValue: value.utf8.span)
        write(pair: ASCII.carriageReturn, ASCII.lineFeed)
    }
}
