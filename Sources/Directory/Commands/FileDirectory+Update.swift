internal import Policy

/// Changing the file.
extension FileDirectory {
    /// One change: what to write, and what the file must say afterwards.
    struct Update {
        /// What is put in.
        var entry: SourceEditor.Entry
        /// Into which collection.
        var path: [SourceEditor.Step]
        /// What the file says afterwards.
        var contents: DirectoryContents
    }

    /// Changes the file under a lock: two changes at once come one after the other, and neither is lost.
    ///
    /// - Parameter body: gets what the file says now; gives its result with the update, or without one if there is
    ///   nothing to write.
    /// - Returns: the body's result, and whether the file says now what it should.
    /// - Throws: what the body throws, or why the file could not be read or written.
    func update<Result>(
        _ body: (DirectoryDocument, DirectoryContents) throws(DirectoryError) -> (Result, Update?)
    ) throws(DirectoryError) -> (result: Result, isWritten: Bool) {
        let target = try resolvedPath()
        let file = try lockedFile(at: target)
        let document = try document(of: file)
        let (result, update) = try body(document, document.usableContents())
        guard let update else { return (result, true) }
        guard let bytes = edited(document, update) else { return (result, false) }
        try replace(file, at: target, with: bytes)
        return (result, true)
    }

    /// The path after all symbolic links: the file they lead to is replaced, not the link.
    private func resolvedPath() throws(DirectoryError) -> String {
        do { return try FileStore.resolved(path) } catch { throw unreadable(error) }
    }

    private func lockedFile(at target: String) throws(DirectoryError) -> OpenFile {
        do { return try FileStore.locked(target) } catch { throw unreadable(error) }
    }

    private func replace(
        _ file: borrowing OpenFile, at target: String, with bytes: [UInt8]
    ) throws(DirectoryError) {
        do {
            try FileStore.replace(target, with: bytes, like: file.status())
        } catch {
            throw DirectoryError(.unwritable, "\(error)")
        }
    }

    /// The file after an update, if an edit can be found that means exactly that.
    private func edited(_ document: DirectoryDocument, _ update: Update) -> [UInt8]? {
        guard let root = document.root else { return nil }
        let expected = update.contents.sorted()
        let texts = SourceEditor(document.file, root: root).texts(inserting: update.entry, at: update.path)
        let text = texts.first { text in
            DirectoryDocument(reading: SourceFile(name: path, text: text)).contents?.sorted() == expected
        }
        guard let text else { return nil }
        let hadByteOrderMark = document.file.byteCount == document.file.text.utf8.count + 3
        return (hadByteOrderMark ? [0xEF, 0xBB, 0xBF] : []) + Array(text.utf8)
    }
}

extension DirectoryContents {
    /// The same directory with its principals in the order of their names, so that two can be compared.
    fileprivate func sorted() -> DirectoryContents {
        let names = principals.map(\.qualifiedName)
        let order = principals.indices.sorted { names[$0] < names[$1] }
        return DirectoryContents(tenants: tenants, principals: order.map { principals[$0] })
    }
}

extension Principal.Owner {
    /// The way to the owner's principals in the file.
    var path: [SourceEditor.Step] {
        switch self {
        case .tenant(let name): [.key("tenants"), .key(name), .key("principals")]
        case .platform: [.key("platform")]
        }
    }
}
