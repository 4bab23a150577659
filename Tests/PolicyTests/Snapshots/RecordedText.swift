import Testing

/// Compares a text with the one recorded in `Fixtures`.
///
/// `RECORD_SNAPSHOTS=1` records it instead, and fails so that nobody takes a recording for a test.
func expectRecorded(
    _ text: String, as name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    if Fixture.isRecording {
        try Fixture.record(text, ".", name)
        Issue.record("recorded \(name)", sourceLocation: sourceLocation)
    }
    let recorded = lines(of: Fixture.text(".", name) ?? "")
    let now = lines(of: text)
    guard recorded != now else { return }
    let count = min(recorded.count, now.count)
    let first = (0..<count).first { recorded[$0] != now[$0] } ?? count
    Issue.record(
        """
        \(name) differs from line \(first + 1) on:
        recorded: \(first < recorded.count ? recorded[first] : "nothing")
        now:      \(first < now.count ? now[first] : "nothing")
        Run with RECORD_SNAPSHOTS=1 if this is meant, and review the change.
        """, sourceLocation: sourceLocation)
}

private func lines(of text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
