import Policy
import Testing

/// Finding the name that was probably meant.
struct SpellingTests {
    private let keys = ["tier", "consequence", "owner", "isolated", "governed", "onLimit"]

    @Test(arguments: [
        ("teir", "tier"), ("tire", "tier"), ("tiers", "tier"), ("ownr", "owner"), ("onlimit", "onLimit"),
        ("ISOLATED", "isolated"),
        ("consequense", "consequence"), ("govrend", "governed"),
    ])
    func `a slip of the finger is recognised`(written: String, meant: String) {
        #expect(Spelling.nearest(to: written, among: keys) == meant)
    }

    @Test(arguments: ["", "x", "description", "limits", "own", String(repeating: "tier", count: 100)])
    func `what is too far away is nobody's name`(written: String) {
        #expect(Spelling.nearest(to: written, among: keys) == nil)
    }

    @Test func `of two near names the nearer one is meant`() {
        #expect(Spelling.nearest(to: "exporrts", among: ["export", "exports", "reports"]) == "exports")
    }

    @Test func `a list names a few and counts the rest`() {
        #expect([String]().listed() == "")
        #expect(["a"].listed() == "`a`")
        #expect(["a", "b", "c"].listed() == "`a`, `b` and `c`")
        #expect((1...12).map(String.init).listed(max: 3) == "`1`, `2`, `3` and 9 more")
    }
}
