import AdmissionTestSupport
import Testing

@Suite struct `many threads at once` {
    @Test(arguments: Storm.allCases)
    func `admit exactly what there is`(storm: Storm) async throws {
        let outcome = try await storm.run()
        #expect(outcome.admitted == outcome.expected)
        #expect(outcome.given == outcome.expected)
    }
}
