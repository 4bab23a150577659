package import Vocabulary

/// A sign of abuse that is looked for in one subject at a time; each is derived in docs/abuse.md.
///
/// Pure: what it knows of a subject is a few integers that somebody else keeps, and time comes in as a number.
package protocol Detector: Sendable {
    /// What is remembered of one subject.
    associatedtype Memory: BitwiseCopyable, Sendable
    /// What is seen of one request.
    associatedtype Sample

    /// What is remembered of a subject that was never seen.
    func begin(at now: Nanoseconds) -> Memory

    /// Looks at a request.
    ///
    /// - Returns: the numbers that speak for abuse, if they do.
    /// - Complexity: O(1); allocates only for a finding.
    func note(_ sample: Sample, in memory: inout Memory, at now: Nanoseconds) -> Evidence?

    /// How much it would cost to forget a subject: the one with the least is forgotten first.
    func weight(of memory: Memory, at now: Nanoseconds) -> Int64
}

/// The numbers that speak for abuse, by name.
package struct Evidence: Hashable, Sendable {
    /// Names and numbers, in the order in which people want to read them.
    package let numbers: [Number]

    /// One number.
    package struct Number: Hashable, Sendable {
        /// What it counts: lower-case words with underscores.
        package let name: String
        /// How much.
        package let value: Int64

        /// States a number.
        package init(_ name: String, _ value: Int64) {
            self.name = name
            self.value = value
        }
    }

    /// States the numbers.
    package init(_ numbers: [Number]) { self.numbers = numbers }

    /// As records keep them: `requests=512 mean=20`.
    package var text: String { numbers.map { "\($0.name)=\($0.value)" }.joined(separator: " ") }
}

/// A run of time in which requests are counted together; the next begins with the first request after its end.
///
/// Windows begin with a subject's own first request, not with the clock: no instant belongs to everybody.
struct CountingWindow: BitwiseCopyable, Sendable {
    /// When it began, in nanoseconds.
    var start: Int64
    /// What was counted in it.
    var count: Int64 = 0

    /// A window that begins now.
    init(at now: Nanoseconds) { start = now.count }

    /// Whether a moment lies behind the end.
    func hasEnded(at now: Nanoseconds, length: Nanoseconds) -> Bool { now.count - start >= length.count }
}
