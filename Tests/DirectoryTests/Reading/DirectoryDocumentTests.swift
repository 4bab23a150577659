import Foundation
import Policy
import Testing

@testable import Directory

/// The page about the format is held against the code.
struct DirectoryDocumentTests {
    @Test func `the example of the page is a directory that uses all there is`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let page = try String(contentsOf: folder.appending(path: "../../../docs/directory.md"), encoding: .utf8)
        let start = try #require(page.range(of: "```yaml\n")).upperBound
        let end = try #require(page.range(of: "```\n", range: start..<page.endIndex)).lowerBound
        let hash = "hmac-sha256:0badcafe:" + String(repeating: "ab", count: 32)
        let text = page[start..<end].replacing("hmac-sha256:…", with: hash)
        let contents = try DirectoryDocument(reading: SourceFile(name: "directory.yaml", text: String(text)))
            .usableContents()
        #expect(contents.tenants.map(\.name) == ["acme", "small-co"])
        #expect(contents.principals.map(\.qualifiedName) == ["acme/web", "platform/gateway"])
        #expect(contents.principals.first?.keys.first?.revoked != nil)
        let known = [
            "plan", "segment", "regions", "sandbox", "suspended", "principals", "description", "classes", "attributes",
            "keys", "id", "hash", "created", "expires", "revoked", "label", "platform",
        ]
        for member in known { #expect(text.contains("\(member):"), "\(member)") }
    }
}
