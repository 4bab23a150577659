import NIOCore
import Testing

@testable import Gateway

@Suite("Check calls")
struct CheckCallDecoderTests {
    private func error(_ text: String, limits: CheckCallLimits = CheckCallLimits(), batch: Bool = false) -> String? {
        var decoder = CheckCallDecoder(limits: limits)
        do throws(JSONError) {
            if batch {
                try decoder.decodeBatch(ByteBuffer(string: text))
            } else {
                try decoder.decode(ByteBuffer(string: text))
            }
            return nil
        } catch { return error.description }
    }

    @Test func `every member is read`() throws {
        var decoder = CheckCallDecoder()
        let call = try decoder.decode(
            ByteBuffer(
                string: #"""
                    { "tenant": "acme", "principal": "web", "method": "POST", "path": "/v1/envelopes/7/signatures",
                      "operation": "submit", "class": "repair", "region": "eu-west-1", "cost": 3,
                      "idempotencyKey": "k\u002d1", "bytes": 0,
                      "attributes": { "workflow.stage": "active", "n": 1.50, "b": true, "": "" } }
                    """#))
        let texts = [
            call.tenant, call.principal, call.method, call.path, call.operation, call.trafficClass, call.region,
        ]
        #expect(
            texts.map { $0.map(decoder.string) }
                == ["acme", "web", "POST", "/v1/envelopes/7/signatures", "submit", "repair", "eu-west-1"])
        #expect(call.idempotencyKey.map(decoder.string) == "k-1")
        #expect(call.credential == nil)
        #expect(call.cost == 3)
        #expect(call.bytes == 0)
        let attributes = decoder.attributes[call.attributes].map {
            [decoder.string($0.name), decoder.string($0.value)]
        }
        #expect(attributes == [["workflow.stage", "active"], ["n", "1.50"], ["b", "true"], ["", ""]])
    }

    @Test func `members that are null are absent`() throws {
        var decoder = CheckCallDecoder()
        let call = try decoder.decode(
            ByteBuffer(string: #"{"credential":"k","tenant":null,"operation":"o","cost":null,"attributes":null}"#))
        #expect(call.tenant == nil)
        #expect(call.cost == nil)
        #expect(call.attributes.isEmpty)
        #expect(call.credential.map(decoder.string) == "k")
    }

    @Test(arguments: [
        (#"{"methd":"GET"}"#, "`methd` is an unknown member; did you mean `method`? (byte 9)"),
        (#"{"Tenant":"GET"}"#, "`Tenant` is an unknown member; did you mean `tenant`? (byte 10)"),
        (#"{"calss":"a"}"#, "`calss` is an unknown member; did you mean `class`? (byte 9)"),
        (
            #"{"idempotency-key":"a"}"#,
            "`idempotency-key` is an unknown member; did you mean `idempotencyKey`? (byte 19)"
        ),
        (#"{"cost":"5"}"#, "`cost` must be an integer of at least 1, found a string (byte 8)"),
        (#"{"cost":0}"#, "`cost` must be an integer of at least 1, found 0 (byte 8)"),
        (#"{"cost":1.5}"#, "`cost` must be an integer of at least 1, found 1.5 (byte 8)"),
        (#"{"bytes":-1}"#, "`bytes` must be an integer of at least 0, found -1 (byte 9)"),
        (#"{"tenant":5}"#, "`tenant` must be a string, found a number (byte 10)"),
        (#"{"tenant":""}"#, "`tenant` must not be empty (byte 10)"),
        (#"{"attributes":[]}"#, "`attributes` must be an object, found an array (byte 14)"),
        (
            #"{"attributes":{"a.b":[]}}"#,
            #"`attributes["a.b"]` must be a string, a number or a boolean, found an array (byte 21)"#
        ),
        (#"{"attributes":{"a":null}}"#, "`attributes.a` must be a string, a number or a boolean, found null (byte 19)"),
        (#"{"cost":1,"cost":2}"#, "`cost` stands there twice (byte 10)"),
        ("[]", "The body must be an object, found an array"),
        ("", "The body is not JSON: the text ends where a value should begin (byte 0)"),
        (#"{"operation":"o"} x"#, "The body is not JSON: something stands after the value (byte 18)"),
        ("{}", "The body must name an `operation`, or a `method` and a `path`"),
        (#"{"method":"GET"}"#, "The body has a `method`, which needs a `path`"),
        (#"{"path":"/"}"#, "The body has a `path`, which needs a `method`"),
        (
            #"{"operation":"o","tenant":"t","credential":"c"}"#,
            "The body names a `tenant` and a `credential`; send one of them"
        ),
        (#"{"operation":"o","principal":"p"}"#, "The body has a `principal`, which needs a `tenant`"),
    ])
    func `a mistake is named, with its place and what to write instead`(text: String, message: String) {
        #expect(error(text) == message)
    }

    @Test func `an unknown member that resembles nothing gets the whole list`() {
        #expect(
            error(#"{"zzzzzz":1}"#)?.hasPrefix(
                "`zzzzzz` is an unknown member; a call has credential, tenant, principal,") == true)
    }

    @Test func `a batch keeps its order, and its attributes apart`() throws {
        var decoder = CheckCallDecoder()
        try decoder.decodeBatch(
            ByteBuffer(
                string:
                    #"{"requests":[{"operation":"a","attributes":{"x":1}},{"operation":"b"},{"operation":"c","attributes":{"y":2}}]}"#
            ))
        #expect(decoder.calls.map { $0.operation.map(decoder.string) } == ["a", "b", "c"])
        #expect(
            decoder.calls.map { decoder.attributes[$0.attributes].map { decoder.string($0.name) } } == [
                ["x"], [], ["y"],
            ])
        try decoder.decodeBatch(ByteBuffer(string: #"{"requests":[]}"#))
        #expect(decoder.calls.isEmpty)
    }

    @Test(arguments: [
        ("{}", "The body must have the member `requests`"),
        (#"{"request":[]}"#, "`request` is an unknown member; a batch is {\"requests\": [...]} (byte 11)"),
        (#"{"requests":{}}"#, "`requests` must be an array, found an object (byte 12)"),
        (
            #"{"requests":[{"operation":"a"},{"operation":"b","cost":true}]}"#,
            "`requests[1].cost` must be an integer of at least 1, found a boolean (byte 55)"
        ),
        (
            #"{"requests":[{"operation":"a"},{}]}"#,
            "`requests[1]` must name an `operation`, or a `method` and a `path` (byte 31)"
        ),
        (#"{"requests":[{"operation":"a"} {}]}"#, "The body is not JSON: expected `,` or `]` (byte 31, in `requests`)"),
    ])
    func `a mistake in a batch is named with its place in it`(text: String, message: String) {
        #expect(error(text, batch: true) == message)
    }

    @Test func `everything a stranger can grow is bounded`() {
        var limits = CheckCallLimits()
        limits.batchCountMax = 2
        limits.attributesMax = 1
        limits.nameBytesMax = 4
        limits.credentialBytesMax = 5
        limits.pathBytesMax = 6
        limits.attributeBytesMax = 7
        let call = #"{"operation":"oooo"}"#
        #expect(error(#"{"requests":[\#(call),\#(call)]}"#, limits: limits, batch: true) == nil)
        #expect(
            error(#"{"requests":[\#(call),\#(call),\#(call)]}"#, limits: limits, batch: true)
                == "`requests[2]` is one call too many; a batch may have 2 (byte 55)")
        #expect(
            error(#"{"operation":"ooooo"}"#, limits: limits)
                == "`operation` must have at most 4 bytes, found 5 (byte 13)")
        #expect(
            error(#"{"credential":"123456"}"#, limits: limits)
                == "`credential` must have at most 5 bytes, found 6 (byte 14)")
        #expect(error(#"{"path":"/123456"}"#, limits: limits) == "`path` must have at most 6 bytes, found 7 (byte 8)")
        #expect(
            error(#"{"attributes":{"a":"12345678"}}"#, limits: limits)
                == "`attributes.a` must have at most 7 bytes, found 8 (byte 19)")
        #expect(
            error(#"{"attributes":{"a":1,"b":2}}"#, limits: limits)
                == "`attributes.b` is one attribute too many; a call may have 1 (byte 25)")
        #expect(
            error(#"{"attributes":{"abcde":1}}"#, limits: limits)
                == "`attributes.abcde` has a name of more than 4 bytes (byte 23)")
    }

    @Test func `a number is bounded like any other attribute`() {
        let number = String(repeating: "9", count: 1_024)
        #expect(error(#"{"operation":"o","attributes":{"a":\#(number)}}"#) == nil)
        #expect(
            error(#"{"operation":"o","attributes":{"a":\#(number)9}}"#)
                == "`attributes.a` must have at most 1024 bytes, found 1025 (byte 35)")
    }
}
