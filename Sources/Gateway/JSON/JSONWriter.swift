internal import Vocabulary

/// Writes JSON text, in one pass and without intermediate values.
///
/// It keeps one bit of state, whether a comma is due, and trusts its caller to open what it closes: `object` and
/// `array` take what is inside as a closure, so they cannot be left open.
package struct JSONWriter: ~Copyable {
    /// What has been written.
    private var output: ByteWriter
    /// Whether something stands before the next value of the present container.
    private var needsComma = false

    /// Goes on writing where another writer ended.
    package init(appendingTo output: consuming ByteWriter) { self.output = output }

    /// Gives the other writer back, with the text at its end.
    package consuming func finish() -> ByteWriter { output }

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
        if needsComma { output.write(ASCII.comma) }
        output.write(ASCII.quote)
        output.write(literal: name)
        output.write(pair: ASCII.quote, ASCII.colon)
        needsComma = false
    }

    /// Writes a string.
    package mutating func value(_ text: String) {
        separate()
        output.write(json: text)
    }

    /// Writes a string that is known at compile time and needs no escapes.
    package mutating func value(literal text: StaticString) {
        separate()
        output.write(ASCII.quote)
        output.write(literal: text)
        output.write(ASCII.quote)
    }

    /// Writes a string with a number in it; the text in front of it may be any, the others need no escapes.
    mutating func value(_ text: String, _ before: StaticString, _ number: Int64, _ behind: StaticString) {
        separate()
        output.write(ASCII.quote)
        output.write(escaping: text.utf8.span)
        output.write(literal: before)
        output.write(decimal: number)
        output.write(literal: behind)
        output.write(ASCII.quote)
    }

    /// Writes text that came as bytes; what is not UTF-8 in it becomes U+FFFD.
    package mutating func value(utf8 bytes: Span<UInt8>) {
        separate()
        output.write(json: bytes)
    }

    /// Writes the name of a decision.
    mutating func value(_ id: DecisionID) {
        separate()
        output.write(ASCII.quote)
        output.write(id.characters.span)
        output.write(ASCII.quote)
    }

    /// Writes an integer.
    package mutating func value(_ number: Int64) {
        separate()
        output.write(decimal: number)
    }

    /// Writes a boolean.
    package mutating func value(_ condition: Bool) {
        separate()
        output.write(literal: condition ? "true" : "false")
    }

    /// Writes `null`.
    package mutating func null() {
        separate()
        output.write(literal: "null")
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        output.write(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        output.write(bracket)
        needsComma = true
    }

    /// Writes the comma that is due before a value; after a name none is.
    private mutating func separate() {
        if needsComma { output.write(ASCII.comma) }
        needsComma = true
    }
}
