import Policy
import Testing

@testable import Directory

struct SourceEditorTests {
    private func texts(
        inserting entry: SourceEditor.Entry, at path: [SourceEditor.Step], into text: String
    ) throws -> [String] {
        let document = Samples.document(text)
        return SourceEditor(document.file, root: try #require(document.root)).texts(inserting: entry, at: path)
    }

    private static let key = APIKey(
        id: "k_new", hash: KeyHash(fingerprint: 1, code: CredentialCode(words: (0, 0, 0, 9))), created: Samples.now,
        label: "a \"label\" # with \\ everything: [1, {2}]")

    /// Puts a key into a principal, which may be new, and says what the directory must mean afterwards.
    private func addingKey(
        to name: String, of owner: Principal.Owner, in contents: DirectoryContents
    ) -> (entry: SourceEditor.Entry, path: [SourceEditor.Step], after: DirectoryContents) {
        var after = contents
        if let place = after.principals.firstIndex(where: { $0.owner == owner && $0.name == name }) {
            after.principals[place].keys.append(Self.key)
            return (.item(Fragment(Self.key)), owner.path + [.key(name), .key("keys")], after)
        }
        let principal = Principal(owner: owner, name: name, classes: ["interactive"], keys: [Self.key])
        after.principals.append(principal)
        return (.pair(Fragment.Pair(name, Fragment(principal))), owner.path, after)
    }

    private func sorted(_ contents: DirectoryContents?) -> [Principal]? {
        contents?.principals.sorted { $0.qualifiedName < $1.qualifiedName }
    }

    /// Whether each comment stands behind what it stood behind, and remarks still have a line of their own.
    private func keepsComments(of text: String, in edited: String) -> Bool {
        let after = subjects(edited)
        return subjects(text).allSatisfy { comment, subject in
            guard let now = after[comment] else { return false }
            guard subject.contains(where: { $0 != " " }) else { return now == subject }
            let isKeyEntry = subject.contains("{ id: ") && !subject.contains("keys")
            return now.hasPrefix(subject.prefix { $0 != (isKeyEntry ? "," : ":") })
        }
    }

    /// The texts before every comment, by the comment: what a comment speaks of.
    private func subjects(_ text: String) -> [String: String] {
        var subjects: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard let mark = line.firstRange(of: "# c") else { continue }
            subjects[String(line[mark.lowerBound...])] = String(line[..<mark.lowerBound])
        }
        return subjects
    }

    @Test(arguments: 0..<80)
    func `a key can be put into every layout, and nothing else changes`(_ seed: UInt64) throws {
        var layout = LayoutGenerator(seed: seed)
        let text = layout.text()
        let before = try #require(
            Samples.document(text).contents, "\(Samples.rendered(text))\n\(text)")
        for owner in [Principal.Owner.tenant("alpha"), .tenant("beta"), .tenant("gamma"), .platform] {
            for name in ["web", "worker", "old", "brand-new"] {
                let (entry, path, after) = addingKey(to: name, of: owner, in: before)
                let edits = try texts(inserting: entry, at: path, into: text)
                try #require(!edits.isEmpty, "\(owner) \(name)\n\(text)")
                for edited in edits {
                    let found = Samples.document(edited)
                    let place = Comment("\(owner) \(name), seed \(seed):\n\(text)\n→\n\(edited)")
                    try #require(found.diagnostics == [], place)
                    try #require(found.contents?.tenants == after.tenants, place)
                    try #require(sorted(found.contents) == sorted(after), place)
                    try #require(keepsText(of: text, in: edited), place)
                    try #require(keepsComments(of: text, in: edited), place)
                    try #require(breaks(in: edited) == breaks(in: text), place)
                }
            }
        }
    }

    /// The kinds of line breaks in a text.
    private func breaks(in text: String) -> Set<Character> { Set(text.filter(\.isNewline)) }

    @Test(arguments: 0..<40)
    func `every key in every layout can be marked as revoked`(_ seed: UInt64) throws {
        var layout = LayoutGenerator(seed: seed &+ 1_000)
        let text = layout.text()
        let before = try #require(Samples.document(text).contents)
        for (index, principal) in before.principals.enumerated() {
            for number in principal.keys.indices {
                var after = before
                after.principals[index].keys[number].revoked = Samples.now
                let edits = try texts(
                    inserting: .pair(Fragment.Pair("revoked", .text(Timestamp.text(Samples.now)))),
                    at: principal.owner.path + [.key(principal.name), .key("keys"), .item(number)], into: text)
                let edited = try #require(edits.first)
                let place = Comment("\(principal.qualifiedName) \(number), seed \(seed):\n\(text)\n→\n\(edited)")
                try #require(Samples.document(edited).contents == after, place)
                try #require(keepsComments(of: text, in: edited), place)
                try #require(keepsText(of: text, in: edited), place)
            }
        }
    }

    /// Whether a text can be had from another by leaving characters out; brackets, comments and what stood for
    /// "nothing" may change.
    private func keepsText(of text: String, in other: String) -> Bool {
        func bare(_ text: String) -> String { text.replacing(/# c[0-9].*/, with: "") }
        var rest = bare(other).unicodeScalars[...]
        let kept = bare(text).replacing(": ~", with: ":").replacing(": null", with: ":")
        for scalar in kept.unicodeScalars where !" ,{}[]".unicodeScalars.contains(scalar) {
            guard let place = rest.firstIndex(of: scalar) else { return false }
            rest = rest[place...].dropFirst()
        }
        return true
    }
}
