import Testing

@testable import Gateway

@Suite("Bytes that grow at their end")
struct ByteWriterTests {
    private func text(_ write: (inout ByteWriter) -> Void) -> String {
        var writer = ByteWriter()
        write(&writer)
        return writer.withBytes { $0.string(0..<$0.count) }
    }

    @Test func `a number has the digits that it has, on both sides of every power of ten and of two`() {
        var numbers: [Int64] = [0, .min, .max]
        var power: Int64 = 1
        for _ in 0..<18 {
            power *= 10
            numbers += [power - 1, power, power + 1]
        }
        for exponent in 1..<63 { numbers += [1 << exponent - 1, 1 << exponent, 1 << exponent + 1] }
        for number in numbers {
            #expect(text { $0.write(decimal: number) } == String(number))
            if number > .min { #expect(text { $0.write(decimal: -number) } == String(-number)) }
        }
    }

    @Test func `a number goes where one byte stands, and what follows moves`() {
        for number in [0, 1, 0x7F, 0x80, 0x3FFF, 0x4000, .max] as [UInt64] {
            var written = ByteWriter()
            written.write(literal: "ab")
            written.write(varint: number)
            written.write(literal: "cd")
            var replaced = ByteWriter()
            replaced.write(literal: "ab?cd")
            replaced.replace(at: 2, withVarint: number)
            let expected = written.withBytes { bytes in bytes.indices.map { bytes[$0] } }
            #expect(replaced.withBytes { bytes in bytes.indices.map { bytes[$0] } } == expected, "\(number)")
        }
    }
}
