import Testing

@testable import Policy

/// Request lines that software behind Headgate reads in different ways, against a policy with a catch-all as bait.
struct HostilePathTests {
    private static let patterns = [
        "GET /v1/exports", "GET /v1/exports/{id}", "POST /v1/exports/{id}/cancel", "GET /v1/files/**",
        "GET /v1/keys/status", "GET /v1/keys/v1.2", "ANY /**",
    ]
    private let matcher: OperationMatcher

    init() throws { matcher = OperationMatcher(patterns: try numbered(Self.patterns)) }

    /// A method, a target, and the pattern that must win or the reason for refusal.
    struct Row: CustomTestStringConvertible {
        let method: String
        let target: String
        let expected: MatchResult

        init(_ method: String, _ target: String, _ pattern: String) {
            let number = HostilePathTests.patterns.firstIndex(of: pattern)
            precondition(number != nil, "the policy has no pattern \(pattern)")
            self.init(method, target, number.map(MatchResult.operation) ?? .none)
        }

        init(_ method: String, _ target: String, _ problem: PathProblem) {
            self.init(method, target, MatchResult.refused(problem))
        }

        init(_ method: String, _ target: String, _ expected: MatchResult) {
            self.method = method
            self.target = target
            self.expected = expected
        }

        var testDescription: String { "\(method) \(target.unicodeScalars.map { $0.escaped(asASCII: true) }.joined())" }
    }

    @Test(arguments: [
        // Case: Express, ASP.NET and IIS ignore it.
        Row("GET", "/V1/Exports", "GET /v1/exports"), Row("GET", "/v1/EXPORTS/7", "GET /v1/exports/{id}"),
        Row("POST", "/V1/exports/A/CANCEL", "POST /v1/exports/{id}/cancel"),
        // Escapes of harmless characters: everybody decodes them once.
        Row("GET", "/v1/%65xports", "GET /v1/exports"), Row("GET", "/%76%31/%45%58ports", "GET /v1/exports"),
        Row("GET", "/v1/exports/%7e", "GET /v1/exports/{id}"), Row("GET", "/v1/exports/a%20b", "GET /v1/exports/{id}"),
        Row("GET", "/v1/exports/100%25", "GET /v1/exports/{id}"),
        Row("GET", "/v1/exports/100%25z", "GET /v1/exports/{id}"),
        Row("GET", "/v1/exports/%F0%9F%93%84", "GET /v1/exports/{id}"),
        Row("GET", "/v1/files/Stra%C3%9Fe.pdf", "GET /v1/files/**"),
        // Slashes: nginx, Go, Rails and Spring merge them and drop the last.
        Row("GET", "/v1//exports", "GET /v1/exports"), Row("GET", "/v1/exports/", "GET /v1/exports"),
        Row("GET", "/v1///exports///", "GET /v1/exports"), Row("GET", "/v1/exports//7/", "GET /v1/exports/{id}"),
        // Letters beyond ASCII that compare equal to ASCII ones somewhere.
        Row("GET", "/v1/%E2%84%AAeys/statu%C5%BF", "GET /v1/keys/status"),
        Row("GET", "/v1/keys/%C5%BFtatus", "GET /v1/keys/status"),
        Row("GET", "/v1/f%C4%B1les/x", "GET /v1/files/**"), Row("GET", "/v1/F%C4%B0les/x", "GET /v1/files/**"),
        Row("GET", "/v1/%EF%AC%81les/x", "GET /v1/files/**"),
        // Query and authority.
        Row("GET", "/v1/exports?a=/../b;c#d%", "GET /v1/exports"), Row("GET", "/v1/exports?", "GET /v1/exports"),
        Row("GET", "/v1/exports/?x", "GET /v1/exports"), Row("GET", "http://api.example/v1/exports", "GET /v1/exports"),
        Row("GET", "HTTPS://API.example:8443/v1/exports?x", "GET /v1/exports"),
        Row("GET", "http://[::1]:80/v1/exports", "GET /v1/exports"), Row("GET", "http://api.example?x", "ANY /**"),
        // Methods.
        Row("HEAD", "/v1/exports/7", "GET /v1/exports/{id}"), Row("DELETE", "/v1/exports/7", "ANY /**"),
        // Dots that are no dot segments, and extensions that hide nothing.
        Row("GET", "/v1/exports/.7", "GET /v1/exports/{id}"), Row("GET", "/v1/exports/7.json", "GET /v1/exports/{id}"),
        Row("GET", "/v1/exports/..a", "GET /v1/exports/{id}"), Row("GET", "/v1/x.y/exports", "ANY /**"),
        Row("POST", "/v1/exports.json", "ANY /**"),
        Row("GET", "/v1/x/exports.json", "ANY /**"), Row("GET", "/v1/keys/v1.2", "GET /v1/keys/v1.2"),
        Row("GET", "/v1/exports/(a)", "GET /v1/exports/{id}"),
        // The server itself.
        Row("OPTIONS", "*", MatchResult.none), Row("GET", "*", MatchResult.none),
    ])
    func `a harmless spelling is matched like the plain one`(row: Row) {
        #expect(matcher.match(method: row.method, path: row.target) == row.expected)
    }

