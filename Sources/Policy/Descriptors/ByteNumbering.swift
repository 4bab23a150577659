/// Numbers texts by their bytes, in the order in which they first come.
///
/// Texts that Unicode calls equivalent have numbers of their own: what a proxy sends is compared byte by byte.
struct ByteNumbering {
    /// The texts, by number.
    private(set) var texts: [String] = []
    private var numbers: [[UInt8]: Int32] = [:]

    /// The number of a text, a new one if it has none.
    mutating func number(of text: String) -> Int32 {
        let bytes = Array(text.utf8)
        if let number = numbers[bytes] { return number }
        let number = Int32(texts.count)
        numbers[bytes] = number
        texts.append(text)
        return number
    }
}
