internal import Policy

/// Puts entries into a YAML text and leaves everything else as it is: comments, order, layout, line ends.
struct SourceEditor {
    private let root: SourceNode
    /// Where things stand in the text.
    let layout: SourceLayout
    private let lineBreak: String

    /// One step from a node to one below it.
    enum Step: Sendable {
        /// To the value of a key.
        case key(String)
        /// To an item of a list.
        case item(Int)
    }

    /// What is put in.
    enum Entry: Sendable {
        /// A key with its value, into a mapping.
        case pair(Fragment.Pair)
        /// An item, at the end of a list.
        case item(Fragment)
    }

    /// A change of the text: what stands in the range is replaced.
    struct Change {
        /// What is replaced; empty for an insertion.
        var range: Range<Int>
        /// By what.
        var text: String

        /// Puts a text in at an offset.
        init(at offset: Int, _ text: String) {
            self.init(replacing: offset..<offset, by: text)
        }

        /// Replaces a range.
        init(replacing range: Range<Int>, by text: String) {
            self.range = range
            self.text = text
        }
    }

    /// A node on the way, and what the way to it tells.
    struct Place {
        /// The node.
        var node: SourceNode
        /// The key whose value it is, if it is one.
        var key: SourceNode.Key?
        /// Whether brackets stand around it.
        var isInsideFlow: Bool
    }

    /// Prepares to edit a file.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - root: its tree.
    init(_ file: SourceFile, root: SourceNode) {
        self.root = root
        layout = SourceLayout(text: SourceText(file.text))
        let firstEnd = layout.text.endOfLine(from: 0)
        lineBreak = layout.text.scalar(at: firstEnd) == "\r" ? "\r\n" : "\n"
    }

    /// The texts with an entry put in at the end of a collection, the best first.
    ///
    /// - Parameters:
    ///   - entry: what is put in.
    ///   - path: the way to the collection. What is missing of it is written too.
    /// - Returns: nothing where the layout is none that the editor understands. What it returns may still
    ///   mean something else than it should; the caller reads each text again and takes the first that
    ///   means the right thing.
    /// - Complexity: O(n).
    func texts(inserting entry: Entry, at path: [Step]) -> [String] {
        var place = Place(node: root, isInsideFlow: false)
        for (position, step) in path.enumerated() {
            let isInsideFlow = place.isInsideFlow || layout.isFlow(place.node)
            switch (step, place.node.content) {
            case (.key(let key), .mapping(let pairs)):
                let pair = pairs.last { $0.key.text == key }
                if let pair, pair.value.content != .null {
                    place = Place(node: pair.value, key: pair.key, isInsideFlow: isInsideFlow)
                    continue
                }
                guard let value = SourceEditor.fragment(entry, at: path[(position + 1)...]) else { return [] }
                let changes =
                    pair.map { [filling($0, with: value, isInsideFlow: isInsideFlow)] }
                    ?? changes(inserting: .pair(Fragment.Pair(key, value)), into: place)
                return changes.compactMap { $0.map(applying) }
            case (.item(let index), .sequence(let items)) where items.indices.contains(index):
                place = Place(node: items[index], isInsideFlow: isInsideFlow)
            default: return []
            }
        }
        return changes(inserting: entry, into: place).compactMap { $0.map(applying) }
    }

    /// The entry with the collections around it that are still missing.
    static func fragment(_ entry: Entry, at path: ArraySlice<Step>) -> Fragment? {
        var fragment: Fragment =
            switch entry {
            case .pair(let pair): .mapping([pair], .block)
            case .item(let item): .sequence([item], .block)
            }
        for step in path.reversed() {
            guard case .key(let key) = step else { return nil }
            fragment = .mapping([Fragment.Pair(key, fragment)], .block)
        }
        return fragment
    }

    /// Lines to follow a line.
    func lines(_ lines: [String], indent: Int) -> String {
        lines.map { lineBreak + String(repeating: " ", count: indent) + $0 }.joined()
    }

    /// The text after changes that are given from front to back.
    private func applying(_ changes: [Change]) -> String {
        var scalars = layout.text.scalars
        for change in changes.reversed() { scalars.replaceSubrange(change.range, with: change.text.unicodeScalars) }
        return String(String.UnicodeScalarView(scalars))
    }
}
