import Testing
import Vocabulary

@testable import Ledger

/// Records as bytes, and what commits to them.
@Suite struct RecordTests {
    private static let record = LedgerRecord(
        sequence: 258, time: WallTime(milliseconds: 1_700_000_000_123), actor: "operator/7", type: "tenant.created",
        stream: "tenant/acme", version: 1, command: "c-1", payload: [0xDE, 0xAD])

    @Test func `a record has the bytes that the documentation says`() {
        #expect(
            Hexadecimal.text(RecordTests.record.bytes)
                == "01" + "0000000000000102" + "0000018bcfe5687b" + "0000000000000001" + "0a6f70657261746f722f37"
                + "0e74656e616e742e63726561746564" + "0b74656e616e742f61636d65" + "03632d31" + "00000002dead")
    }

    @Test func `a record is read as it was written, and no part of it is one`() {
        let bytes = RecordTests.record.bytes
        #expect(LedgerRecord(bytes: bytes) == RecordTests.record)
        for count in bytes.indices { #expect(LedgerRecord(bytes: Array(bytes.prefix(count))) == nil) }
        #expect(LedgerRecord(bytes: bytes + [0]) == nil)
        #expect(LedgerRecord(bytes: [2] + bytes.dropFirst()) == nil)
    }

    /// The expected bytes were computed by Python's `hmac`.
    @Test func `a commitment is the HMAC of the record under its salt`() {
        let seal = RecordSeal(salt: Array(0..<32), record: RecordTests.record.bytes)
        #expect(Hexadecimal.text(seal.commitment) == "833934f5e453111c4932dd2ebdfdbb679d42ce0f17a4399a567c2caf25006346")
        #expect(LeafEntry.bytes(commitment: seal.commitment) == [1] + seal.commitment)
    }

    @Test func `every salt is another one`() {
        let salts = (0..<100).map { _ in RecordSeal(record: []).salt }
        #expect(Set(salts).count == 100)
        #expect(salts.allSatisfy { $0.count == RecordSeal.saltByteCount })
    }
}
