internal import Vocabulary

/// An admission as the answer of `POST /v1/admissions` tells it.
struct AdmissionAnswer: Sendable {
    /// The lease's name.
    let id: LeaseID
    /// How long it lasts.
    let lease: Nanoseconds
    /// How long the request waited.
    let waited: Nanoseconds
    /// How many seats it holds.
    let seats: Int
}

extension JSONWriter {
    /// Writes a decision with its admission.
    mutating func value(of decision: Decision, admission: AdmissionAnswer?) {
        object { json in
            json.members(of: decision)
            json.name("admission")
            guard let admission else { return json.null() }
            json.object { json in
                json.member("id", admission.id.text)
                json.member("leaseMs", admission.lease.millisecondsRoundedUp)
                json.member("waitedMs", admission.waited.millisecondsRoundedUp)
                json.member("seats", Int64(admission.seats))
            }
        }
    }
}

extension HTTPResponseWriter {
    /// Answers `POST /v1/admissions`.
    mutating func answer(_ decision: Decision, admission: AdmissionAnswer?, profile: HeaderProfile) {
        start(.ok)
        decisionFields(of: decision)
        limitFields(of: decision, profile: profile)
        finish { $0.value(of: decision, admission: admission) }
    }
}
