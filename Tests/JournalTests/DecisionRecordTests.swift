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

    @Test func `a key that stands where none belongs is not kept, nor a part of one`() {
        let key = "hg_live_7Q2M9X4C8H1V5T3ZKJ6RB0WNDYGPASEF3K9QX0M"
        let masked = "hg_live_" + String(repeating: "*", count: 39)
        #expect(path("/v1/keys/\(key)/use") == "/v1/keys/\(masked)/use")
        #expect(path("/\(key)/\(key)") == "/\(masked)/\(masked)")
        #expect(path("/HG_TEST_7q2m") == "/HG_TEST_****")
        #expect(path("/hg_live_") == "/hg_live_")
        #expect(path("/hg_lives/hg_live") == "/hg_lives/hg_live")
        #expect(!path(String(repeating: "a", count: 495) + key).contains("7Q2M"))
        let claim = DecisionRecord.Claim(trafficClass: " \(key)", isHonoured: false)
        #expect(claim.trafficClass == " \(masked)")
        let record = DecisionRecord(
            id: Samples.plain(1).id, method: String(key.prefix(30)), path: "/", tier: "business", stage: .enforce,
            outcome: .admit, reason: .borrowed, policyVersion: Samples.version, policyName: "p", source: .check)
        #expect(record.method == masked.prefix(30))
    }

    @Test func `the moment is the id's`() {
        #expect(Samples.plain(1, after: 17).wall == WallTime(milliseconds: Samples.wall.milliseconds + 17))
    }
}
