import AdmissionTestSupport
import Testing

@testable import Admission

/// Addresses and prefixes as proxies and people write them.
@Suite struct `an address` {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("192.0.2.7:443", "192.0.2.7"), ("[2001:db8::7]:443", "2001:db8::7"), ("[::1]", "::1"), ("::", "::"),
        ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"), ("1::", "1::"), ("::2:3", "::2:3"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("::ffff:192.0.2.7", "192.0.2.7"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
    ])
    func `is read in each of its forms and written in one`(text: String, canonical: String) {
        #expect(IPAddress(text)?.description == canonical)
        #expect(IPAddress(canonical) == IPAddress(text))
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", "1..2.3", "1.2.3.4x", ":", ":::", "1:2",
        "1::2::3", "12345::", "::g", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "fe80::1%eth0", "[::1", "[::1]x",
        "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "unknown", "_hidden", "1:2:3:4:5:6:7:", "::1:",
    ])
    func `that is none, or that programs read differently, is not read`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `is read back as it was written`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var bits = UInt128.random(in: .min ... .max, using: &random)
            for group in 0..<8 where Bool.random(using: &random) { bits &= ~(0xFFFF << UInt128(16 * group)) }
            let address = IPAddress(bits: bits)
            #expect(IPAddress(address.description) == address, "\(address)")
        }
    }

    @Test func `of the machine itself is nobody's`() {
        for text in ["127.0.0.1", "127.8.8.8", "0.0.0.0", "::1", "::"] { #expect(IPAddress(text)?.isLocal == true) }
        for text in ["10.0.0.1", "192.168.0.1", "2001:db8::", "::2"] { #expect(IPAddress(text)?.isLocal == false) }
    }

    @Test(arguments: [
        ("198.51.100.0/24", "198.51.100.255", "198.51.101.0"), ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
        ("2001:db8::/64", "2001:db8::ffff:1", "2001:db8:0:1::"), ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
        ("192.0.2.6/31", "192.0.2.7", "192.0.2.8"),
    ])
    func `is inside its prefix or not`(prefix: String, inside: String, outside: String) throws {
        let range = try #require(AddressPrefix(prefix))
        #expect(range.description == prefix)
        #expect(range.contains(try #require(IPAddress(inside))))
        #expect(!range.contains(try #require(IPAddress(outside))))
    }

    @Test(arguments: ["198.51.100.1/24", "10.0.0.0/7", "2001:db8::/129", "::/0", "1.2.3.4/", "/24", "1.2.3.4/24/1"])
    func `with a length that is no prefix is refused`(text: String) { #expect(AddressPrefix(text) == nil) }
}
