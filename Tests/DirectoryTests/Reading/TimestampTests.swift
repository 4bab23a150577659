import Testing
import Vocabulary

@testable import Directory

struct TimestampTests {
    @Test(arguments: [
        ("2026-11-21", "2026-11-21T00:00:00Z"), ("2026-11-21T05:12:37Z", "2026-11-21T05:12:37Z"),
        ("2026-11-21t05:12:37z", "2026-11-21T05:12:37Z"), ("2026-11-21 05:12:37Z", "2026-11-21T05:12:37Z"),
        ("2026-11-21T05:12:37+02:00", "2026-11-21T03:12:37Z"), ("2026-11-20T23:30:00-01:00", "2026-11-21T00:30:00Z"),
        ("2026-11-21T05:12:37.5Z", "2026-11-21T05:12:37.500Z"), ("2028-02-29", "2028-02-29T00:00:00Z"),
        ("2026-11-21T05:12:37.123456789Z", "2026-11-21T05:12:37.123Z"), ("9999-12-31", "9999-12-31T00:00:00Z"),
    ])
    func `moments are read as RFC 3339 says`(_ text: String, _ canonical: String) {
        #expect(Timestamp.moment(text).map(Timestamp.text) == canonical)
    }

    @Test(arguments: [
        "", "2026", "2026-11", "2026-11-2", "2026-02-29", "2026-13-01", "2026-00-01", "2026-11-00", "2026-11-31",
        "2026-11-21T", "2026-11-21T05:12Z", "2026-11-21T05:12:37", "2026-11-21T24:00:00Z", "2026-11-21T05:60:00Z",
        "2026-11-21T05:12:60Z", "2026-11-21T05:12:37.Z", "2026-11-21T05:12:37+0200", "2026-11-21T05:12:37Zx",
        "20261121", "1969-12-31", "tomorrow", "2026-11-21T05:12:37+24:00", "２０２６-11-21",
    ])
    func `what is no moment is refused`(_ text: String) {
        #expect(Timestamp.moment(text) == nil)
    }

    @Test func `a moment survives its text`() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<1_000 {
            let moment = WallTime(milliseconds: .random(in: 0..<253_402_300_800_000, using: &generator))
            #expect(Timestamp.moment(Timestamp.text(moment)) == moment)
        }
    }
}
