import Policy
import Testing

@Suite struct ExplanationTextTests {
    @Test func `the signing platform is explained in plain sentences`() throws {
        let explanation = PolicyExplanation(try SnapshotDraft.signing.snapshot())
        try expectRecorded(explanation.text, as: "explanation.txt")
        try expectRecorded(explanation.json.document, as: "explanation.json")
    }

    @Test func `the signing platform answers the question about overload`() throws {
        let explanation = OverloadExplanation(try SnapshotDraft.signing.snapshot())
        try expectRecorded(explanation.text, as: "overload.txt")
        try expectRecorded(explanation.json.document, as: "overload.json")
    }
}
