import AllocationCounter
import Foundation
import Vocabulary

/// Makes one kind of request many times, from the bytes that a socket would bring to the bytes that it would send.
///
/// The clock says little on a machine that others use; instructions and allocations say the same every time. So this
/// is run by `Benchmarks/gates`, once with and once without callgrind:
///
///     request-benchmark POLICY CASE COUNT      makes COUNT requests after the warm-up, prints allocations per request
///                                              and, in hexadecimal digits, the answer to one more
///     request-benchmark --list                 prints the cases
@main
struct RequestBenchmark {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--list"] {
            for name in World.Case.allCases { print(name.rawValue) }
            return
        }
        guard arguments.count == 3, let name = World.Case(rawValue: arguments[1]), let count = Int(arguments[2]),
            count > 0
        else {
            FileHandle.standardError.write(Data("usage: request-benchmark POLICY CASE COUNT | --list\n".utf8))
            exit(64)
        }
        let world = try World(policy: arguments[0], case: name)
        // Every tenant once and more: the first request of each makes its budgets, its series, its cached credential.
        try world.run(4 * World.tenantCount)
        let before = headgate_allocation_count()
        try world.run(count)
        let allocations = Double(headgate_allocation_count() - before) / Double(count)
        print(String(format: "%.2f", allocations))
        print(try world.answer().map { String(format: "%02x", $0) }.joined())
    }
}