    @Test(arguments: [
        // Dot segments, in every spelling.
        Row("GET", "/v1/x/../exports", .dotSegment), Row("GET", "/v1/./exports", .dotSegment),
        Row("GET", "/v1/exports/..", .dotSegment), Row("GET", "/v1/exports/.", .dotSegment),
        Row("GET", "/v1/%2e%2e/exports", .dotSegment), Row("GET", "/v1/%2E./exports", .dotSegment),
        Row("GET", "/v1/.%2e/exports", .dotSegment), Row("GET", "/v1/%2e/exports", .dotSegment),
        Row("GET", "/v1/.../exports", .dotSegment), Row("GET", "/..", .dotSegment),
        Row("GET", "http://api.example/../v1/exports", .dotSegment), Row("GET", "/v1/exports/../?x", .dotSegment),
        // Separators in disguise.
        Row("GET", "/v1%2Fexports", .encodedSlash), Row("GET", "/v1%2fexports", .encodedSlash),
        Row("GET", "/v1/x/..%2Fexports", .encodedSlash), Row("GET", "/v1\\exports", .backslash),
        Row("GET", "/v1%5Cexports", .backslash), Row("GET", "/v1/x\\..\\exports", .backslash),
        Row("GET", "/\\v1/exports", .backslash), Row("GET", "//v1/exports", .leadingDoubleSlash),
        Row("GET", "//api.example/v1/exports", .leadingDoubleSlash), Row("GET", "///v1/exports", .leadingDoubleSlash),
        Row("GET", "http://api.example//v1/exports", .leadingDoubleSlash),
        // Path parameters.
        Row("GET", "/v1/exports;x", .pathParameter), Row("GET", "/v1/exports;", .pathParameter),
        Row("GET", "/v1;a=b/exports", .pathParameter), Row("GET", "/v1/exports%3Bx", .pathParameter),
        Row("GET", "/v1/x/..;/exports", .pathParameter), Row("GET", "/;/v1/exports", .pathParameter),
        // Query and fragment in disguise.
        Row("GET", "/v1/exports#x", .fragment), Row("GET", "/v1/exports%23x", .fragment),
        Row("GET", "/v1/exports%3Fx", .encodedQuery), Row("GET", "/v1/exports%3f", .encodedQuery),
        // Bytes that no path holds.
        Row("GET", "/v1/ex ports", .rawByte), Row("GET", "/v1/exports\t", .rawByte),
        Row("GET", "/v1/exports\r\n", .rawByte), Row("GET", "/v1/exports\0", .rawByte),
        Row("GET", "/v1/expörts", .rawByte), Row("GET", "/v1/exports\u{7F}", .rawByte),
        Row("GET", "/v1/exports%00", .encodedControl), Row("GET", "/v1/exports%00.json", .encodedControl),
        Row("GET", "/v1/exports%0d%0a", .encodedControl), Row("GET", "/v1/exports%7F", .encodedControl),
        Row("GET", "/v1/exports%09", .encodedControl), Row("GET", "/v1/exports%C2%85", .encodedControl),
        // Escapes that are none, and escapes of escapes.
        Row("GET", "/v1/exports%", .malformedEscape), Row("GET", "/v1/exports%2", .malformedEscape),
        Row("GET", "/v1/exports%2/x", .malformedEscape), Row("GET", "/v1/exports%zz", .malformedEscape),
        Row("GET", "/v1/exports%u002e", .malformedEscape), Row("GET", "/v1/%%65xports", .malformedEscape),
        Row("GET", "/v1/exports%2?5", .malformedEscape), Row("GET", "/v1/%2565xports", .doubleEncoding),
        Row("GET", "/v1/%252e%252e/exports", .doubleEncoding), Row("GET", "/v1/%25%36%35xports", .doubleEncoding),
        Row("GET", "/v1/x%252Fexports", .doubleEncoding), Row("GET", "/v1/%25u0065xports", .doubleEncoding),
        Row("GET", "/v1/%25252e", .doubleEncoding), Row("GET", "/v1/%25%2565xports", .doubleEncoding),
        // What is not UTF-8.
        Row("GET", "/v1/x/%C0%AE%C0%AE/exports", .invalidUTF8), Row("GET", "/v1%C0%AFexports", .invalidUTF8),
        Row("GET", "/v1%E0%80%AFexports", .invalidUTF8), Row("GET", "/v1%F0%80%80%AFexports", .invalidUTF8),
        Row("GET", "/v1/exports/%E9", .invalidUTF8), Row("GET", "/v1/exports/%C3/x", .invalidUTF8),
        Row("GET", "/v1/exports/%C3x", .invalidUTF8), Row("GET", "/v1/exports/%ED%A0%80", .invalidUTF8),
        Row("GET", "/v1/exports/%F4%90%80%80", .invalidUTF8), Row("GET", "/v1/exports/%FF", .invalidUTF8),
        Row("GET", "/v1/exports/%80", .invalidUTF8),
        // What some frameworks cut off.
        Row("GET", "/v1/exports%20", .paddedSegment), Row("GET", "/v1/%20exports", .paddedSegment),
        Row("GET", "/v1/exports/%20", .paddedSegment), Row("GET", "/v1/(S(abc))/exports", .sessionSegment),
        Row("GET", "/(A(x)F(y))/v1/exports", .sessionSegment), Row("GET", "/v1/%28s(abc))/exports", .sessionSegment),
        Row("GET", "/v1/exports.json", .extendedLiteral), Row("GET", "/v1/Exports%2Ejson", .extendedLiteral),
        Row("GET", "/v1/exports.tar.gz", .extendedLiteral), Row("GET", "/v1/exports.", .extendedLiteral),
        Row("HEAD", "/v1/exports.xml/", .extendedLiteral), Row("GET", "/v1/files.zip", .extendedLiteral),
        Row("GET", "/v1/keys/status.json?x", .extendedLiteral),
        Row("GET", "/v1/keys/v1.2.json", .extendedLiteral),
        // What is no path.
        Row("GET", "", .notAPath), Row("GET", "v1/exports", .notAPath), Row("GET", "?x", .notAPath),
        Row("GET", "**", .notAPath), Row("GET", "api.example:443", .notAPath),
        Row("GET", "ftp://api.example/v1", .notAPath),
        Row("GET", "http:/v1/exports", .notAPath), Row("GET", "http:///v1/exports", .notAPath),
        Row("GET", "http://user@api.example/v1/exports", .notAPath), Row("GET", "http://api\\x/v1/exports", .notAPath),
        Row("GET", "http://api%2Fv1/exports", .notAPath), Row("GET", "http://", .notAPath),
        Row("GET", "http\u{1A}//api.example/v1", .notAPath), Row("GET", "\\v1\\exports", .notAPath),
        // Methods.
        Row("get", "/v1/exports", .malformedMethod), Row("Get", "/v1/exports", .malformedMethod),
        Row("", "/v1/exports", .malformedMethod), Row("GET ", "/v1/exports", .malformedMethod),
        Row("*", "/v1/exports", .malformedMethod), Row("%47ET", "/v1/exports", .malformedMethod),
        Row("GET\0", "/v1/exports", .malformedMethod),
        Row(String(repeating: "A", count: 33), "/v1/exports", .malformedMethod),
    ])
    func `a spelling that somebody could read in another way is refused`(row: Row) {
        #expect(matcher.match(method: row.method, path: row.target) == row.expected)
    }

