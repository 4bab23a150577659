/// Where admissions come from: a server, or the engine inside this process.
///
/// Middleware is written against this, so that a service can begin with one and go over to the other.
public protocol AdmissionSource: Sendable {
    /// Decides about a request, and waits for its seats as long as it may.
    ///
    /// Never throws: what cannot be decided is refused or admitted as the configuration says. A task that is cancelled
    /// while it waits gives its place back and gets a refusal.
    func admit(_ call: AdmissionCall) async -> Admission
}
