import Admission
import NIOCore
import Policy
import Testing
import Vocabulary

@testable import Gateway

/// What `POST /v1/quarantines` takes, and what it says of everything else.
struct QuarantineCallTests {
    private static let good = [
        "kind": "\"tenant\"", "name": "\"acme\"", "action": "\"block\"", "seconds": "60", "reason": "\"why not\"",
        "operator": "\"kim\"",
    ]

    private func read(_ members: [String: String]) throws -> QuarantineCall {
        let body =
            "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        var scanner = JSONScanner()
        return try QuarantineCall(ByteBuffer(string: body), &scanner)
    }

    @Test func `a whole call is read`() throws {
        let call = try read(Self.good)
        #expect(call.subject == .tenant("acme") && call.action == .block && call.lasting == .seconds(60))
        #expect(call.reason == "why not" && call.operatorName == "kim")
    }

    @Test(arguments: Array(good.keys)) func `every member is needed`(member: String) throws {
        var members = Self.good
        members[member] = nil
        #expect(throws: JSONError.self) { try read(members) }
    }

    @Test(arguments: [
        ("kind", "\"person\""), ("action", "\"report\""), ("action", "\"shout\""), ("seconds", "0"),
        ("seconds", "2592001"), ("seconds", "1.5"), ("reason", "\"\""), ("reason", "\"two\\nlines\""),
        ("operator", "7"), ("name", "null"), ("more", "1"),
    ])
    func `what cannot be meant is refused, by the name of the member`(member: String, value: String) throws {
        var members = Self.good
        members[member] = value
        let error = #expect(throws: JSONError.self) { try read(members) }
        #expect(error?.description.contains(member) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("address", "127.0.0.1"), ("address", "10.0.0.0/8"), ("address", "nobody"), ("prefix", "10.0.0.1"),
        ("prefix", "10.0.0.1/8"), ("prefix", "0.0.0.0/0"), ("prefix", "::/8"), ("prefix", "127.0.0.0/8"),
    ])
    func `the machine itself, and what is no address, is never anybody`(kind: String, name: String) throws {
        var members = Self.good
        members["kind"] = "\"\(kind)\""
        members["name"] = "\"\(name)\""
        #expect(throws: JSONError.self) { try read(members) }
    }
}
