import Admission
import Vocabulary

/// No limit worth the name.
struct FixedCeiling: CeilingAlgorithm {
    var limit: Int
    mutating func note(latency: Double, inFlight: Int, at now: Double) {}
}

/// The gradient of Netflix' concurrency-limits (Gradient2): a short against a long average, plus a queue.
struct GradientCeiling: CeilingAlgorithm {
    private var level = 20.0
    private var long = 0.0
    private var short = 0.0
    var limit: Int { Int(level) }

    mutating func note(latency: Double, inFlight: Int, at now: Double) {
        short = short == 0 ? latency : short * 0.9 + latency * 0.1
        long = long == 0 ? latency : long * (1 - 1.0 / 600) + latency / 600
        if long / short > 2 { long *= 0.95 }
        guard Double(inFlight) >= level / 2 else { return }
        let gradient = max(0.5, min(1, 1.5 * long / short))
        level = max(2, min(1_000, level * 0.8 + (level * gradient + 4) * 0.2))
    }
}

/// Vegas: one more or one less by what latency beyond the shortest says is queued.
///
/// Looks for the shortest anew now and then, as Netflix' library does.
struct VegasCeiling: CeilingAlgorithm {
    private var level = 20.0
    private var shortest = 0.0
    private var count = 0
    private var sum = 0.0
    private var window = 0
    var limit: Int { Int(level) }

    mutating func note(latency: Double, inFlight: Int, at now: Double) {
        count += 1
        sum += latency
        guard count >= 50 else { return }
        let mean = sum / 50
        (count, sum, window) = (0, 0, window + 1)
        if shortest == 0 || mean < shortest || window % 600 == 0 { shortest = mean }
        guard Double(inFlight) >= level / 2 else { return }
        let queued = level * (1 - shortest / mean)
        if queued < 3 { level += 1 } else if queued > 6 { level -= 1 }
        level = max(2, min(1_000, level))
    }
}

/// One more per window, or a tenth less when a window is slower than a fixed time.
struct StepCeiling: CeilingAlgorithm {
    /// The time, which somebody has to know.
    var latencyMax: Double
    private var level = 20.0
    private var count = 0
    private var sum = 0.0
    var limit: Int { Int(level) }

    init(latencyMax: Double) { self.latencyMax = latencyMax }

    mutating func note(latency: Double, inFlight: Int, at now: Double) {
        count += 1
        sum += latency
        guard count >= 50 else { return }
        let mean = sum / 50
        (count, sum) = (0, 0)
        if mean > latencyMax {
            level = max(2, level * 0.9)
        } else if Double(inFlight) >= level / 2 {
            level = min(1_000, level + 1)
        }
    }
}

/// Ours.
struct ProbedCeiling: CeilingAlgorithm {
    private var ceiling: ConcurrencyCeiling
    var limit: Int { ceiling.limit }

    init(first: Int = 20) {
        ceiling = ConcurrencyCeiling(.init(limitMin: 2, limitMax: 1_000, limitFirst: first), at: .zero)
    }

    mutating func note(latency: Double, inFlight: Int, at now: Double) {
        _ = ceiling.note(
            latency: Nanoseconds(Int64(latency * 1_000_000)), inFlight: inFlight, isFailure: false,
            at: Nanoseconds(Int64(now * 1_000_000)))
    }
}
