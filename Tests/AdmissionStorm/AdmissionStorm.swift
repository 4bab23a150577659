import AdmissionTestSupport

/// Runs the storms of the engine's tests in a small program of their own, so that a build with the thread sanitizer
/// need not contain the rest of the house.
@main
struct AdmissionStorm {
    static func main() async throws {
        for storm in Storm.allCases {
            let outcome = try await storm.run()
            let isExact = outcome.admitted == outcome.expected && outcome.given == outcome.expected
            print("\(isExact ? "passed" : "FAILED"): \(storm.rawValue): \(outcome)")
            guard isExact else { throw Failure.inexact }
        }
    }

    enum Failure: Error { case inexact }
}
