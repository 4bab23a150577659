internal import Gateway
internal import Journal
internal import Logging
internal import Vocabulary

/// Carries the quarantine list over restarts, and has every change of it written down.
struct IncidentKeeper: Sendable {
    let store: IncidentStore
    let plane: DataPlane
    let log: Logger

    /// How often changes are written: as long as a change may be lost when the process is killed.
    private static let interval = Duration.milliseconds(200)
    /// Turns of the above between attempts to write while they fail.
    private static let turnsPerSecond = 5

    /// Opens the record in the data folder and puts back who is in quarantine.
    init(plane: DataPlane, folder: String, at wall: WallTime, log: Logger) throws(ServerFailure) {
        self.plane = plane
        self.log = log
        do {
            store = try IncidentStore(folder: folder, at: wall) { notice in log.warning("\(notice.message)") }
        } catch {
            throw ServerFailure(description: "headgate cannot start: \(error.description)")
        }
        do throws(StoreFailure) {
            let present = try store.present(at: wall)
            plane.abuse.restore(present)
            if !present.isEmpty { log.notice("\(present.count) entries of the quarantine list are restored") }
        } catch {
            log.error("the quarantine list cannot be read; it starts empty: \(error.message)")
        }
    }

    /// Writes until it is cancelled.
    func run() async {
        var isFailing = false
        var turn = 0
        while (try? await Task.sleep(for: IncidentKeeper.interval)) != nil {
            turn += 1
            plane.abuse.settle(at: WallTime.now())
            guard !isFailing || turn % IncidentKeeper.turnsPerSecond == 0 else { continue }
            let waiting = plane.abuse.takeIncidents() + plane.health.takeIncidents()
            guard !waiting.isEmpty else { continue }
            let failure = await BackgroundThread.run { write(waiting) }
            if let failure, !isFailing { log.error("incidents cannot be written; they wait: \(failure)") }
            if failure == nil, isFailing { log.notice("incidents are written again") }
            isFailing = failure != nil
        }
    }

    /// Writes what is left, and lets go of the file.
    func finish() {
        if let failure = write(plane.abuse.takeIncidents() + plane.health.takeIncidents()) {
            log.error("the last incidents are lost: \(failure)")
        }
        store.close()
    }

    /// - Returns: why it could not be done; what was to be written waits again, unless it can never be written.
    private func write(_ records: [IncidentRecord]) -> String? {
        guard !records.isEmpty else { return nil }
        do throws(StoreFailure) {
            try store.append(records)
            return nil
        } catch {
            if error.kind != .refused { plane.abuse.putBack(records) }
            return error.message
        }
    }
}
