import Admission
import NIOCore
import Testing
import Vocabulary

@testable import Gateway

/// What `PUT /v1/health/{signal}` takes, and what it says of everything else.
struct HealthCallTests {
    private func read(_ body: String) throws -> HealthCall {
        var scanner = JSONScanner()
        return try HealthCall(ByteBuffer(string: body), &scanner)
    }

    @Test func `a word or a number is read`() throws {
        let word = try read(#"{"state":"overloaded","seconds":5}"#)
        #expect(word.value == .health(.overloaded) && word.lasting == .seconds(5))
        let number = try read(#"{"number":-7}"#)
        #expect(number.value == .number(-7) && number.lasting == .seconds(60))
    }

    @Test(arguments: [
        "", "{", "[]", "null", "{}", #"{"seconds":5}"#, #"{"state":"spare","number":1}"#, #"{"state":"bad"}"#,
        #"{"state":7}"#, #"{"number":"7"}"#, #"{"number":1.5}"#, #"{"number":1e400}"#,
        #"{"number":9999999999999999}"#, #"{"state":"spare","seconds":0}"#, #"{"state":"spare","seconds":86401}"#,
        #"{"state":"spare","seconds":-1}"#, #"{"state":"spare","more":1}"#, #"{"state":"spare","state":"spare"}"#,
        #"{"state":"spare"} x"#,
    ])
    func `what cannot be meant is refused`(body: String) {
        #expect(throws: JSONError.self) { try read(body) }
    }
}
