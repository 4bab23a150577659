import Testing
import Tokens

@testable import Gateway

@Suite struct FormBodyTests {
    private func read(_ text: String) throws(OAuthRefusal) -> [String: String?] {
        let form = try FormBody(text.utf8.span)
        return ["a": form["a"], "b c": form["b c"], "": form[""]]
    }

    @Test func `names and values are decoded`() throws {
        #expect(try read("a=1+2%2B3&b+c=%C3%A9") == ["a": "1 2+3", "b c": "é", "": nil])
        #expect(try read("a=x=y")["a"] == "x=y")
        #expect(try read("")["a"] == .some(nil))
        #expect(try read("a=1&")["a"] == "1")
    }

    @Test func `a parameter without a value counts as left out`() throws {
        #expect(try read("a=&b+c=1") == ["a": nil, "b c": "1", "": nil])
    }

    @Test(arguments: [
        "a", "=1", "a=1&&b=2", "a=1&a=2", "a=1&%61=2", "a=&a=1", "a=%", "a=%4", "a=%4g", "a=%FF", "a=%00", "a=\n",
        "&a=1",
        (0...32).map { "p\($0)=1" }.joined(separator: "&"),
    ])
    func `what can be read in two ways is refused`(text: String) {
        let refusal = #expect(throws: OAuthRefusal.self) { try read(text) }
        #expect(refusal?.code == .invalidRequest)
    }

    @Test(arguments: [
        ("QQ==", [0x41] as [UInt8]?), ("QUI=", [0x41, 0x42]), ("QUJD", [0x41, 0x42, 0x43]),
        ("+/+/", [0xFB, 0xFF, 0xBF]),
    ])
    func `base 64 has padding`(text: String, bytes: [UInt8]?) {
        #expect(Base64Text.bytes(text.utf8.span) == bytes)
    }

    @Test(arguments: ["", "Q", "QQ", "QQ=", "QR==", "Q===", "====", "QQ==QQ==", "Q=Q=", "QUJ=", "-_-_", "QU J"])
    func `and one spelling`(text: String) {
        #expect(Base64Text.bytes(text.utf8.span) == nil)
    }
}
