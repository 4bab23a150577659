import Admission
import Vocabulary

/// Everything may wait, as far as queues go.
struct NoPressure: PressureAlgorithm {
    mutating func threshold(after window: PressureWindow, _ demand: Demand, at now: Nanoseconds) -> AdmissionThreshold {
        .open
    }
}

/// A controller with a proportional and an integral part on what comes in against what goes out, as Uber's Cinnamon has
/// it: its output is the share of work to refuse, which is looked up in the recent demand.
struct ProportionalPressure: PressureAlgorithm {
    var proportional = 0.1
    var integral = 0.3
    var isLenient = false
    private var sum = 0.0
    private var ratio = 0.0

    init(isLenient: Bool = false) { self.isLenient = isLenient }

    mutating func threshold(after window: PressureWindow, _ demand: Demand, at now: Nanoseconds) -> AdmissionThreshold {
        let out = Double(max(1, window.started))
        let idle = Double(window.idle) / Double(max(1, window.nanoseconds))
        let arrived = Double(demand.total) * (1 - ratio) + Double(window.inside)
        let error = (arrived - out + Double(window.waiting[demand.tierCount - 1]) / 4 - idle) / out
        sum = min(3, max(0, sum + error))
        ratio = min(0.95, max(0, proportional * error + integral * sum))
        guard ratio > 0.001 else { return .open }
        var threshold = demand.threshold(admitting: Int64(Double(demand.total) * (1 - ratio)), rotation: 0)
        threshold.isLenient = isLenient
        return threshold
    }
}

/// A twentieth less of what comes while waits are too long, a hundredth more while they are not, as WeChat's DAGOR has
/// it.
struct SteppedPressure: PressureAlgorithm {
    var isLenient = false
    private var admitted = 0.0

    init(isLenient: Bool = false) { self.isLenient = isLenient }

    mutating func threshold(after window: PressureWindow, _ demand: Demand, at now: Nanoseconds) -> AdmissionThreshold {
        let total = Double(demand.total)
        // A wait of 20 ms, by Little's law.
        let rate = Double(max(1, window.started)) * 1e9 / Double(max(1, window.nanoseconds))
        let isOverloaded = Double(window.waiting[demand.tierCount - 1]) / rate > 0.02
        if admitted == 0 || admitted > total { admitted = total }
        admitted *= isOverloaded ? 0.95 : 1.01
        guard admitted < total else { return .open }
        var threshold = demand.threshold(admitting: Int64(admitted), rotation: 0)
        threshold.isLenient = isLenient
        return threshold
    }
}

/// Ours.
struct MeasuredPressure: PressureAlgorithm {
    private var control = PressureControl(at: .zero)

    mutating func threshold(after window: PressureWindow, _ demand: Demand, at now: Nanoseconds) -> AdmissionThreshold {
        control.threshold(after: window, demand, at: now)
    }
}
