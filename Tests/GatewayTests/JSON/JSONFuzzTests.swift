import NIOCore
import Testing

@testable import Gateway

@Suite("JSON texts, mutated and generated")
struct JSONFuzzTests {
    private static let seeds = [
        #"{"requests":[{"tenant":"acme","method":"POST","path":"/v1/x","cost":3,"attributes":{"a.b":"c","d":1.5e3}}]}"#,
        #"[1,-2.5E+7,"a\u00e9\ud83d\ude00\n",true,false,null,{},[],{"x":{"y":[[[]]]}}]"#,
        #"{"credential":"hg_live_é","operation":"o","bytes":12,"attributes":{"x":true}}"#,
    ]

    @Test(arguments: 0..<UInt64(8))
    func `no text makes the reader fail but with an error`(block: UInt64) {
        var decoder = CheckCallDecoder()
        for number in 0..<UInt64(1_000) {
            let seed = block * 1_000 + number
            var generator = SeededGenerator(seed: seed)
            let bytes = generator.mutated(Array(Self.seeds[Int.random(in: 0..<3, using: &generator)].utf8))
            var scanner = JSONScanner()
            scanner.load(bytes.span)
            do throws(JSONError) {
                try scanner.skipValue()
                try scanner.end()
                // What the reader accepts is text, and every string in it is.
                #expect(String(validating: bytes, as: UTF8.self) != nil, "seed \(seed)")
            } catch {
                #expect((0...bytes.count).contains(error.offset), "seed \(seed)")
                #expect(!error.description.isEmpty)
            }
            _ = try? decoder.decode(ByteBuffer(bytes: bytes))
            _ = try? decoder.decodeBatch(ByteBuffer(bytes: bytes))
        }
    }

    /// A value to write and to read back.
    private indirect enum Value: Equatable {
        case text(String), integer(Int64), condition(Bool), nothing, list([Value]), object([(String, Value)])

        static func == (left: Value, right: Value) -> Bool { "\(left)" == "\(right)" }

        static func random(_ generator: inout SeededGenerator, depth: Int) -> Value {
            switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &generator) {
            case 0: .text(randomText(&generator))
            case 1: .integer(Int64.random(in: .min ... .max, using: &generator))
            case 2: .condition(Bool.random(using: &generator))
            case 3: .nothing
            case 4:
                .list((0..<Int.random(in: 0...4, using: &generator)).map { _ in random(&generator, depth: depth - 1) })
            default:
                .object(
                    (0..<Int.random(in: 0...4, using: &generator)).map { number in
                        ("k\(number)", random(&generator, depth: depth - 1))
                    })
            }
        }

        static func randomText(_ generator: inout SeededGenerator) -> String {
            var text = ""
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                let range: ClosedRange<UInt32> =
                    [0...0x1F, 0x20...0x7F, 0x80...0xD7FF, 0x1_0000...0x10_FFFF][
                        Int.random(in: 0..<4, using: &generator)]
                if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) {
                    text.unicodeScalars.append(scalar)
                }
            }
            return text
        }

        func write(to json: inout JSONWriter) {
            switch self {
            case .text(let text): json.value(text)
            case .integer(let number): json.value(number)
            case .condition(let condition): json.value(condition)
            case .nothing: json.null()
            case .list(let values): json.array { json in for value in values { value.write(to: &json) } }
            case .object(let members):
                json.object { json in
                    for (name, value) in members {
                        json.name(["k0": "k0", "k1": "k1", "k2": "k2", "k3": "k3"][name] ?? "x")
                        value.write(to: &json)
                    }
                }
            }
        }

        static func read(from scanner: inout JSONScanner) throws(JSONError) -> Value {
            switch try scanner.peek() {
            case .string:
                let text = try scanner.readString()
                return .text(scanner.string(text))
            case .number: return .integer(try scanner.readInteger())
            case .boolean: return .condition(try scanner.readBoolean())
            case .null: return try scanner.readNull() ? .nothing : .text("unreachable")
            case .array:
                var values: [Value] = []
                try scanner.beginArray()
                while try scanner.nextElement() { values.append(try read(from: &scanner)) }
                return .list(values)
            case .object:
                var members: [(String, Value)] = []
                try scanner.beginObject()
                while let range = try scanner.nextMember() {
                    let name = scanner.string(range)
                    members.append((name, try read(from: &scanner)))
                }
                return .object(members)
            }
        }
    }

    @Test func `what is written is what is read back`() throws {
        for seed in 0..<UInt64(2_000) {
            var generator = SeededGenerator(seed: seed)
            let value = Value.random(&generator, depth: 4)
            var writer = JSONWriter(appendingTo: ByteWriter())
            value.write(to: &writer)
            var scanner = JSONScanner()
            writer.finish().withBytes { scanner.load($0) }
            let back = try Value.read(from: &scanner)
            try scanner.end()
            #expect(back == value, "seed \(seed)")
        }
    }
}
