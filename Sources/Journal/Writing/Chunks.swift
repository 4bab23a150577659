/// A queue that lies in chunks, so that growing copies a chunk at most and taking out moves references only.
struct Chunks<Element> {
    private let size: Int
    private var chunks: [[Element]] = []

    /// Starts empty; a chunk holds so many elements.
    init(size: Int) { self.size = size }

    /// Adds an element.
    ///
    /// - Complexity: O(1), amortized over a chunk.
    mutating func append(_ element: Element) {
        if chunks.last.map({ $0.count == size }) ?? true {
            chunks.append([])
            chunks[chunks.count - 1].reserveCapacity(size)
        }
        chunks[chunks.count - 1].append(element)
    }

    /// Takes the oldest chunks out that hold at most so many elements together, but one in any case.
    ///
    /// - Complexity: O(chunks).
    mutating func take(atMost countMax: Int) -> [[Element]] {
        var count = 0
        let taken = chunks.prefix { chunk in
            count += chunk.count
            return count <= countMax || count == chunk.count
        }
        chunks.removeFirst(taken.count)
        return Array(taken)
    }

    /// Takes everything out.
    mutating func takeAll() -> [[Element]] {
        var taken: [[Element]] = []
        swap(&taken, &chunks)
        return taken
    }
}
