import AdmissionTestSupport
import Foundation

/// Feeds seeded noise to everything that reads what strangers send, and ends with an error at the first that crashes,
/// hangs, grows, or breaks a rule of its own.
///
///     fuzz [--inputs N] [--seed S] [--only NAME] [--from CHUNK]
///
/// Inputs come in chunks of ten thousand, and a chunk follows from the seed and its own number alone. Before each chunk
/// its number goes to standard error, where the last one that stands there is the one to run again with `--from`.
@main
struct Fuzz {
    /// Inputs that follow from one seed.
    static let chunkSize = 10_000
    /// How long a chunk may take, in seconds; more than a thousand times what it takes.
    static let chunkSecondsMax: UInt32 = 120
    /// How much the memory may grow between the first fifth and the end.
    ///
    /// 24 MiB: what allocators and tables of numbers keep moves by a few, and one forgotten byte per input is ten.
    static let growthBytesMax = 24 << 20

    static func main() throws {
        let options = try FuzzOptions(CommandLine.arguments.dropFirst())
        let targets: [any FuzzTarget.Type] = [
            HTTP1Target.self, HTTP2Target.self, ProtobufTarget.self, MatcherTarget.self,
            ProxyTarget.self,
        ]
        for target in targets where options.only.map({ $0 == target.name }) ?? true { try run(target, options) }
    }

    private static func run(_ type: any FuzzTarget.Type, _ options: FuzzOptions) throws {
        print("\(type.name): \(options.inputs) inputs with seed \(options.seed)")
        let chunks = max(1, options.inputs / chunkSize)
        let start = ContinuousClock.now
        var bytesAtFifth = 0
        var tally = FuzzTally()
        for chunk in options.from..<chunks {
            // A hang is a death by this alarm.
            alarm(chunkSecondsMax)
            FileHandle.standardError.write(Data("\r\(type.name) \(chunk)".utf8))
            var generator = SeededGenerator(seed: options.seed &* 0x9E37_79B9 &+ UInt64(chunk))
            var target = try type.init()
            for _ in 0..<chunkSize { try target.run(&generator, &tally) }
            try target.finish()
            if chunk == chunks / 5 { bytesAtFifth = try residentBytes() }
        }
        alarm(0)
        let growth = max(0, try residentBytes() - bytesAtFifth)
        let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1_000
        print("\r\(type.name): passed in \(seconds) s, grew by \(growth / 1_024) KiB after the first fifth; \(tally)")
        guard tally.accepted > 0, tally.refused > 0 else {
            throw FuzzFailure("\(type.name): all inputs had one outcome")
        }
        guard growth <= growthBytesMax else { throw FuzzFailure("\(type.name) grew by \(growth) bytes") }
    }

    /// The memory of this process, as Linux counts it.
    private static func residentBytes() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (Int(pages[1]) ?? 0) * 4_096
    }
}

/// What the command line asks for.
struct FuzzOptions {
    var inputs = 100_000
    var seed: UInt64 = 1
    var only: String?
    var from = 0

    init(_ arguments: ArraySlice<String>) throws {
        var rest = arguments
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw FuzzFailure("\(name) needs a value") }
            switch name {
            case "--inputs": inputs = Int(value) ?? inputs
            case "--seed": seed = UInt64(value) ?? seed
            case "--only": only = value
            case "--from": from = Int(value) ?? from
            default: throw FuzzFailure("there is no option \(name)")
            }
        }
    }
}

/// Something that reads what strangers send.
protocol FuzzTarget {
    /// What it is called.
    static var name: String { get }

    /// Prepares for a chunk of inputs.
    init() throws

    /// Makes one input and feeds it.
    mutating func run(_ generator: inout SeededGenerator, _ tally: inout FuzzTally) throws

    /// Ends a chunk.
    mutating func finish() throws
}

extension FuzzTarget {
    mutating func finish() throws {}
}

/// How inputs went: noise that is always refused tests little.
struct FuzzTally: CustomStringConvertible {
    var accepted = 0
    var refused = 0
    /// The most steps that one input took.
    var stepsMax = 0

    var description: String { "\(accepted) accepted, \(refused) refused, at most \(stepsMax) steps" }
}

/// A rule was broken.
struct FuzzFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
