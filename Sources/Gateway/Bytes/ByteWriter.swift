internal import NIOCore

/// Bytes that grow at their end, for answers that are put together from many small parts.
///
/// `ByteBuffer` and arrays would do as well, at a price: each of their writes finds out anew whether the storage is
/// shared, and an answer of this server has about a hundred parts. This storage has one owner, which the compiler
/// knows, so a part costs a comparison and its copy; the whole is copied into a `ByteBuffer` once.
@safe
package struct ByteWriter: ~Copyable {
    // SAFETY: the memory belongs to this value alone, which cannot be copied; the first `count` of its bytes are
    // initialised, and every write makes room first.
    private var memory = unsafe UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
    /// The number of bytes written.
    package private(set) var count = 0

    /// Begins with nothing, and without memory.
    package init() {}

    deinit { unsafe memory.deallocate() }

    /// Lends what has been written.
    package borrowing func withBytes<Result, Failure: Error>(
        _ read: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // SAFETY: so many bytes are initialised, and nobody writes while they are lent.
        try read(unsafe Span(_unsafeElements: UnsafeBufferPointer(rebasing: memory[..<count])))
    }

    /// Makes room for so many more bytes.
    ///
    /// - Complexity: O(1), amortised over what is written.
    @inline(__always)  // the comparison is all that nearly every write needs
    private mutating func reserve(_ more: Int) {
        if unsafe memory.count - count < more { grow(by: more) }
    }

    @inline(never)  // rare
    private mutating func grow(by more: Int) {
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(256, (count + more).nextPowerOfTwo))
        if let from = unsafe memory.baseAddress { unsafe larger.baseAddress?.update(from: from, count: count) }
        unsafe memory.deallocate()
        unsafe memory = larger
    }

    /// Appends one byte.
    package mutating func write(_ byte: UInt8) {
        reserve(1)
        unsafe memory[count] = byte
        count += 1
    }

    /// Appends two bytes in one go.
    @inline(__always)  // two stores
    mutating func write(pair first: UInt8, _ second: UInt8) {
        reserve(2)
        unsafe memory[count] = first
        unsafe memory[count + 1] = second
        count += 2
    }

    /// Appends a text that is known at compile time.
    package mutating func write(literal text: StaticString) {
        // SAFETY: start and count are the literal's own, and literals never move.
        unsafe write(text.utf8Start, text.utf8CodeUnitCount)
    }

    /// Appends the UTF-8 of a text.
    package mutating func write(_ text: String) { write(text.utf8.span) }

    /// Appends bytes.
    package mutating func write(_ span: Span<UInt8>) {
        // SAFETY: the pointer is used only inside the closure that lends it.
        unsafe span.withUnsafeBufferPointer { bytes in
            if let start = bytes.baseAddress { unsafe write(start, bytes.count) }
        }
    }

    /// Appends what another writer has.
    package mutating func write(_ other: borrowing ByteWriter) { other.withBytes { write($0) } }

    private mutating func write(_ start: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        guard let base = unsafe memory.baseAddress else { return }  // nothing to write, and no room yet
        unsafe (base + count).update(from: start, count: length)
        count += length
    }

    /// Appends a number in decimal digits.
    ///
    /// - Complexity: O(digits).
    package mutating func write(decimal number: Int64) {
        reserve(20)  // as many as the smallest Int64 has, with its sign
        if number < 0 {
            unsafe memory[count] = UInt8(ascii: "-")
            count += 1
        }
        var rest = number.magnitude
        guard rest >= 10 else {
            unsafe memory[count] = ASCII.zero | UInt8(truncatingIfNeeded: rest)
            count += 1
            return
        }
        count += ByteWriter.digitCount(of: rest)
        var place = count
        while rest >= 100 {
            place -= 2
            writeDigits(rest % 100, at: place)
            rest /= 100
        }
        if rest >= 10 { writeDigits(rest, at: place - 2) } else { unsafe memory[place - 1] = ASCII.zero | UInt8(rest) }
    }

    /// How many decimal digits a number has that is at most 2⁶³.
    @inline(__always)  // half a dozen operations
    private static func digitCount(of number: UInt64) -> Int {
        // The bits times log₁₀ 2, which is 1233 ÷ 4096 near enough, are the digits, or one digit too few (Warren,
        // Hacker's Delight, §11-4).
        let digits = ((UInt64.bitWidth - number.leadingZeroBitCount) * 1_233) >> 12
        return number < powersOfTen[digits] ? digits : digits + 1
    }

    private static let powersOfTen: InlineArray<20, UInt64> = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]

    /// Puts a number below 100 where there is room for two digits.
    @inline(__always)  // a load and a store
    private mutating func writeDigits(_ number: UInt64, at place: Int) {
        // SAFETY: the literal has two characters for each number below 100, and never moves.
        let digits = unsafe UnsafeRawPointer(ByteWriter.digits.utf8Start)
            .loadUnaligned(fromByteOffset: Int(number) * 2, as: UInt16.self)
        unsafe UnsafeMutableRawPointer(memory.baseAddress)?
            .storeBytes(of: digits, toByteOffset: place, as: UInt16.self)
    }

    /// The numbers from 0 to 99, two digits each.
    private static var digits: StaticString {
        """
        00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354\
        5556575859606162636465666768697071727374757677787980818283848586878889909192939495969798\
        99
        """
    }

    /// Puts another byte where one stands.
    mutating func replace(at index: Int, with byte: UInt8) {
        precondition(index < count, "byte \(index) of \(count)")
        unsafe memory[index] = byte
    }

    /// Puts a number of seven bits per byte where one byte stands; what follows moves if the number needs more.
    ///
    /// - Complexity: O(1) below 128, else O(n) in what follows.
    mutating func replace(at index: Int, withVarint number: UInt64) {
        guard number >= 0x80 else { return replace(at: index, with: UInt8(truncatingIfNeeded: number)) }
        precondition(index < count, "byte \(index) of \(count)")
        var extra = 0
        while number >> UInt64((extra + 1) * 7) > 0 { extra += 1 }
        reserve(extra)
        guard let rest = unsafe memory.baseAddress.map({ unsafe $0 + index + 1 }) else { return }
        // SAFETY: what is moved is initialised, and there is room for it where it goes.
        unsafe (rest + extra).update(from: rest, count: count - index - 1)
        count += extra
        for position in 0...extra {
            let group = UInt8(truncatingIfNeeded: number >> UInt64(position * 7)) & 0x7F
            unsafe memory[index + position] = position < extra ? group | 0x80 : group
        }
    }

    /// Takes back everything behind the first so many bytes.
    ///
    /// - Precondition: there are that many.
    package mutating func truncate(to count: Int) {
        precondition((0...self.count).contains(count), "the first \(count) of \(self.count) bytes")
        self.count = count
    }

    /// Takes back everything, and keeps the memory unless it is more than that.
    package mutating func clear(retainedBytesMax: Int) {
        count = 0
        guard unsafe memory.count > retainedBytesMax else { return }
        unsafe memory.deallocate()
        unsafe memory = UnsafeMutableBufferPointer(start: nil, count: 0)
    }
}

extension ByteBuffer {
    /// Appends what a writer has.
    mutating func write(_ writer: borrowing ByteWriter) { writer.withBytes { write($0) } }

    /// Appends bytes.
    mutating func write(_ span: Span<UInt8>) {
        // SAFETY: the pointer is used only inside the closure that lends it.
        unsafe span.withUnsafeBytes { _ = unsafe writeBytes($0) }
    }
}

extension Int {
    /// The smallest power of two that is not below a positive number.
    fileprivate var nextPowerOfTwo: Int { 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
