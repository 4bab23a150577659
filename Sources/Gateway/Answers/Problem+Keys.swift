internal import Vocabulary

extension Reason {
    /// What a caller is to do whose idempotency key is the problem; `nil` for every other reason.
    var keyAdvice: String? {
        switch self {
        case .keyMissing:
            "Send the field Idempotency-Key with a string that is new for each request and the same for its repeats, "
                + "such as a UUID in quotes."
        case .keyMalformed: ""
        case .keyInUse: "Its answer is yours as well: come again when it is expected."
        case .keyMismatch: "Send another key for another request, and the first request again for its answer."
        case .keyInterrupted: "Find out whether it was; if not, send it again with a new key."
        case .answerNotKept: "Read the result where it is; send a new key only to do it once more."
        default: nil
        }
    }
}
