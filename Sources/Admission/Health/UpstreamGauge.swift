package import Policy
package import Vocabulary

/// What the answers to requests that were given seats say about the system behind.
///
/// By windows of at least a second and twenty answers. The usual time follows the mean of windows: an eighth of the way
/// down, a sixty-fourth up, so that it takes a minute or so until slow is the new usual. Failures do not count for it.
///
/// Pure: time comes in as a number, integers only.
package struct UpstreamGauge: Sendable {
    /// What the last windows say.
    package struct Reading: Hashable, Sendable {
        /// The share of failures, in hundredths of a percent.
        package let errorBasisPoints: Int64
        /// How much longer than usual answers took, in hundredths of a percent of the usual time.
        package let slowdownBasisPoints: Int64

        /// States a reading.
        package init(errorBasisPoints: Int64, slowdownBasisPoints: Int64) {
            self.errorBasisPoints = errorBasisPoints
            self.slowdownBasisPoints = slowdownBasisPoints
        }
    }

    private var start: Int64
    private var count: Int64 = 0
    private var failures: Int64 = 0
    private var latencySum: Int64 = 0
    /// What an answer usually takes; 0: unknown.
    private var usual: Int64 = 0
    private var last: (reading: Reading, at: Int64)?

    private static let windowMin: Int64 = 1_000_000_000
    private static let countMin: Int64 = 20
    /// What was read longer ago says nothing about now.
    private static let readingMax: Int64 = 30_000_000_000

    /// A gauge that has seen nothing.
    package init(at now: Nanoseconds) { start = now.count }

    /// An answer has come, or none where there should have been one.
    package mutating func note(latency: Nanoseconds, isFailure: Bool, at now: Nanoseconds) {
        count += 1
        if isFailure { failures += 1 } else { latencySum += min(max(0, latency.count), 1 << 40) }
        guard count >= UpstreamGauge.countMin, now.count - start >= UpstreamGauge.windowMin else { return }
        let successes = count - failures
        let mean = successes > 0 ? max(1, latencySum / successes) : usual
        if usual == 0 { usual = mean }
        let slowdown = usual > 0 ? max(0, (mean - usual) * whole / usual) : 0
        usual += mean < usual ? (mean - usual) / 8 : (mean - usual) / 64
        last = (Reading(errorBasisPoints: failures * whole / count, slowdownBasisPoints: slowdown), now.count)
        (start, count, failures, latencySum) = (now.count, 0, 0, 0)
    }

    /// What was read of late; `nil`: too little has come.
    package func reading(at now: Nanoseconds) -> Reading? {
        guard let last, now.count - last.at <= UpstreamGauge.readingMax else { return nil }
        return last.reading
    }
}

extension HealthPolicy.Upstream {
    /// What a reading means; without one nothing speaks for stress, and nothing for capacity to spare.
    package func health(of reading: UpstreamGauge.Reading?) -> Health {
        guard let reading else { return .steady }
        func reaches(_ part: Int64) -> Bool {
            reading.errorBasisPoints * part >= max(1, errorBasisPoints)
                || reading.slowdownBasisPoints * part >= slowdownBasisPoints
        }
        return reaches(1) ? .stressed : reaches(2) ? .steady : .spare
    }
}
