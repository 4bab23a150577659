import Testing
import Vocabulary

@testable import Journal

struct DecisionRecordTests {
    private func path(_ path: String) -> String {
        DecisionRecord(
            id: Samples.plain(1).id, method: "GET", path: path, tier: "business", stage: .enforce, outcome: .admit,
            reason: .borrowed, policyVersion: Samples.version, policyName: "p", source: .check
        ).path
    }

    @Test func `a path loses its query and its fragment`() {
        #expect(path("/v1/a?token=secret") == "/v1/a")
        #expect(path("/v1/a#secret?x") == "/v1/a")
        #expect(path("?") == "")
        #expect(path("/v1/a") == "/v1/a")
    }

    @Test func `what strangers write is cut to a bound, between scalars`() {
        for text in [String(repeating: "a", count: 2_000), String(repeating: "ä€🙂", count: 300)] {
            let cut = path(text)
            #expect(cut.utf8.count <= DecisionRecord.pathLengthMax)
            #expect(cut.utf8.count > DecisionRecord.pathLengthMax - 4)
            #expect(cut.hasSuffix("…") && text.hasPrefix(cut.dropLast()))
            let claim = DecisionRecord.Claim(trafficClass: text, isHonoured: false)
            #expect(claim.trafficClass.utf8.count <= DecisionRecord.claimLengthMax)
        }
        #expect(path(String(repeating: "a", count: 512)).utf8.count == 512)
    }

    @Test func `the moment is the id's`() {
        #expect(Samples.plain(1, after: 17).wall == WallTime(milliseconds: Samples.wall.milliseconds + 17))
    }
}
