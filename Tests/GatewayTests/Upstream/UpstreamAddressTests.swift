import Testing

@testable import Gateway

@Suite("Addresses of upstreams")
struct UpstreamAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"), ("http://a", "http://a:80"),
        ("https://a/", "https://a:443"),
        ("https://api.internal:8443", "https://api.internal:8443"), ("http://[::1]:9000", "http://[::1]:9000"),
        ("http://[::1]", "http://[::1]:80"),
    ])
    func `a scheme, a host and perhaps a port are read`(text: String, description: String) throws {
        #expect(try UpstreamAddress(text).description == description)
    }

    @Test(arguments: [
        "", "a", "127.0.0.1:9000", "ftp://a", "HTTP://a", "http://", "http:///", "http://a/b", "http://a?b",
        "http://a#b", "http://u@a", "http://a b", "http://a\r\nX: 1", "http://a:0", "http://a:65536",
        "http://a:+80", "http://a:", "http://a:x",
        "http://::1", "http://::1:80", "http://:80", "http://ä",
    ])
    func `what is no upstream is said with what to write instead`(text: String) {
        var description: String?
        do throws(UpstreamAddress.Problem) { _ = try UpstreamAddress(text) } catch { description = error.description }
        #expect(description?.contains("'\(text)'") == true)
        #expect(description?.contains("needs") == true || description?.contains("may have no") == true)
    }
}
