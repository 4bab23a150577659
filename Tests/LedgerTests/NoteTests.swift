import Testing

@testable import Ledger

/// Notes, checkpoints and proofs as texts; the published examples are those of the specifications and of Go's package
/// `note`, whose keys are in public.
@Suite struct NoteTests {
    private static let verifierKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    private static let signingKey =
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    private static let text = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        """
    private static let signatureLine =
        "\u{2014} PeterNeumann "
        + "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    private static var note: String { text + "\n" + signatureLine }

    private static func code(_ body: () throws -> Void) -> LedgerError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? LedgerError)?.code
        }
    }

    @Test func `the published key makes the published note, and its counterpart accepts it`() throws {
        let signer = try NoteSigner(text: NoteTests.signingKey)
        #expect(signer.text == NoteTests.signingKey)
        #expect(signer.verifier.text == NoteTests.verifierKey)
        let verifier = try NoteVerifier(NoteTests.verifierKey)
        #expect(verifier == signer.verifier)
        let read = try SignedNote(bytes: Array(NoteTests.note.utf8))
        #expect(read.text == NoteTests.text)
        #expect(read.description == NoteTests.note)
        try read.checked(by: verifier)
        // BoringSSL signs as RFC 8032 says, the same text always in the same way.
        #expect(try signer.sign(NoteTests.text).description == NoteTests.note)
    }

    @Test func `no part of a key and no changed key is one`() throws {
        for text in [NoteTests.verifierKey, NoteTests.signingKey] {
            func isKey(_ text: String) -> Bool {
                (try? NoteVerifier(text)) != nil || (try? NoteSigner(text: text)) != nil
            }
            #expect(isKey(text))
            let bytes = Array(text.utf8)
            for start in bytes.indices {
                for end in start + 1...bytes.count where end - start < bytes.count {
                    // Without its first words, a signing key looks like a verifier's, with the wrong hash.
                    #expect(!isKey(String(decoding: bytes[start..<end], as: UTF8.self)))
                }
                var changed = bytes
                changed[start] += 1
                #expect(!isKey(String(decoding: changed, as: UTF8.self)))
            }
        }
        // Published as wrong: a key of another length, and of another kind, both with the hash that fits them.
        let keys = [
            "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        ]
        for key in keys { #expect(NoteTests.code { _ = try NoteVerifier(key) } == .malformed) }
    }

    @Test(arguments: [
        "", "\n", "text", "text\n", "text\n\n", "text\n\n\n", "text\n\nnothing\n", "text\n\n\u{2014} name\n",
        "text\n\n\u{2014} name AAAA\n", "text\n\n\u{2014} name AAAAAA=\n", "text\n\n\u{2014}  name AAAAAAA=\n",
        "text\n\n\u{2014} a+b AAAAAAA=\n", "text\n\n\u{2014} name AAAAAAA=", "te\txt\n\n\u{2014} name AAAAAAA=\n",
        "te\rxt\n\n\u{2014} name AAAAAAA=\n", "text\n\n- name AAAAAAA=\n", "text\n\n\u{2014} name AAAAAAA= \n",
        "text\n\n\u{2014} name AAAAAAB=\n", "text\n\n\u{2014} na\u{2003}me AAAAAAA=\n",
    ])
    func `a malformed note is refused`(note: String) {
        #expect(NoteTests.code { _ = try SignedNote(bytes: Array(note.utf8)) } == .malformed)
    }

    @Test func `a note with bytes that are no text is refused, and so is one with too many signatures`() {
        #expect(NoteTests.code { _ = try SignedNote(bytes: [0xFF] + Array(NoteTests.note.utf8)) } == .malformed)
        let many = NoteTests.text + "\n" + String(repeating: NoteTests.signatureLine, count: 101)
        #expect(NoteTests.code { _ = try SignedNote(bytes: Array(many.utf8)) } == .malformed)
    }

    @Test func `each changed letter of a note is noticed`() throws {
        let verifier = try NoteVerifier(NoteTests.verifierKey)
        let bytes = Array(NoteTests.note.utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            let code = NoteTests.code { try SignedNote(bytes: changed).checked(by: verifier) }
            #expect(code == .malformed || code == .invalid, "byte \(index)")
        }
    }

    @Test func `signatures of strangers are passed over, a wrong one of the key itself is not`() throws {
        let verifier = try NoteVerifier(NoteTests.verifierKey)
        let stranger = try NoteSigner(name: "example.com/witness")
        let own = try SignedNote(bytes: Array(NoteTests.note.utf8))
        let cosigned = SignedNote(
            text: own.text, signatures: try stranger.sign(own.text).signatures + own.signatures)
        try SignedNote(bytes: Array(cosigned.description.utf8)).checked(by: verifier)
        try cosigned.checked(by: stranger.verifier)
        #expect(NoteTests.code { try stranger.sign(own.text).checked(by: verifier) } == .invalid)
        let other = try NoteSigner(text: NoteTests.signingKey).sign("something else\n").signatures
        let twice = SignedNote(text: own.text, signatures: own.signatures + other)
        #expect(NoteTests.code { try twice.checked(by: verifier) } == .invalid)
    }

    @Test func `the published checkpoint is read as it is written`() throws {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        let checkpoint = try Checkpoint(noteText: text)
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.noteText == text)
        #expect(try Checkpoint(noteText: text + "extension\n") == checkpoint)
    }

    @Test(arguments: [
        "", "origin\n", "origin\n1\n", "origin\n01\nAAAA\n", "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "origin\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "origin\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "origin\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
        "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
        "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
    ])
    func `a malformed checkpoint is refused`(text: String) {
        #expect(NoteTests.code { _ = try Checkpoint(noteText: text) } == .malformed)
    }

    @Test func `a proof is read as it is written, and holds for its entry alone`() throws {
        let entries: [[UInt8]] = (0..<5).map { [$0] }
        var edge = TileEdge()
        var shelf = TileShelf()
        shelf.replace(edge.append(entries.map { .leaf($0) }))
        let signer = try NoteSigner(name: "example.com/log")
        let checkpoint = Checkpoint(origin: "example.com/log", size: 5, root: edge.range.root)
        let tree = MerkleTree(size: 5, tiles: shelf)
        for extra in [nil, [], [1, 2, 3]] as [[UInt8]?] {
            for index in 0..<5 {
                let proof = TransparencyProof(
                    extra: extra, index: Int64(index), path: try tree.inclusionProof(of: Int64(index)),
                    note: try signer.sign(checkpoint.noteText))
                let read = try TransparencyProof(bytes: Array(proof.description.utf8))
                #expect(read == proof)
                #expect(try read.checked(entry: entries[index], by: signer.verifier) == checkpoint)
                #expect(
                    NoteTests.code { _ = try read.checked(entry: [9], by: signer.verifier) } == .invalid)
                let stranger = try NoteSigner(name: "example.com/log").verifier
                #expect(
                    NoteTests.code { _ = try read.checked(entry: entries[index], by: stranger) } == .invalid)
            }
        }
    }

    @Test func `a malformed proof is refused`() throws {
        let good = "c2sp.org/tlog-proof@v1\nextra AQID\nindex 0\n\n" + NoteTests.note
        #expect(try TransparencyProof(bytes: Array(good.utf8)).extra == [1, 2, 3])
        for (old, new) in [
            ("@v1", "@v2"), ("extra AQID", "extra AQI"), ("index 0", "index 00"), ("index 0", "index"),
            ("index 0\n", ""), ("index 0\n", "index 0\nAAAA\n"), ("\n\nIf", "\nIf"),
            ("extra AQID\nindex 0", "index 0\nextra AQID"),
        ] {
            let bad = good.replacing(old, with: new)
            #expect(NoteTests.code { _ = try TransparencyProof(bytes: Array(bad.utf8)) } == .malformed, "\(new)")
        }
    }
}
