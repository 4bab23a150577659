internal import NIOCore
internal import NIOPosix

/// An upstream with few workers, and clients that want more of it than there is.
///
///     overload-benchmark upstream PORT WORKERS SERVICE_MILLISECONDS CHANCE_MILLISECONDS
///     overload-benchmark load PORT SECONDS WARM_UP STREAMS
///
/// A request takes the one time and, of the other, an exponentially distributed part that is so long in the mean.
///
/// STREAMS is a file with a line for each stream of requests: its name, an API key, a path, requests per second, how
/// often a refused request is tried again at once, and how many milliseconds the client waits. `load` prints a line of
/// JSON for each.
@main
enum OverloadBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().map { String($0) }
        switch (arguments.first, arguments.count) {
        case ("upstream", 5):
            guard let port = Int(arguments[1]), let workers = Int(arguments[2]), let service = Int64(arguments[3]),
                let chance = Int64(arguments[4])
            else { return usage() }
            try await Upstream.serve(
                port: port, workers: workers, service: .milliseconds(service), chance: .milliseconds(chance))
        case ("load", 5):
            guard let port = Int(arguments[1]), let seconds = Double(arguments[2]), let warmUp = Double(arguments[3])
            else { return usage() }
            for line in try await Load.run(arguments[4], port: port, seconds: seconds, warmUp: warmUp) { print(line) }
        default: usage()
        }
    }

    private static func usage() {
        print("usage: overload-benchmark upstream PORT WORKERS SERVICE_MILLISECONDS CHANCE_MILLISECONDS")
        print("       overload-benchmark load PORT SECONDS WARM_UP STREAMS")
    }
}
