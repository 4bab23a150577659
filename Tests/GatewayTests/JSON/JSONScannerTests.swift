import Testing

@testable import Gateway

@Suite("JSON texts")
struct JSONScannerTests {
    /// A scanner that has loaded a text.
    private func scanner(_ text: String) -> JSONScanner { scanner(Array(text.utf8)) }

    private func scanner(_ bytes: [UInt8]) -> JSONScanner {
        var scanner = JSONScanner()
        scanner.load(bytes.span)
        return scanner
    }

    /// Reads one value of any kind and the end of the text.
    private func check(_ bytes: [UInt8]) throws(JSONError) {
        var scanner = scanner(bytes)
        try scanner.skipValue()
        try scanner.end()
    }

    @Test(arguments: [
        "{}", "[]", " [ ] ", "null", "true", "false", "0", "-0", "12", "-1.5e+10", "1E5", "0.0e-0", "\"\"",
        "\t\r\n{\"a\":[1,2,{\"b\":null}],\"c\":\"d\"}\n", "[\"a\\u0000b\"]", "[[],[],{}]", "{\"\":0}",
        "\"\u{7F}\u{2028}\"", "{\"a\":{\"a\":{\"a\":1}}}",
    ])
    func `valid texts are read`(text: String) throws { try check(Array(text.utf8)) }

    @Test(arguments: [
        "", " ", "{", "[", "}", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,",
        "{\"a\":1,}", "{,}", "{\"a\" 1}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\":1 \"b\":2}", "[1}", "{\"a\":1]", "nul",
        "nulll",
        "True", "truefalse", "NaN", "Infinity", "-", "+1", "01", "-01", "1.", ".5", "1.e5", "1e", "1e+", "0x1", "1_000",
        "\"", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\uD800\"", "\"\\uDC00\"",
        "\"\\uD800\\uD800\"",
        "\"\\uD800x\"", "\"\\uD800\\n\"", "\"\\ud800\\u0041\"", "\"a\nb\"", "\"\t\"", "\"\0\"", "\"\u{1F}\"", "{} {}",
        "1 2",
        "null,", "\u{FEFF}{}", "// x\n1", "[1]/**/", "\u{A0}1", "\u{C}1",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try check(Array(text.utf8)) }
    }

    @Test(
        arguments: [
            [0x22, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xE2, 0x82, 0x22],
            [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
            [0x22, 0xF8, 0x88, 0x80, 0x80, 0x80, 0x22],
            [0x22, 0xFF, 0x22], [0x22, 0x5C, 0xC3, 0xA9, 0x22],
        ] as [[UInt8]])
    func `what is not UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try check(bytes) }
    }

    @Test(arguments: [
        (#""plain""#, "plain"), (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC\uD83D\uDE00z""#, "A\u{E9}\u{20AC}\u{1F600}z"), (#""é\u00e9€""#, "\u{E9}\u{E9}\u{20AC}"),
        (#""a\u0000""#, "a\0"), (#""\ud7ff\ue000""#, "\u{D7FF}\u{E000}"),
    ])
    func `strings are decoded`(text: String, value: String) throws {
        var scanner = scanner(text)
        let range = try scanner.readString()
        #expect(scanner.string(range) == value)
        try scanner.end()
    }

    @Test func `strings stay readable when later ones are decoded`() throws {
        var scanner = scanner(#"["a\n","\u20ac","b"]"#)
        try scanner.beginArray()
        var ranges: [ByteRange] = []
        while try scanner.nextElement() { ranges.append(try scanner.readString()) }
        #expect(ranges.map(scanner.string) == ["a\n", "\u{20AC}", "b"])
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("-42", -42), ("9223372036854775807", .max),
            ("-9223372036854775808", .min),
        ] as [(String, Int64)])
    func `integers are read exactly`(text: String, value: Int64) throws {
        var scanner = scanner(text)
        #expect(try scanner.readInteger() == value)
    }

    @Test(arguments: [
        ("9223372036854775808", "The body must be an integer that fits into 64 bits, found 9223372036854775808"),
        ("-9223372036854775809", "The body must be an integer that fits into 64 bits, found -9223372036854775809"),
        ("1.0", "The body must be an integer of at least 1, found 1.0"),
        ("1e3", "The body must be an integer of at least 1, found 1e3"),
        ("0", "The body must be an integer of at least 1, found 0"),
        ("\"1\"", "The body must be an integer of at least 1, found a string"),
        ("null", "The body must be an integer of at least 1, found null"),
    ])
    func `what is no such integer is refused with what was found`(text: String, message: String) {
        var scanner = scanner(text)
        let error = #expect(throws: JSONError.self) { try scanner.readInteger(atLeast: 1) }
        #expect(error?.description == message)
    }

    @Test func `fractions are read where they are asked for`() throws {
        var one = scanner("-12.5e-1")
        #expect(try one.readDouble() == -1.25)
        var tiny = scanner("1e-999")
        #expect(try tiny.readDouble() == 0)
        var huge = scanner("1e999")
        #expect(throws: JSONError.self) { try huge.readDouble() }
    }

    @Test func `a name may stand in an object once, however it is spelled`() throws {
        let error = #expect(throws: JSONError.self) { try check(Array(#"[{"a":{"b":1,"c":2,"\u0062":3}}]"#.utf8)) }
        #expect(error?.path == "[0].a.b")
        #expect(error?.description == "`[0].a.b` stands there twice (byte 19)")
        try check(Array(#"{"a":{"a":1},"b":{"a":2}}"#.utf8))
    }

    @Test func `depth and number of members are bounded`() throws {
        let deep = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        try check(Array(deep.utf8))
        let deeper = #expect(throws: JSONError.self) { try check(Array("[\(deep)]".utf8)) }
        #expect(deeper?.message == "lies deeper than 32 levels")
        let members = (0..<64).map { "\"\($0)\":0" }
        try check(Array("{\(members.joined(separator: ","))}".utf8))
        let more = #expect(throws: JSONError.self) {
            try check(Array("{\(members.joined(separator: ",")),\"x\":0}".utf8))
        }
        #expect(more?.message == "is one member too many; an object may have 64")
        try check([UInt8](repeating: 0x5B, count: 0) + Array("[\(String(repeating: "0,", count: 5_000))0]".utf8))
    }

    @Test(arguments: [
        (#"{"a":[0,{"b":tru}]}"#, "a[1].b", 13), (#"{"a":[0,1 2]}"#, "a", 10), (#"{"a":1,"b" 2}"#, "b", 11),
        (#"{"a":1,}"#, "", 7), (#"{"x.y":{"z":?}}"#, "[\"x.y\"].z", 12), (#"{"a":1}}"#, "", 7),
        (#"[[1],[2,"\q"]]"#, "[1][1]", 9),
    ])
    func `an error says where it is`(text: String, path: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try check(Array(text.utf8)) }
        #expect(error?.path == path)
        #expect(error?.offset == offset)
    }

    @Test func `an error repeats little of what it was sent`() {
        let name = String(repeating: "n", count: 10_000)
        let error = #expect(throws: JSONError.self) { try check(Array("{\"\(name)\":?}".utf8)) }
        #expect(error.map { $0.description.utf8.count < 200 } == true)
    }

    @Test func `a scanner starts afresh with every text`() throws {
        var scanner = JSONScanner()
        for text in ["{\"a\":[[", "[1,2]", "{\"b\":1}"] {
            scanner.load(Array(text.utf8).span)
            if text.hasSuffix("[") {
                #expect(throws: JSONError.self) { try scanner.skipValue() }
            } else {
                try scanner.skipValue()
                try scanner.end()
            }
        }
    }
}
