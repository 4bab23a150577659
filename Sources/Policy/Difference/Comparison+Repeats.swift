internal import Vocabulary

extension Comparison {
    /// Compares what happens to requests that repeat an idempotency key.
    mutating func compareRepeats() {
        let subject = Subject(.repeats)
        let (first, second) = (old.repeats, new.repeats)
        add(
            subject, .window, .duration(first.window), .duration(second.window), rank: (first.window, second.window),
            better: .more)
        addCount(subject, .keyCount, first.entriesPerTenantMax, second.entriesPerTenantMax)
        addCount(subject, .answerBytes, first.bytesPerTenantMax, second.bytesPerTenantMax)
        addCount(subject, .answerBodyBytes, first.bodyBytesMax, second.bodyBytesMax)
        addCount(subject, .freeRepeats, first.freeRepeatsMax, second.freeRepeatsMax)
        add(
            subject, .concurrentRepeats, .text(first.concurrent.name), .text(second.concurrent.name),
            rank: (first.concurrent.rawValue, second.concurrent.rawValue), better: .more)
        add(subject, .interrupted, .text(first.interrupted.name), .text(second.interrupted.name), .changes)
        add(subject, .storedAnswers, .text(first.stored.name), .text(second.stored.name), .changes)
    }
}
