import Testing
import Vocabulary

@testable import Journal

struct WallTimeTextTests {
    @Test(
        arguments: [
            ("2026-11-21T04:59:02.123Z", 0), ("2026-11-21T04:59:02.123", 0), ("2026-11-21 04:59:02Z", -123),
            ("2026-11-21T04:59", -2_123), ("2026-11-21", -17_942_123), ("90s", -90_000), ("15m", -900_000),
            ("2h", -7_200_000), ("7d", -604_800_000), ("0s", 0),
        ] as [(String, Int64)])
    func `moments are read as people write them`(text: String, offset: Int64) {
        #expect(
            WallTime(moment: text, now: Samples.wall)
                == WallTime(milliseconds: Samples.wall.milliseconds + offset))
    }

    @Test(arguments: [
        "", "now", "m", "-5m", "5", "5w", "1234567s", "2026-02-30", "2026-13-01", "26-01-01", "2026-11-21T", "2026-1-1",
        "2026-11-21T24:00", "2026-11-21T04:60", "2026-11-21T04:59:60", "2026-11-21T04:59:02.1",
        "2026-11-21T04:59+01:00",
        "٢h",
    ])
    func `anything else is no moment`(text: String) {
        #expect(WallTime(moment: text, now: Samples.wall) == nil)
    }
}
