extension Span where Element == UInt8 {
    /// The offset of the first line feed at or after an offset; `nil` if there is none.
    ///
    /// - Complexity: O(n) in the bytes looked at.
    package func lineFeed(from start: Int) -> Int? {
        let index = firstIndex(in: start..<count) { word in word.equal(to: ASCII.lineFeed) }
        return index < count ? index : nil
    }

    /// The offset of the first control character of ASCII; the end of the range if there is none.
    ///
    /// - Complexity: O(n) in the bytes looked at.
    @inline(__always)  // a loop of a handful of operations
    func controlCharacter(in range: Range<Int>) -> Int {
        firstIndex(in: range) { word in word.below(ASCII.space) | word.equal(to: ASCII.delete) }
    }

    /// Whether a run of bytes is exactly a text.
    package func equals(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        var offset = 0
        while offset + 8 <= range.count {
            // SAFETY: any eight bytes are an integer, the span checks that they are its own, and the text is as long;
            // literals never move.
            let ours = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: range.lowerBound + offset, as: UInt64.self)
            guard unsafe ours == UnsafeRawPointer(text.utf8Start).loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            else { return false }
            offset += 8
        }
        while offset < range.count {
            // SAFETY: as above.
            guard unsafe self[range.lowerBound + offset] == text.utf8Start[offset] else { return false }
            offset += 1
        }
        return true
    }

    /// Whether a run of bytes is a name of lower-case letters, digits and hyphens, in any case.
    ///
    /// Unlike `equalsIgnoringCase` this demands nothing of the bytes: bit 5 is set where the name has a letter, and
    /// only there.
    ///
    /// - Precondition: the name has at least four characters.
    func equalsName(_ range: Range<Int>, _ name: StaticString) -> Bool {
        let count = range.count
        guard count == name.utf8CodeUnitCount, count >= 4 else { return false }
        guard count >= 8 else {
            return isName(range.lowerBound, name, at: 0, as: UInt32.self)
                && isName(range.lowerBound, name, at: count - 4, as: UInt32.self)
        }
        var offset = 0
        while offset + 8 < count {
            guard isName(range.lowerBound, name, at: offset, as: UInt64.self) else { return false }
            offset += 8
        }
        return isName(range.lowerBound, name, at: count - 8, as: UInt64.self)
    }

    /// Whether as many bytes as an integer has are those of a name; letters have bit 6, hyphens and digits do not.
    @inline(__always)  // a handful of operations
    private func isName<Word: FixedWidthInteger & BitwiseCopyable>(
        _ start: Int, _ name: StaticString, at offset: Int, as type: Word.Type
    ) -> Bool {
        // SAFETY: any bytes are an integer, the span checks that they are its own, and the caller that the name has
        // them; literals never move.
        let ours = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start + offset, as: type)
        let theirs = unsafe UnsafeRawPointer(name.utf8Start).loadUnaligned(fromByteOffset: offset, as: type)
        return ours | (theirs & Word(truncatingIfNeeded: 0x4040_4040_4040_4040 as UInt64)) >> 1 == theirs
    }

    /// Whether two runs hold the same bytes.
    package func equals(_ first: Range<Int>, _ second: Range<Int>) -> Bool {
        guard first.count == second.count else { return false }
        for offset in 0..<first.count where self[first.lowerBound + offset] != self[second.lowerBound + offset] {
            return false
        }
        return true
    }

    /// Whether a run of bytes is a text when upper and lower case of ASCII letters count as equal.
    ///
    /// Setting bit 5 makes a letter lower case and leaves digits, hyphens and slashes as they are. It also
    /// turns control characters into punctuation, so the bytes must be known to hold none: every caller
    /// has checked them first.
    ///
    /// - Precondition: every character of `lowercase` has bit 5 set, as all but upper-case letters and `@[\]^_` have.
    package func equalsIgnoringCase(_ range: Range<Int>, _ lowercase: StaticString) -> Bool {
        range.count == lowercase.utf8CodeUnitCount && beginsIgnoringCase(range, lowercase)
    }

    /// Whether a run of bytes begins with a text when upper and lower case of ASCII letters count as equal.
    ///
    /// - Precondition: as for `equalsIgnoringCase`.
    package func beginsIgnoringCase(_ range: Range<Int>, _ lowercase: StaticString) -> Bool {
        guard range.count >= lowercase.utf8CodeUnitCount else { return false }
        for offset in 0..<lowercase.utf8CodeUnitCount {
            // SAFETY: the offset is below the text's own count; literals never move.
            guard unsafe self[range.lowerBound + offset] | 0x20 == lowercase.utf8Start[offset] else { return false }
        }
        return true
    }

    /// A run of bytes without the spaces and tabs around it.
    package func trimmingBlanks(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, ASCII.isBlank(self[start]) { start += 1 }
        while end > start, ASCII.isBlank(self[end - 1]) { end -= 1 }
        return start..<end
    }

    /// Calls back with each element of a list (RFC 9110 §5.6.1), without the blanks around it; empty ones too.
    func forEachElement(of list: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = list.lowerBound
        while start < list.upperBound {
            var end = start
            while end < list.upperBound, self[end] != ASCII.comma { end += 1 }
            body(trimmingBlanks(start..<end))
            start = end + 1
        }
    }

    /// Whether a run of bytes is UTF-8.
    ///
    /// - Complexity: O(n), eight bytes at a time for ASCII.
    func isUTF8(_ range: Range<Int>) -> Bool {
        let isASCII = firstIndex(in: range) { $0.nonASCII } == range.upperBound
        return isASCII || isUTF8Beyond(range)
    }

    @inline(never)  // rare
    private func isUTF8Beyond(_ range: Range<Int>) -> Bool { (try? UTF8Span(validating: extracting(range))) != nil }

    /// A run of bytes as text; bytes that are not UTF-8 become U+FFFD.
    ///
    /// - Complexity: O(n), one allocation beyond fifteen bytes.
    package func string(_ range: Range<Int>) -> String {
        // SAFETY: the pointer is used only inside the closure that lends it.
        unsafe extracting(range).withUnsafeBufferPointer { bytes in unsafe String(decoding: bytes, as: UTF8.self) }
    }
}
