/// Follows a journal while a server writes it: every decision once, in the order of commits.
///
/// ```swift
/// var follower = try JournalFollower(folder: data, query: query, backlog: 20)
/// while true {
///     let step = try follower.next()
///     for record in step.records { print(table.line(record)) }
///     if !step.hasMore { sleep(1) }
/// }
/// ```
package struct JournalFollower {
    /// The place up to which decisions were handed out.
    package private(set) var cursor: JournalCursor
    private let folder: String
    private let query: JournalQuery
    private var reader: JournalReader

    /// Begins before the newest `backlog` decisions that match; with 0, at what comes next.
    ///
    /// Of the query its filters count; its limit, order and times do not.
    package init(folder: String, query: JournalQuery = JournalQuery(), backlog: Int = 0) throws(JournalError) {
        self.folder = folder
        self.query = query
        reader = try JournalReader(folder: folder)
        cursor = try reader.cursor(query, backlog: backlog)
    }

    /// What was committed since the last call; nothing when nothing was.
    ///
    /// Does not wait.
    ///
    /// When the server has moved a damaged journal aside, goes on at the beginning of the fresh one.
    package mutating func next(limit: Int = JournalReader.pageSize) throws(JournalError) -> JournalStep {
        if !reader.isCurrent, let fresh = try? JournalReader(folder: folder) { reader = fresh }
        let step = try reader.step(after: cursor, query, limit: limit)
        cursor = step.cursor
        return step
    }
}
