import Testing

@testable import Gateway

@Suite("JSON answers")
struct JSONWriterTests {
    private func written(_ write: (inout JSONWriter) -> Void) -> String {
        var output = ByteWriter()
        output.write(literal: "body:")
        var writer = JSONWriter(appendingTo: output)
        write(&writer)
        let text = writer.finish().withBytes { $0.string(0..<$0.count) }
        #expect(text.hasPrefix("body:"))
        return String(text.dropFirst(5))
    }

    @Test func `commas stand between values and nowhere else`() {
        let text = written { json in
            json.object { json in
                json.member("a", 1)
                json.member("b", literal: "x")
                json.member("c", nil as String?)
                json.member("d", nil as Int64?)
                json.member("e", true)
                json.member("f", array: { _ in })
                json.member("g", object: { _ in })
                json.member(
                    "h",
                    array: { json in
                        json.value(-1)
                        json.object { _ in }
                        json.null()
                        json.array { $0.value("y") }
                        json.value(false)
                    })
                json.member("i", "é")
            }
        }
        #expect(
            text == #"{"a":1,"b":"x","c":null,"d":null,"e":true,"f":[],"g":{},"h":[-1,{},null,["y"],false],"i":"é"}"#)
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("\"\\/", #""\"\\/""#),
        ("\n\r\t\u{8}\u{0}\u{1F}", #""\n\r\t\u0008\u0000\u001f""#),
        ("é\u{1F600}\u{7F}", "\"é\u{1F600}\u{7F}\""),
    ])
    func `strings are escaped as far as they must be`(text: String, json: String) {
        #expect(written { $0.value(text) } == json)
        #expect(written { $0.value(utf8: text.utf8.span) } == json)
    }

    @Test(arguments: [[0x61, 0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x22, 0xC0]] as [[UInt8]])
    func `bytes that are not text are replaced`(bytes: [UInt8]) throws {
        let text = written { $0.value(utf8: bytes.span) }
        #expect(text.contains("\u{FFFD}"))
        var scanner = JSONScanner()
        scanner.load(text.utf8.span)
        let range = try scanner.readString()
        #expect(scanner.string(range) == String(decoding: bytes, as: UTF8.self))
    }
}
