import Policy
import Testing

@Suite struct PolicySchemaTests {
    @Test func `the schema is the recorded one`() throws {
        try expectRecorded(PolicySchema.document.document, as: "policy.schema.json")
    }
}
