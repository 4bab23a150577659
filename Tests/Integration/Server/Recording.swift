/// Traffic as it was recorded: which call came how long after the first.
struct Recording {
    /// One call.
    struct Call {
        /// When it came, in milliseconds after the first.
        let offset: Int
        /// Who made it, as in `northwind-logistics/erp`.
        let principal: String
        /// The call, without a credential.
        let check: Check
    }

    /// All calls, in the order in which they came.
    private(set) var calls: [Call] = []

    /// Adds the same call several times at each of some moments.
    mutating func add(
        _ count: Int, _ principal: String, _ method: String, _ path: String, at offsets: some Sequence<Int>
    ) {
        for offset in offsets {
            for number in 0..<count {
                let key = method == "GET" ? nil : "\(principal)-\(offset)-\(number)"
                calls.append(
                    Call(
                        offset: offset, principal: principal,
                        check: Check(method: method, path: path, idempotencyKey: key)))
            }
        }
    }

    /// The calls of one moment after the other.
    var moments: [(offset: Int, calls: [Call])] {
        let byOffset = Dictionary(grouping: calls, by: \.offset)
        return byOffset.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Plays the recording to a server.
    ///
    /// Between the answers to one moment and the calls of the next there is at least as much time as in the recording,
    /// however slow the server or this machine: budgets may only have more than they had then, never less.
    ///
    /// `keys` are the credentials of the principals.
    func play(over connection: HTTPConnection, keys: [String: String]) async throws -> Replay {
        var replay = Replay()
        var previous: (offset: Int, received: ContinuousClock.Instant)?
        for (offset, calls) in moments {
            if let previous {
                try await Task.sleep(until: previous.received + .milliseconds(offset - previous.offset))
            }
            let batch = try await connection.check(
                calls.map { call in
                    var check = call.check
                    check.credential = keys[call.principal]
                    return check
                })
            replay.moments.append(.init(calls: calls, batch: batch))
            previous = (offset, batch.received)
        }
        return replay
    }
}

/// What became of a recording.
struct Replay {
    /// What became of the calls of one moment.
    struct Moment {
        let calls: [Recording.Call]
        let batch: Batch
    }

    /// The moments, in order.
    var moments: [Moment] = []

    /// The answers to those whom a condition picks, by their principal.
    func answers(to isIncluded: (String) -> Bool) -> [Answer] {
        moments.flatMap { moment in
            zip(moment.calls, moment.batch.answers).filter { isIncluded($0.0.principal) }.map(\.1)
        }
    }

    /// The answers to one principal.
    func answers(to principal: String) -> [Answer] { answers { $0 == principal } }

    /// The first span of moments in which more was admitted than a bucket could give; `nil` if there is none.
    ///
    /// Every span is looked at, from before its first decision to after its last: in this time no bucket gives more
    /// than its burst and what flows in.
    func excess(over burst: Int, perSecond rate: Int, of isIncluded: (String) -> Bool) -> String? {
        let admitted = moments.map { moment in
            zip(moment.calls, moment.batch.answers).reduce(0) { sum, pair in
                sum + (isIncluded(pair.0.principal) && pair.1.isAdmitted ? pair.1.cost : 0)
            }
        }
        for first in moments.indices {
            var sum = 0
            for last in first..<moments.count {
                sum += admitted[last]
                let time = moments[last].batch.received - moments[first].batch.sent
                guard Double(sum) <= Double(burst) + Double(rate) * (time / .seconds(1)) else {
                    return "moments \(first) to \(last): \(sum) in \(time), of \(burst) and \(rate)/s"
                }
            }
        }
        return nil
    }
}
