/// Rows that are HTTP, with a body that is no check call.
extension BadRequest {
    private static func post(
        _ name: String, _ body: some Sequence<UInt8>, _ status: Int, _ detail: String, to target: String = "/v1/check",
        decisions: Int = 0
    ) -> BadRequest {
        let body = Array(body)
        let head = "POST \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n"
        return BadRequest(
            name: name, bytes: Array(head.utf8) + body, status: status, detail: detail, decisions: decisions)
    }

    private static func check(_ name: String, _ body: String, _ detail: String, status: Int = 400) -> BadRequest {
        post(name, body.utf8, status, detail)
    }

    private static let good = #"{"tenant":"acme","operation":"submit-signature"}"#

    /// A call that would be good without one more member.
    private static func with(_ member: String) -> String { "\(good.dropLast()),\(member)}" }

    /// Bodies that are no JSON, or not an object.
    static var texts: [BadRequest] {
        [
            check("nothing", "", "where a value should begin (byte 0)"),
            check("null", "null", "must be an object, found null"),
            check("an array", "[]", "must be an object, found an array"),
            check("a string", #""a""#, "must be an object, found a string"),
            check("an object without an end", "{", "before its `}`"),
            check("two values", good + " x", "something stands after the value"),
            check("a comma too many", good.dropLast() + ",}", "the name of a member"),
            check("single quotes", "{'tenant':'acme'}", "the name of a member"),
            check("a byte order mark", "\u{FEFF}" + good, "no value begins like this (byte 0)"),
            post(
                "bytes that are no UTF-8", Array(#"{"tenant":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8), 400,
                "not UTF-8"),
            check("half a surrogate pair", #"{"tenant":"a\ud800"}"#, "surrogate pair"),
            check("an unknown escape", #"{"tenant":"a\q"}"#, "no escape"),
            check("a line feed in a string", "{\"tenant\":\"a\nb\"}", "control character"),
            check("a needless zero", with(#""cost":01"#), "needless zero"),
            check("deep arrays", String(repeating: "[", count: 10_000), "found an array"),
            check(
                "deep objects", String(repeating: #"{"a":"#, count: 10_000), "`a` is an unknown member"),
            check(
                "deep attributes", with(#""attributes":{"a":\#(String(repeating: "[", count: 10_000))"#),
                "`attributes.a` must be a string"),
        ]
    }

    /// Members that a call does not have, or not like this.
    static var members: [BadRequest] {
        [
            check("no members", "{}", "must name an `operation`, or a `method` and a `path`"),
            check("a tenant alone", #"{"tenant":"acme"}"#, "must name an `operation`"),
            check("a misspelt member", #"{"tenant":"acme","opertion":"a"}"#, "did you mean `operation`?"),
            check("an unknown member", with(#""frobnicate":1"#), "`frobnicate` is an unknown member"),
            check("a member twice", with(#""tenant":"acme""#), "`tenant` stands there twice"),
            check(
                "a number for a tenant", #"{"tenant":1,"operation":"a"}"#, "`tenant` must be a string, found a number"),
            check("a list for an operation", #"{"operation":["a"]}"#, "`operation` must be a string, found an array"),
            check("an empty tenant", #"{"tenant":"","operation":"a"}"#, "`tenant` must not be empty"),
            check(
                "a tenant too long", #"{"tenant":"\#(String(repeating: "a", count: 300))","operation":"a"}"#,
                "at most 256 bytes, found 300"),
            check("a text for a cost", with(#""cost":"2""#), "`cost` must be an integer of at least 1, found a string"),
            check("no cost", with(#""cost":0"#), "at least 1, found 0"),
            check("a negative cost", with(#""cost":-1"#), "at least 1, found -1"),
            check("half a cost", with(#""cost":1.5"#), "found 1.5"),
            check("a cost beyond integers", with(#""cost":99999999999999999999"#), "fits into 64 bits"),
            check("attributes in a list", with(#""attributes":[]"#), "`attributes` must be an object"),
            check("an attribute of null", with(#""attributes":{"a":null}"#), "`attributes.a` must be"),
            check(
                "too many attributes",
                with(#""attributes":{\#((0..<40).map { #""a\#($0)":"x""# }.joined(separator: ","))}"#), "may have 32"),
            check("a method alone", #"{"tenant":"acme","method":"GET"}"#, "needs a `path`"),
            check("a path alone", #"{"tenant":"acme","path":"/"}"#, "needs a `method`"),
            check("two identities", with(#""credential":"x""#), "send one of them"),
            check("a principal alone", #"{"principal":"web","operation":"a"}"#, "needs a `tenant`"),
        ]
    }

    /// Names that nobody knows, and what is odd but allowed.
    static var names: [BadRequest] {
        [
            check(
                "an unknown tenant", #"{"tenant":"nobody","operation":"submit-signature"}"#, "no tenant 'nobody'",
                status: 422),
            check("an unknown principal", with(#""principal":"nobody""#), "no principal 'nobody'", status: 422),
            check("an unknown operation", #"{"tenant":"acme","operation":"none"}"#, "no operation 'none'", status: 422),
            check("an unknown region", with(#""region":"mars""#), "no region 'mars'", status: 422),
            post(
                "the greatest cost", with(#""cost":9223372036854775807"#).utf8, 200, "cost_exceeds_burst", decisions: 1),
        ]
    }

    /// Batches.
    static var batches: [BadRequest] {
        func batch(_ name: String, _ body: String, _ detail: String, status: Int = 400) -> BadRequest {
            post(name, body.utf8, status, detail, to: "/v1/check/batch")
        }
        let thousand = Array(repeating: good, count: 1_000).joined(separator: ",")
        return [
            batch("a batch of nothing", "{}", "must have the member `requests`"),
            batch("a batch that is no list", #"{"requests":{}}"#, "`requests` must be an array"),
            batch("a batch with something else", #"{"requests":[],"x":1}"#, #"a batch is {"requests": [...]}"#),
            batch("a batch twice", #"{"requests":[],"requests":[]}"#, "`requests` stands there twice"),
            batch("a bad one in a batch", #"{"requests":[\#(good),{"tenant":"acme"}]}"#, "`requests[1]` must name"),
            batch("a number in a batch", #"{"requests":[\#(good),1]}"#, "`requests[1]` must be an object"),
            batch(
                "an unknown tenant in a batch",
                #"{"requests":[\#(good),{"tenant":"nobody","operation":"submit-signature"}]}"#,
                "`requests[1].tenant`", status: 422),
            batch(
                "an unknown region in a batch", #"{"requests":[\#(good),\#(with(#""region":"mars""#))]}"#,
                "`requests[1].region`", status: 422),
            batch("a batch too long", #"{"requests":[\#(thousand),\#(good)]}"#, "a batch may have 1000"),
            post("an empty batch", #"{"requests":[]}"#.utf8, 200, #"{"decisions":[]}"#, to: "/v1/check/batch"),
            post(
                "the longest batch", #"{"requests":[\#(thousand)]}"#.utf8, 200, #""reason":"class_budget""#,
                to: "/v1/check/batch",
                decisions: 1_000),
        ]
    }

    /// Requests right behind each other.
    static var sequences: [BadRequest] {
        let health = Array("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        let decided = post("", good.utf8, 200, "")
        return [
            BadRequest(
                name: "garbage behind good requests", bytes: health + decided.bytes + [0, 1, 2, 3], status: 400,
                detail: "first byte", isViolation: true, answers: 3, decisions: 1),
            BadRequest(
                name: "garbage behind a body", bytes: decided.bytes + Array("}}}} HTTP/1.1\r\n\r\n".utf8), status: 400,
                detail: "first byte", isViolation: true, answers: 2, decisions: 1),
            BadRequest(
                name: "a bad call between good ones", bytes: decided.bytes + post("", "{".utf8, 400, "").bytes + health,
                status: 200, detail: "ok", answers: 3, decisions: 1),
        ]
    }
}
