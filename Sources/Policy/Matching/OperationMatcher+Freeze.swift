extension OperationMatcher {
    /// Turns the tree of patterns into entries for flat tables.
    struct Freezer {
        /// The nodes, numbered as in the tree.
        private(set) var nodes: [Node] = []
        /// The literals of all patterns.
        private(set) var literals = Numbering()
        /// The methods that patterns name; `*` is no method and stands for any.
        private(set) var methods = Numbering(["*", "GET", "HEAD"])
        /// Node and literal to node.
        private(set) var edges: [(left: Int32, right: Int32, value: Int32)] = []
        /// Leaf and method to operation.
        private(set) var leaves: [(left: Int32, right: Int32, value: Int32)] = []

        /// Takes a tree apart.
        ///
        /// - Parameters:
        ///   - trie: the tree.
        ///   - operation: the number to answer for a pattern of the tree.
        mutating func freeze(_ trie: PatternTrie, operation: (Int) -> Int) {
            for (index, node) in trie.nodes.enumerated() {
                for (text, child) in node.literals {
                    edges.append((Int32(index), literals.number(of: text), Int32(child)))
                }
                for entry in node.exact { leaves.append(leaf(2 * index, entry, operation)) }
                for entry in node.rest { leaves.append(leaf(2 * index + 1, entry, operation)) }
                nodes.append(
                    Node(
                        parameter: Int32(node.parameter ?? -1), hasLiterals: !node.literals.isEmpty,
                        hasExact: !node.exact.isEmpty, hasRest: !node.rest.isEmpty))
            }
        }

        private mutating func leaf(
            _ leaf: Int, _ entry: PatternTrie.Entry, _ operation: (Int) -> Int
        ) -> (left: Int32, right: Int32, value: Int32) {
            let method = methods.number(of: entry.method ?? "*")
            return (Int32(leaf), method, Int32(operation(entry.number)))
        }
    }

    /// Gives each distinct word a number, in order of appearance.
    struct Numbering {
        /// The words, by number.
        private(set) var words: [String] = []
        private var numbers: [String: Int32] = [:]

        /// Numbers some words from 0, as a start.
        init(_ words: [String] = []) {
            for word in words { _ = number(of: word) }
        }

        /// The number of a word, a new one if it is new.
        mutating func number(of word: String) -> Int32 {
            if let number = numbers[word] { return number }
            let number = Int32(words.count)
            numbers[word] = number
            words.append(word)
            return number
        }
    }
}
