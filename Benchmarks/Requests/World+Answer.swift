import Admission
import Gateway
import Vocabulary

/// A status says little: what is counted is held against what is meant, so that no request gets cheaper by saying
/// something else.
extension World {
    /// What the next tenant is answered: the bytes that the socket would send, or where there is no socket a text that
    /// says what was decided.
    func answer() throws -> [UInt8] {
        switch name {
        case .authorize, .authorizeToken, .authorizeForged, .authorizeDenied, .check:
            return wire.answer(to: nextRequest())
        case .ratelimit: return wire.answer(to: nextCall())
        case .decision: return Array(verdict().utf8)
        case .seats: return Array(try seats.answer(tenants[0]).utf8)
        }
    }

    private func verdict() -> String {
        var clock = Clock()
        var verdict = Verdict()
        _ = plane.engine.decide(nextAdmission(), with: plane.state.blueprint, at: clock.now(), into: &verdict)
        var text = "\(verdict.isAdmitted ? "admitted" : "refused"): \(verdict.reason.code)\n"
        for index in 0..<verdict.readingCount {
            let reading = verdict.readings[index]
            text += "\(reading.level) \(reading.kind) \(reading.index): \(reading.own) of its own, "
            text += "\(reading.pool) in the pool, \(reading.need) needed, wait \(reading.wait)\n"
        }
        return text
    }
}
