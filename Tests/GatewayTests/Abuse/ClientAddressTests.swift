import Admission
import Testing

@testable import Gateway

/// Which address of a list is the client's.
struct ClientAddressTests {
    @Test(arguments: [
        ("198.51.100.7", "198.51.100.7"), ("203.0.113.5, 198.51.100.7", "198.51.100.7"),
        ("203.0.113.5,198.51.100.7 ", "198.51.100.7"), ("unknown, 2001:db8::7", "2001:db8::7"),
        ("198.51.100.7, unknown", nil), ("198.51.100.7, 127.0.0.1", nil), ("198.51.100.7,", nil), ("", nil),
        ("for=198.51.100.7", nil),
    ])
    func `the last one counts, and no other where that is none`(list: String, address: String?) {
        let bytes = Array(list.utf8)
        #expect(IPAddress.last(in: bytes.span, 0..<bytes.count)?.description == address)
    }

    @Test func `an answer with 429 or 500 blames nobody`() {
        let outcomes = [200, 304, 404, 422, 429, 500, 503].map { UpstreamOutcome(status: $0) }
        #expect(outcomes == [.answered, .answered, .faulted, .faulted, .failed, .failed, .failed])
    }
}
