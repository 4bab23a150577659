import HeadgateClient
import Synchronization

/// A source that decides as the test says, and notes how admissions end.
final class ScriptedSource: AdmissionSource {
    private let decide: @Sendable (AdmissionCall) -> Decision
    private let state = Mutex<(calls: [AdmissionCall], endings: [HeldSeats.Ending])>(([], []))

    /// A source that decides by a closure.
    init(_ decide: @escaping @Sendable (AdmissionCall) -> Decision) { self.decide = decide }

    /// A source that always decides the same.
    convenience init(_ outcome: Outcome, _ reason: String) {
        self.init { _ in
            var decision = Decision(outcome: outcome, reason: reason, tier: "business", origin: .engine)
            decision.id = "01J"
            decision.policy = "sha256:00"
            return decision
        }
    }

    /// What was asked.
    var calls: [AdmissionCall] { state.withLock { $0.calls } }
    /// How admissions have ended.
    var endings: [HeldSeats.Ending] { state.withLock { $0.endings } }

    func admit(_ call: AdmissionCall) async -> Admission {
        state.withLock { $0.calls.append(call) }
        let decision = decide(call)
        guard decision.isAdmitted else { return Admission(decision, holding: nil) }
        return Admission(decision, holding: HeldSeats { [self] in note($0) })
    }

    private func note(_ ending: HeldSeats.Ending) { state.withLock { $0.endings.append(ending) } }
}
