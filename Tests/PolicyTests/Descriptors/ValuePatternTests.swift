import Testing

@testable import Policy

/// Patterns with stars, against an oracle that tries everything.
struct ValuePatternTests {
    /// Whether a value fits, by trying every length for each star.
    private func fits(_ value: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return value.isEmpty }
        guard first == ValuePattern.star else {
            return value.first == first && fits(value.dropFirst(), pattern.dropFirst())
        }
        return (0...value.count).contains { fits(value.dropFirst($0), pattern.dropFirst()) }
    }

    private func words(over alphabet: String, upTo length: Int) -> [[UInt8]] {
        var all: [[UInt8]] = [[]]
        var last = all
        for _ in 0..<length {
            last = last.flatMap { word in alphabet.utf8.map { word + [$0] } }
            all += last
        }
        return all
    }

    @Test func `every short pattern matches exactly what it should`() {
        let values = words(over: "ab", upTo: 5)
        for pattern in words(over: "ab*", upTo: 4) {
            for value in values {
                #expect(
                    ValuePattern.matches(value.span, pattern.span) == fits(value[...], pattern[...]),
                    "\(String(decoding: value, as: UTF8.self)) \(String(decoding: pattern, as: UTF8.self))")
            }
        }
    }

    @Test func `runs of stars are one star, and match the same`() {
        #expect(ValuePattern.canonical("a**b***") == "a*b*")
        let values = words(over: "ab", upTo: 4)
        for pattern in words(over: "a*", upTo: 4) {
            let canonical = Array(ValuePattern.canonical(String(decoding: pattern, as: UTF8.self)).utf8)
            for value in values {
                #expect(
                    ValuePattern.matches(value.span, pattern.span) == ValuePattern.matches(value.span, canonical.span))
            }
        }
    }

    @Test func `the pattern with most before its star is tried first, then the longer one`() {
        let patterns = ["*", "a*", "ab*", "a*c", "*z", "a*b*c", "a*bd"]
        #expect(patterns.sorted(by: ValuePattern.precedes) == ["ab*", "a*b*c", "a*bd", "a*c", "a*", "*z", "*"])
    }
}
