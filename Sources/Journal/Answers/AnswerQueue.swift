internal import Vocabulary

/// What waits to be written to the file of answers, bounded.
struct AnswerQueue {
    /// What is to be written.
    enum Event: Sendable {
        /// A record that is new, or takes the place of one; somebody waits for it.
        case keep(AnswerRecord, then: @Sendable () -> Void)
        /// A record that is to go.
        case remove(IdempotencyName)
    }

    private var events: [Event] = []
    private var byteCount = 0
    /// Records that could not be written.
    var failureCount: Int64 = 0

    /// Events that may wait: more than a disk that keeps up ever sees.
    private static let countMax = 65_536
    /// Bytes of answers that may wait.
    private static let bytesMax = 64 << 20

    /// Adds an event.
    ///
    /// - Returns: whether it is the only one; `nil`: there is no room.
    mutating func add(_ event: Event) -> Bool? {
        let bytes = event.byteCount
        guard events.count < AnswerQueue.countMax, byteCount + bytes <= AnswerQueue.bytesMax else { return nil }
        events.append(event)
        byteCount += bytes
        return events.count == 1
    }

    /// Takes everything.
    mutating func takeAll() -> [Event] {
        var taken: [Event] = []
        swap(&taken, &events)
        byteCount = 0
        return taken
    }
}

extension AnswerQueue.Event {
    /// Bytes of the answer.
    fileprivate var byteCount: Int {
        if case .keep(let record, _) = self { record.answer?.byteCount ?? 0 } else { 0 }
    }

    /// Tells whoever waits that it need not any more.
    func tell() { if case .keep(_, let then) = self { then() } }
}
