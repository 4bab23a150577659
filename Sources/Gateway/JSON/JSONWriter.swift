package import NIOCore

/// Writes JSON text into a buffer, in one pass and without intermediate values.
///
/// It keeps one bit of state, whether a comma is due, and trusts its caller to open what it closes: `object` and `array`
/// take what is inside as a closure, so they cannot be left open.
package struct JSONWriter: ~Copyable {
    /// What has been written.
    private var buffer: ByteBuffer
    /// Whether something stands before the next value of the present container.
    private var needsComma = false

    /// Goes on writing where a buffer ends.
    package init(appendingTo buffer: consuming ByteBuffer) { self.buffer = buffer }

    /// Gives the buffer back.
    package consuming func finish() -> ByteBuffer { buffer }

    /// Writes an object.
    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        members(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array.
    package mutating func array(_ elements: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "["))
        elements(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes the name of a member; its value has to follow.
    ///
    /// - Precondition: the name needs no escapes.
    package mutating func name(_ name: StaticString) {
        if needsComma { buffer.writeInteger(ASCII.comma) }
        buffer.writeInteger(ASCII.quote)
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
        needsComma = false
    }

    /// Writes a string.
    package mutating func value(_ text: String) {
        separate()
        buffer.writeJSONString(text)
    }

    /// Writes a string that is known at compile time and needs no escapes.
    package mutating func value(_ text: StaticString) {
        separate()
        buffer.writeInteger(ASCII.quote)
        buffer.writeStaticString(text)
        buffer.writeInteger(ASCII.quote)
    }

    /// Writes text that came as bytes; what is not UTF-8 in it becomes U+FFFD.
    package mutating func value(utf8 bytes: Span<UInt8>) {
        separate()
        buffer.writeJSONString(bytes)
    }

    /// Writes an integer.
    package mutating func value(_ number: Int64) {
        separate()
        buffer.writeDecimal(number)
    }

    /// Writes a boolean.
    package mutating func value(_ condition: Bool) {
        separate()
        buffer.writeStaticString(condition ? "true" : "false")
    }

    /// Writes `null`.
    package mutating func null() {
        separate()
        buffer.writeStaticString("null")
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        buffer.writeInteger(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.writeInteger(bracket)
        needsComma = true
    }

    /// Writes the comma that is due before a value; after a name none is.
    private mutating func separate() {
        if needsComma { buffer.writeInteger(ASCII.comma) }
        needsComma = true
    }
}