    @Test func `raw bytes that are not even UTF-8 are refused`() {
        let method = Array("GET".utf8)
        for byte in UInt8(0x7F)...0xFF {
            let path = Array("/v1/exports/".utf8) + [byte]
            #expect(matcher.match(method: method.span, path: path.span) == .refused(.rawByte))
        }
    }

    @Test func `each byte is decoded, refused or kept, as the rules say, whether raw or escaped`() {
        for byte in UInt8.min...UInt8.max {
            let escape = "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            let found = matcher.match(method: "GET", path: "/v1/exports/a" + escape + "a")
            let expected: MatchResult =
                switch byte {
                case 0x00..<0x20, 0x7F: .refused(.encodedControl)
                case 0x80...: .refused(.invalidUTF8)
                case UInt8(ascii: "/"): .refused(.encodedSlash)
                case UInt8(ascii: "\\"): .refused(.backslash)
                case UInt8(ascii: ";"): .refused(.pathParameter)
                case UInt8(ascii: "?"): .refused(.encodedQuery)
                case UInt8(ascii: "#"): .refused(.fragment)
                default: .operation(1)
                }
            #expect(found == expected, "\(escape)")
            guard byte > 0x20, byte < 0x7F, !"/?%".utf8.contains(byte) else { continue }
            let raw = matcher.match(method: "GET", path: "/v1/exports/a\(Unicode.Scalar(byte))a")
            #expect(raw == found, "\(Unicode.Scalar(byte)) is read like \(escape)")
        }
    }

    @Test func `every letter whose case mapping is ASCII is folded into it, and no other letter`() {
        for value in UInt32(0x80)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let mappings = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
            let ascii = mappings.filter { $0.utf8.allSatisfy { $0 < 0x80 } }.map { $0.lowercased() }
            let folded = foldedIntoASCII(value).map { letters in
                String(decoding: [letters.first, letters.second, letters.third].compactMap { $0 }, as: UTF8.self)
            }
            // U+0130 lowers to "i" and a combining dot, but to "i" alone one character at a time, as in Java; U+1E9E
            // lowers to U+00DF, which is "ss" in capitals.
            let special = [0x0130: "i", 0x1E9E: "ss"][value]
            #expect(folded == ascii.first ?? special, "U+\(String(value, radix: 16))")
        }
    }

    @Test func `every problem is explained by one sentence of its own`() {
        let sentences = PathProblem.allCases.map(\.summary)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") })
        #expect(Set(sentences).count == sentences.count)
    }
}
