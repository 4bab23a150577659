package import Admission
package import Vocabulary

extension DataPlane {
    /// Looks at health anew and has the budgets that tenants share, and all event loops, go by it.
    ///
    /// - Parameters:
    ///   - upstream: what answers say about the system behind; `nil`: too little has come.
    ///   - moment: both clocks.
    package func settleHealth(upstream: UpstreamGauge.Reading?, at moment: Moment) {
        let isNew = health.settle(upstream: upstream, at: moment) {
            engine.setEnvelope($0, at: moment.monotonic)
        }
        if isNew { healthChanged() }
    }

    /// Has seats and health hear of each other; called several times a second.
    package func settleHealth(with seats: SeatGate, at moment: Moment) {
        let turn = seats.turn(shed: health.shed, at: moment.monotonic)
        health.notePressure(turn.keptOut, at: moment)
        settleHealth(upstream: turn.upstream, at: moment)
    }
}
