internal import HeadgateClient
internal import Synchronization

/// Keeps an admission while a request is worked on and its answer is written; the first who ends it has ended it.
///
/// When nobody holds the keeper any more, the admission is dropped, and so abandoned.
final class AdmissionKeeper: Sendable {
    private let admission: Mutex<Admission?>

    /// Takes an admission over.
    init(_ admission: consuming Admission) { self.admission = Mutex<Admission?>(consume admission) }

    /// The answer was written; a status of 500 or more says that the work has failed.
    func finish(status: Int) {
        guard let admission = take() else { return }
        if status >= 500 { admission.failed(status: status) } else { admission.completed(status: status) }
    }

    /// Nobody waits for the answer any more.
    func abandon() {
        guard let admission = take() else { return }
        admission.abandoned()
    }

    private func take() -> Admission? { admission.withLock { $0.take() } }
}
