import Ledger
import Testing

@testable import PostgresLedger

/// Addresses of databases: what they name, what they keep to themselves, where they lead.
@Suite struct PostgresAddressTests {
    @Test func `an address names the place without its password`() throws {
        let address = try PostgresAddress(
            "postgres://ada:s3cret@localhost:5433/ledgers?schema=blue&application_name=x")
        #expect(address.place == "postgres://ada@localhost:5433/ledgers?schema=blue")
        #expect(address.schema == "blue")
        #expect(address.options["password"] == "s3cret")
        #expect(address.options["application_name"] == "x")
        var dumped = ""
        dump(address, to: &dumped)
        for text in ["\(address)", String(reflecting: address), dumped] { #expect(!text.contains("s3cret"), "\(text)") }
        #expect(try PostgresAddress("postgresql:///db").schema == "headgate")
    }

    @Test(arguments: [
        "postgres://ada:s3cret@local host/db", "mysql://ada:s3cret@localhost/db", "ada:s3cret",
        "postgres://ada:s3cret@localhost/db?nothing=1", "postgres://ada:s3cret@localhost/db?schema=Blue",
        "postgres://ada:s3cret@localhost/db?schema=a\"b", "postgres://ada:s3cret@localhost/db?schema=",
        "postgres://ada:s3cret@localhost/db?service=s", "postgres://ada:s3cret@[::1/db",
        "postgres://ada:s3cret@localhost/db?schema=a234567890123456789012345678901234567890123456789",
    ])
    func `what is no address is refused, and not repeated`(text: String) {
        let error = #expect(throws: LedgerError.self) { try PostgresAddress(text) }
        #expect(error?.code == .malformed)
        #expect(error?.description.contains("s3cret") == false)
    }

    @Test(arguments: [
        "db.example.com/db", "db.example.com/db?sslmode=require", "localhost,db.example.com/db", "127.example.com/db",
        "/db?host=10.0.0.1", "localhost/db?hostaddr=10.0.0.1",
    ])
    func `beyond this machine somebody has to verify the server`(rest: String) throws {
        let text = "postgres://ada:s3cret@\(rest)"
        let error = #expect(throws: LedgerError.self) { try PostgresAddress(text) }
        #expect(error?.description.contains("sslmode=verify-full") == true)
        #expect(error?.description.contains("s3cret") == false)
        _ = try PostgresAddress(text, allowsUnverifiedServer: true)
        let mode = (rest.contains("?") ? "&" : "?") + "sslmode="
        _ = try PostgresAddress(text + mode + "verify-full")
        _ = try PostgresAddress(text + mode + "verify-ca")
    }

    @Test(arguments: ["localhost/db", "127.0.0.1:1/db", "[::1]/db", "/db?host=/tmp", "/db"])
    func `on this machine nobody has to`(rest: String) throws { _ = try PostgresAddress("postgres://\(rest)") }

    @Test func `a server that is not there is told, with the place and without the password`() throws {
        let address = try PostgresAddress("postgres://ada:s3cret@127.0.0.1:1/db")
        let error = #expect(throws: LedgerError.self) { try PostgresLedgerStore(address).close() }
        #expect(error?.code == .unavailable)
        #expect(error?.message == "postgres://ada@127.0.0.1:1/db?schema=headgate cannot be reached")
        #expect(error?.description.contains("s3cret") == false)
    }
}
