internal import Vocabulary

extension Narrator {
    /// What happens to requests that repeat an idempotency key.
    var repeats: Section {
        Section(kind: "idempotency", name: nil, sentences: charging + [answering, keeping] + lasting)
    }

    private var charging: [String] {
        let window = Wording.duration(snapshot.repeats.window)
        guard snapshot.repeats.freeRepeatsMax > 0 else {
            return ["Every repeat of a request is charged like the first one."]
        }
        let repeats = NumberText.count(snapshot.repeats.freeRepeatsMax, "repeat", "repeats")
        return [
            "A request with an idempotency key is charged once: up to \(repeats) of it within \(window) cost nothing."
        ]
    }

    private var answering: String {
        let stored =
            switch snapshot.repeats.stored {
            case .final: "failures of the server, and what asks the caller to come again or otherwise"
            case .successful: "everything that does not say that the request was done"
            }
        let meanwhile =
            switch snapshot.repeats.concurrent {
            case .reject: "is refused"
            case .join: "waits for it"
            }
        return
            "Where Headgate is the proxy, a repeat gets the answer that the first one got, except \(stored); as long "
            + "as that is still to come, the repeat \(meanwhile)."
    }

    private var keeping: String {
        let repeats = snapshot.repeats
        return "For each tenant \(NumberText.count(repeats.entriesPerTenantMax, "key", "keys")) and "
            + "\(NumberText.bytes(repeats.bytesPerTenantMax)) of answers are remembered; of more, the oldest go. A body "
            + "of more than \(NumberText.bytes(repeats.bodyBytesMax)) is not stored."
    }

    /// What outlives the process.
    private var lasting: [String] {
        let names = snapshot.operations.filter { $0.idempotency == .required }.map(\.name)
        guard !names.isEmpty else { return [] }
        let fate =
            switch snapshot.repeats.interrupted {
            case .reject: "is refused, because nobody knows whether it was done"
            case .run: "runs again"
            }
        return [
            "Answers of \(Wording.list(names, max: 5)) are kept on disk. A repeat of a call that was interrupted when "
                + "Headgate ended \(fate)."
        ]
    }
}
