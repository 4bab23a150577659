internal import Directory
package import Vocabulary

/// A moment as events write it: RFC 3339, UTC.
package struct EventTime: Hashable, Comparable, Sendable, Codable {
    /// The moment.
    package var moment: WallTime

    /// Wraps a moment.
    package init(_ moment: WallTime) { self.moment = moment }

    package static func < (left: EventTime, right: EventTime) -> Bool { left.moment < right.moment }

    /// Reads a moment.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Timestamp.moment(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not a moment")
        }
        self.moment = moment
    }

    /// Writes the moment.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Timestamp.text(moment))
    }
}
