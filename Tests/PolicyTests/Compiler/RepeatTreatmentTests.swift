import Policy
import Testing
import Vocabulary

/// The section `idempotency`.
struct RepeatTreatmentTests {
    @Test func `without it, what is said on the page holds`() throws {
        let repeats = try SmallPolicy().snapshot().repeats
        #expect(repeats == RepeatTreatment())
        #expect(repeats.window == .day)
        #expect(repeats.entriesPerTenantMax == 10_000)
        #expect(repeats.bytesPerTenantMax == 16 << 20)
        #expect(repeats.bodyBytesMax == 1 << 20)
        #expect(repeats.freeRepeatsMax == 16)
        #expect(repeats.concurrent == .reject && repeats.interrupted == .reject && repeats.stored == .final)
    }

    @Test func `what it states holds, and the largest body fits into what a tenant has`() throws {
        var policy = SmallPolicy()
        policy.more = """
            idempotency:
              { window: 1h, entries: 7, bytes: 64KiB, repeats: 0, concurrent: join, interrupted: run, stored: successful }

            """
        let repeats = try policy.snapshot().repeats
        #expect(repeats.window == .seconds(3_600))
        #expect(repeats.entriesPerTenantMax == 7)
        #expect(repeats.bytesPerTenantMax == 1 << 16 && repeats.bodyBytesMax == 1 << 16)
        #expect(repeats.freeRepeatsMax == 0)
        #expect(repeats.concurrent == .join && repeats.interrupted == .run && repeats.stored == .successful)
    }

    @Test(arguments: [
        ("{ window: 32d }", "9:24 invalid-value"), ("{ window: 500ms }", "9:24 invalid-value"),
        ("{ entries: 0 }", "9:25 invalid-value"), ("{ bytes: 63KiB }", "9:23 invalid-value"),
        ("{ body: 17MiB }", "9:22 invalid-value"), ("{ repeats: 1001 }", "9:25 invalid-value"),
        ("{ bytes: 64KiB, body: 65KiB }", "9:36 invalid-value"), ("{ concurrent: wait }", "9:28 invalid-value"),
        ("{ interrupted: rerun }", "9:29 invalid-value"), ("{ stored: all }", "9:24 invalid-value"),
        ("{ windw: 1h }", "9:16 unknown-key"), ("[]", "9:14 wrong-type"),
    ])
    func `what cannot be is refused where it stands`(section: String, place: String) {
        var policy = SmallPolicy()
        policy.more = "idempotency: \(section)\n"
        #expect(policy.places == [place])
    }

    @Test(arguments: [
        (200, true, true), (201, true, true), (204, true, true), (303, true, true), (400, true, false),
        (403, true, false), (404, true, false), (422, true, false), (401, false, false), (407, false, false),
        (408, false, false), (409, false, false), (421, false, false), (425, false, false), (429, false, false),
        (500, false, false), (503, false, false), (101, false, false), (103, false, false), (600, false, false),
    ])
    func `which answers are stored`(status: Int, isFinal: Bool, isSuccessful: Bool) {
        var repeats = RepeatTreatment()
        #expect(repeats.stores(status: status) == isFinal)
        repeats.stored = .successful
        #expect(repeats.stores(status: status) == isSuccessful)
    }
}
