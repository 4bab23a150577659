import Testing
import Tokens
import Vocabulary

@testable import headgate

/// When and how the keys of outside issuers are fetched.
@Suite struct KeySetTests {
    private static let settings = {
        var settings = TokenSettings(issuer: "https://headgate.example", audience: "a")
        settings.outside = [
            TokenSettings.OutsideIssuer(issuer: "far", audience: "a", keys: .url("https://far.example/keys")),
            TokenSettings.OutsideIssuer(issuer: "near", audience: "a", keys: .file("keys.json")),
        ]
        return settings
    }()

    private func due(_ schedule: KeySetSchedule, _ second: Int64, wanted: Set<String> = []) -> [String] {
        schedule.due(Self.settings, wanted: wanted, at: .seconds(second)).map(\.issuer)
    }

    @Test func `keys are fetched at once, then when they are old, and no file is`() {
        var schedule = KeySetSchedule()
        #expect(due(schedule, 0) == ["far"])
        schedule.note("far", hasKeys: true, at: .zero)
        #expect(due(schedule, 899) == [])
        #expect(due(schedule, 900) == ["far"])
    }

    @Test func `a key that is not known brings them sooner, though not as often as strangers like`() {
        var schedule = KeySetSchedule()
        schedule.note("far", hasKeys: true, at: .zero)
        #expect(due(schedule, 9, wanted: ["far"]) == [])
        #expect(due(schedule, 10, wanted: ["far", "near", "unheard-of"]) == ["far"])
    }

    @Test func `a place that is down is tried again after a while`() {
        var schedule = KeySetSchedule()
        schedule.note("far", hasKeys: false, at: .zero)
        #expect(due(schedule, 29) == [])
        #expect(due(schedule, 30) == ["far"])
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}more", "{}"), ("HTTP/1.1 200 OK\r\n\r\n{}", "{}"),
            ("HTTP/1.0 200 OK\r\ncontent-length:2\r\n\r\n{}", "{}"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\n{\r\n1\r\n}\r\n0\r\n\r\n", "{}"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", nil), ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", nil),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", nil),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}\r\n0\r\n\r\n", nil),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n", nil),
            ("HTTP/1.1 301 Moved\r\nLocation: http://x\r\n\r\n{}", nil), ("{}", nil), ("", nil),
        ] as [(String, String?)])
    func `an answer is whole or none`(answer: String, body: String?) {
        let read = try? KeySetAnswer.body(of: Array(answer.utf8), from: "far.example")
        #expect(read.map { String(decoding: $0, as: UTF8.self) } == body)
    }
}
