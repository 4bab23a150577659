/// A piece of YAML that knows where it stands.
///
/// The tree is plain data: aliases are expanded, and every key is a text. What the tree cannot say (tags, merge keys,
/// keys that are lists) has been diagnosed before it exists.
package struct SourceNode: Hashable, Sendable {
    /// Where it stands.
    package let span: SourceSpan
    /// What it is.
    package let content: Content
    /// Whether a part of it could not be read, which the reader has reported: what seems to be missing in it may be
    /// there.
    package let isDamaged: Bool

    /// The kinds of nodes.
    package enum Content: Hashable, Sendable {
        /// Keys and values, in the order of the file.
        case mapping([Pair])
        /// A list.
        case sequence([SourceNode])
        /// A text, which may look like a number.
        case scalar(Scalar)
        /// Nothing: an empty value, `~` or `null`.
        case null
    }

    /// A key with its value.
    package struct Pair: Hashable, Sendable {
        /// The key.
        package let key: Key
        /// The value.
        package let value: SourceNode
        /// Where the mapping has the same key before, if it does; the reader has diagnosed it.
        package let firstWritten: SourceSpan?

        /// Joins a key and a value.
        package init(key: Key, value: SourceNode, firstWritten: SourceSpan? = nil) {
            self.key = key
            self.value = value
            self.firstWritten = firstWritten
        }
    }

    /// A key of a mapping.
    package struct Key: Hashable, Sendable {
        /// The text.
        package let text: String
        /// Where it stands.
        package let span: SourceSpan

        /// Places a text.
        package init(text: String, span: SourceSpan) {
            self.text = text
            self.span = span
        }
    }

    /// A text value.
    package struct Scalar: Hashable, Sendable {
        /// The value, after quotes and escapes are resolved.
        package let text: String
        /// How it is written.
        package let style: Style
        /// Where the characters of `text` stand, if the file has exactly these characters in one line.
        package let verbatim: SourceSpan?

        /// How a text is written.
        package enum Style: UInt8, Sendable {
            /// Without quotes.
            case plain
            /// In single or double quotes.
            case quoted
            /// Over several lines after `|` or `>`.
            case block
        }

        /// States a text value.
        package init(text: String, style: Style, verbatim: SourceSpan?) {
            self.text = text
            self.style = style
            self.verbatim = verbatim
        }
    }

    /// Places content.
    package init(span: SourceSpan, content: Content, isDamaged: Bool = false) {
        self.span = span
        self.content = content
        self.isDamaged = isDamaged
    }

    /// What it is, in words for people: "a list".
    package var kind: String {
        switch content {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .scalar: "a text"
        case .null: "nothing"
        }
    }

    /// The place of a part of the text of a scalar, given in bytes of UTF-8; all of the node if the part cannot be
    /// told.
    ///
    /// - Complexity: O(n) in the text.
    package func span(utf8Offset offset: Int, length: Int) -> SourceSpan {
        guard case .scalar(let scalar) = content, let verbatim = scalar.verbatim, offset >= 0, length >= 0 else {
            return span
        }
        let utf8 = scalar.text.utf8
        guard
            let start = utf8.index(utf8.startIndex, offsetBy: offset, limitedBy: utf8.endIndex),
            let end = utf8.index(start, offsetBy: length, limitedBy: utf8.endIndex)
        else { return span }
        let scalars = scalar.text.unicodeScalars
        var part = verbatim
        part.column += scalars[..<start].count
        part.length = scalars[start..<end].count
        return part
    }
}
