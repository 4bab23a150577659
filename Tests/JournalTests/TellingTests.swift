import Testing
import Vocabulary

@testable import Journal

struct TellingTests {
    @Test(
        arguments: [
            (-5, "0 s"), (0, "0 s"), (1, "1 ns"), (999, "999 ns"), (1_000, "1 µs"), (41_200, "42 µs"),
            (1_200, "1.2 µs"), (1_201, "1.3 µs"), (999_999, "1000 µs"), (1_000_000, "1 ms"), (9_900_001, "10 ms"),
            (430_000_000, "430 ms"), (1_150_000_000, "1.2 s"), (59_000_000_000, "59 s"), (60_000_000_000, "1 min"),
            (200_000_000_000, "3 min 20 s"), (3_600_000_000_000, "1 h"), (7_500_000_000_000, "2 h 5 min"),
            (172_800_000_000_000, "2 d"), (273_600_000_000_000, "3 d 4 h"),
        ] as [(Int64, String)])
    func `lengths of time are told in words of their size, never too short`(count: Int64, words: String) {
        #expect(Nanoseconds(count).inWords == words)
    }

    @Test func `what a terminal would obey is shown as its code`() {
        #expect("plain äöü 日本 🙂".forTerminal == "plain äöü 日本 🙂")
        #expect("a\u{1B}[31mb\r\n\u{7F}".forTerminal == "a\\u{1B}[31mb\\u{D}\\u{A}\\u{7F}")
        #expect("\u{202E}gpj.exe\u{9B}\u{2028}".forTerminal == "\\u{202E}gpj.exe\\u{9B}\\u{2028}")
    }

    @Test func `JSON keeps its order and escapes what it must`() {
        let value: JSONValue = [
            "z": .text("\"\\\n\t\u{1}\u{202E}é🙂\u{1F}"), "a": .list([.null, .truth(true), .number(.min)]), "e": [:],
            "l": .list([]),
        ]
        #expect(
            value.compact
                == #"{"z":"\"\\\n\t\u0001\u202eé🙂\u001f","a":[null,true,-9223372036854775808],"e":{},"l":[]}"#)
        let object: JSONValue = ["a": .number(1), "b": .list([.number(2)])]
        #expect(object.pretty == "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}")
    }

    @Test func `a call that named its operation is told by that name`() {
        let record = Samples.call(
            "export", "", "", trafficClass: "export", tier: "best-effort", cost: 20, outcome: .throttle,
            reason: .classBudget)
        let story = DecisionStory(record, policy: nil).text
        #expect(story.contains("What      operation export, by its name in region eu-west-1, cost 20, asked through"))
    }

    @Test func `every refusal says what would have let the request through`() {
        let refusing = Reason.allCases.filter { [.throttle, .shed, .block, .challenge].contains($0.outcome) }
        #expect(refusing.count > 15)
        for reason in refusing {
            var record = Samples.call(
                "export", "GET", "/x", trafficClass: "export", tier: "best-effort", cost: 20, outcome: reason.outcome,
                reason: reason)
            record.readings = [Samples.tenant("export", guarantee: nil, pool: 3, needed: 20)]
            #expect(!DecisionStory(record, policy: nil).remedies.isEmpty, "\(reason)")
            record.readings = []
            record.retryAfter = .second
            #expect(!DecisionStory(record, policy: nil).remedies.isEmpty, "\(reason)")
        }
    }

    @Test func `what went through needs no remedy`() {
        for reason in Reason.allCases where reason.outcome == .admit || reason.outcome == .replay {
            let record = Samples.plain(1, outcome: reason.outcome, reason: reason)
            #expect(DecisionStory(record, policy: nil).remedies.isEmpty)
        }
    }

    @Test func `two budgets that were short are both named`() {
        var record = Samples.tenantCeiling
        record.readings.append(Samples.service("best-effort", remaining: 10, needed: 20))
        let texts = DecisionStory(record, policy: nil).remedies.map(\.text)
        #expect(
            texts.contains("If there had been 20 in lane export of tenant acme and 20 in lane best-effort of service."))
        #expect(texts.contains("If the request had cost at most 3 in place of 20."))
    }

    @Test func `lines of a story keep to their width and hold no control characters`() {
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<200 {
            let story = DecisionStory(Samples.random(using: &generator), policy: Samples.policy)
            for line in story.text.split(separator: "\n") {
                #expect(line.count <= DecisionStory.width, "\(line)")
                #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 })
            }
        }
    }

    @Test func `the summary reads as recorded`() throws {
        let counts = [
            JournalCount(
                trafficClass: "interactive", outcome: .admit, reason: .withinGuarantee, wouldBe: nil,
                decisions: 120_345, dropped: 0),
            JournalCount(
                trafficClass: "export", outcome: .admit, reason: .stageNotEnforcing, wouldBe: .tenantCeiling,
                decisions: 77, dropped: 3),
            JournalCount(
                trafficClass: nil, outcome: .block, reason: .unknownCredential, wouldBe: nil, decisions: 5, dropped: 0),
        ]
        let extent = JournalExtent(
            oldest: Samples.wall, newest: WallTime(milliseconds: Samples.wall.milliseconds + 60_000), count: 1_284)
        let summary = JournalSummary(counts: counts, extent: extent)
        try expectSnapshot(summary.text, "summary.txt")
        try expectSnapshot(summary.json.pretty, "summary.json")
    }
}
