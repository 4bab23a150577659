internal import Console
internal import Gateway
internal import Policy
internal import Vocabulary

extension ControlAPI {
    /// Makes a call and prints what it answers.
    @discardableResult
    func tell(
        _ id: String, _ parameters: [String: String] = [:], query: [(name: String, value: String?)] = [],
        body: Policy.JSONValue? = nil, tag: String? = nil
    ) async throws -> Answer {
        let answer = try await call(id, parameters, query: query, body: body, tag: tag)
        show(answer)
        return answer
    }

    /// Prints an answer: as it is for scripts, else a line for each member.
    func show(_ answer: Answer) {
        Terminal.write(isJSON ? answer.text : AnswerText(now: .now()).card(answer.value))
    }

    /// Prints what is told once, alone on standard output, and the rest beside it.
    func tellSecret(_ answer: Answer, member: String, _ note: String) throws {
        if isJSON { return Terminal.write(answer.text) }
        guard let secret = answer.value[member]?.text else {
            throw Terminal.fail("error: \(place.address) has answered without a \(member)")
        }
        Terminal.writeError(note + "\n")
        Terminal.write(secret + "\n")
    }

    /// Prints a list: an object a line for scripts, else a table.
    ///
    /// - Parameters:
    ///   - id: the call.
    ///   - parameters: what stands in its path.
    ///   - query: its query, without limit and cursor.
    ///   - page: how much of it.
    ///   - columns: which members become columns; see `AnswerText.table`.
    ///   - nothing: what is said of an empty list.
    /// - Throws: `ControlFailure`, or why the server does not answer.
    func list(
        _ id: String, _ parameters: [String: String] = [:], query: [(name: String, value: String?)] = [],
        page: PageOptions, columns: [String], nothing: String
    ) async throws {
        var rows: [Policy.JSONValue] = []
        let more = try await pages(id, parameters, query: query, atMost: page.all ? nil : page.limit) { items in
            if isJSON { for item in items { Terminal.write(item.compact + "\n") } } else { rows += items }
        }
        guard !isJSON else { return }
        if rows.isEmpty { Terminal.writeError(nothing + "\n") }
        Terminal.write(AnswerText(now: .now()).table(rows, columns: columns))
        if more { Terminal.writeError("There are more: --limit, or --all.\n") }
    }

    /// All items of a list.
    func all(_ id: String, _ parameters: [String: String] = [:]) async throws -> [Policy.JSONValue] {
        var items: [Policy.JSONValue] = []
        _ = try await pages(id, parameters, query: [], atMost: nil) { items += $0 }
        return items
    }

    /// Goes through the pages of a list.
    ///
    /// - Returns: whether there is more than was asked for.
    private func pages(
        _ id: String, _ parameters: [String: String], query: [(name: String, value: String?)], atMost limit: Int?,
        each body: ([Policy.JSONValue]) -> Void
    ) async throws -> Bool {
        let pageMax = ControlRoute.named(id)?.pageMax
        var left = limit ?? .max
        var cursor: String?
        repeat {
            var query = query
            if let pageMax {
                query.append((name: "limit", value: String(min(pageMax, left))))
                query.append((name: "cursor", value: cursor))
            }
            let page = try await call(id, parameters, query: query).value
            let items = page["items"]?.items ?? []
            body(items)
            left -= items.count
            cursor = page["next_cursor"]?.text
        } while cursor != nil && left > 0
        return cursor != nil
    }
}
