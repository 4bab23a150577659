import AdmissionTestSupport

@testable import Policy

/// The matcher of paths: takes no more steps than it promises, whatever the path, and finds the same a second time.
struct MatcherTarget: FuzzTarget {
    static let name = "matcher"

    private static let patterns = [
        "GET /", "GET /v1/envelopes/{envelope}", "POST /v1/envelopes/{envelope}/signatures", "ANY /v1/**",
        "GET /v1/envelopes/{envelope}/audit-trail", "PUT /v1/envelopes/{envelope}/documents/{document}",
        "GET /a/*/b/*/c/**", "GET /a/x/b/**", "POST /v1/signing-tokens/verify", "GET /files/{name}.json",
        "HEAD /v1/envelopes", "GET /v1/%C3%A4", "DELETE /v1/reports/{report}",
    ]

    private static let corpus: [[UInt8]] = [
        "/", "/v1/envelopes/7", "/v1/envelopes/7/signatures", "/v1/envelopes/7/documents/2?x=/y", "/a/1/b/2/c/3/4/5",
        "/a/x/b/y", "*", "http://example.org/v1/envelopes/7", "/v1//envelopes", "/v1/../v1/envelopes/./7",
        "/files/a.json",
        "/v1/envelopes/7%2Fsignatures", "/v1/%65nvelopes/7", "/v1/envelopes/7;a=b/signatures", "/v1/ä", "/v1/%c3%a4#x",
        "",
        "//v1/audit-events", "/v1/envelopes/%", "/\\v1\\envelopes", "/v1/envelopes/7/",
    ].map { Array($0.utf8) }

    private static let methods = ["GET", "HEAD", "POST", "PUT", "get", "", "PROPFIND", "G\0T"].map { Array($0.utf8) }

    private let matcher: OperationMatcher

    init() {
        matcher = OperationMatcher(
            patterns: MatcherTarget.patterns.enumerated().compactMap { number, text in
                // What this version of the language does not allow is left out.
                (try? OperationPattern(parsing: text)).map { (number, $0) }
            })
    }

    mutating func run(_ generator: inout SeededGenerator, _ tally: inout FuzzTally) throws {
        let path = generator.mutated(MatcherTarget.corpus)
        let method = generator.pick(MatcherTarget.methods)
        let (result, steps) = matcher.trace(method: method.span, path: path.span)
        if case .operation = result { tally.accepted += 1 } else { tally.refused += 1 }
        tally.stepsMax = max(tally.stepsMax, steps)
        guard steps <= matcher.stepsMax else {
            throw FuzzFailure("\(steps) steps, promised \(matcher.stepsMax): \(path)")
        }
        guard matcher.match(method: method.span, path: path.span) == result else {
            throw FuzzFailure("two results for \(path)")
        }
    }
}
