import NIOCore
import Testing

@testable import Gateway

@Suite("Addresses to listen on")
struct ListenAddressTests {
    @Test(arguments: ["127.0.0.1:8080", "0.0.0.0:0", "[::1]:65535", "[::]:1"])
    func `numbers with a port are addresses`(text: String) throws {
        let address = try ListenAddress(text)
        #expect(address.description == text)
        #expect(try address.socketAddress().port == address.port)
    }

    @Test(arguments: [
        ("localhost:80", "'localhost:80' needs an IP address: write 127.0.0.1:80 or [::1]:80"),
        ("::1:80", "'::1:80' needs an IP address: write 127.0.0.1:80 or [::1]:80"),
        ("[127.0.0.1]:80", "'[127.0.0.1]:80' needs an IP address: write 127.0.0.1:80 or [::1]:80"),
        ("127.0.0.1", "'127.0.0.1' needs a port from 0 to 65535: write 127.0.0.1:8080 or [::1]:8080"),
        ("127.0.0.1:65536", "'127.0.0.1:65536' needs a port from 0 to 65535: write 127.0.0.1:8080 or [::1]:8080"),
        ("", "'' needs a port from 0 to 65535: write 127.0.0.1:8080 or [::1]:8080"),
    ])
    func `anything else is refused with what to write instead`(text: String, message: String) {
        let problem = #expect(throws: ListenAddress.Problem.self) { try ListenAddress(text) }
        #expect(problem?.description == message)
    }

    @Test func `a peer is an IPv4 address or an IPv6 network, however it is written`() throws {
        func key(_ text: String) throws -> UInt128? {
            ConnectionCensus.key(of: try SocketAddress(ipAddress: text, port: 1))
        }
        #expect(try key("10.0.0.1") == 0x0A00_0001)
        #expect(try key("::ffff:10.0.0.1") == key("10.0.0.1"))
        #expect(try key("2001:db8:1:2:3:4:5:6") == key("2001:db8:1:2::"))
        #expect(try key("2001:db8:1:2::") != key("2001:db8:1:3::"))
        #expect(try key("::a00:1") != key("10.0.0.1"))
        #expect(try ConnectionCensus.key(of: SocketAddress(unixDomainSocketPath: "/x")) == nil)
    }

    @Test func `loopback is what no other machine reaches`() throws {
        for text in ["127.0.0.1", "127.9.9.9", "::1"] {
            #expect(try SocketAddress(ipAddress: text, port: 1).isLoopback)
        }
        for text in ["0.0.0.0", "10.0.0.1", "::", "::2", "2001:db8::1"] {
            #expect(try !SocketAddress(ipAddress: text, port: 1).isLoopback)
        }
    }
}
