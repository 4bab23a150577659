import Foundation
import Synchronization

/// A PostgreSQL server of the tests' own, gone when nobody has it any more or the process of the tests ends.
///
/// A shell starts it and waits at its standard input. Whatever becomes of the tests, that input ends with them; then
/// the shell stops the server and removes all of it. As PostgreSQL refuses to run as root, root becomes another user
/// first.
package final class PostgresServer: Sendable {
    /// The folder that has the socket.
    package let folder: String
    private let shell: Mutex<Shell>

    private struct Shell {
        let process: Process
        let input: FileHandle
        let output: FileHandle
    }

    /// The server for all tests that neither stop it nor mind others: made when the first one wants it.
    package static let shared = Result { try PostgresServer() }

    private static let schemaCount = Atomic(0)

    /// What went wrong.
    package struct Failure: Error, CustomStringConvertible {
        /// In words.
        package let description: String
    }

    /// What a server that speaks TLS needs, and asks of those who come over the network.
    package struct Security: Sendable {
        let certificate: String
        let key: String
        let password: String
        let port: Int

        /// Names the files of the certificate and its key, which everybody can read, a password of plain letters for
        /// the user `headgate`, and the port on 127.0.0.1.
        package init(certificate: String, key: String, password: String, port: Int) {
            self.certificate = certificate
            self.key = key
            self.password = password
            self.port = port
        }

        var words: [String] { [certificate, key, password, "\(port)"] }
    }

    /// Makes a server for one test; one with `security` also listens on 127.0.0.1, with TLS and a password.
    package init(security: Security? = nil) throws {
        let process = Process()
        let command =
            ["/bin/sh", "-c", PostgresServer.script, "postgres", try PostgresServer.programs()]
            + (security?.words ?? [])
        let isRoot = geteuid() == 0
        let words = isRoot ? ["/usr/sbin/runuser", "-u", "postgres", "--"] + command : command
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let shell = Shell(
            process: process, input: input.fileHandleForWriting, output: output.fileHandleForReading)
        folder = try PostgresServer.line(from: shell)
        self.shell = Mutex(shell)
    }

    deinit { try? shell.withLock { try $0.input.close() } }

    /// Makes a server, says where it is, and does as it is told until its input ends.
    private static let script = """
        folder=$(mktemp -d /tmp/headgate-postgres-XXXXXX) && cd "$folder" || exit 1
        listen="-c listen_addresses="
        start() { "$1/pg_ctl" -D data -l log -w -o "-k $folder $listen -c max_connections=200" start; }
        secure() {
            install -m 600 "$3" data/server.key && install -m 644 "$2" data/server.crt || return 1
            echo "ALTER USER headgate PASSWORD '$4'" | "$1/postgres" --single -D data postgres > single 2>&1 || return 1
            printf 'local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n' > data/pg_hba.conf
            listen="-c listen_addresses=127.0.0.1 -c port=$5 -c ssl=on"
        }
        "$1/initdb" -D data --auth=trust --username=headgate --encoding=UTF8 --locale=C --no-sync > made 2>&1 &&
            { [ -z "$2" ] || secure "$@"; } && start "$1" > started && echo "$folder" ||
            { cat made single started log >&2; rm -rf "$folder"; exit 1; }
        while read -r word; do
            case $word in
            stop) "$1/pg_ctl" -D data -m immediate -w stop > stopped ;;
            start) start "$1" > started ;;
            esac
            echo "$word $?"
        done
        "$1/pg_ctl" -D data -m immediate -w stop > stopped
        cd / && rm -rf "$folder"
        """

    /// The folder with the server's programs: from the search path, or where Debian puts them.
    private static func programs() throws -> String {
        let debian = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: debian)) ?? []).sorted().reversed()
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let found = (path + versions.map { "\(debian)/\($0)/bin" }).first { folder in
            ["initdb", "pg_ctl", "postgres"].allSatisfy {
                FileManager.default.isExecutableFile(atPath: "\(folder)/\($0)")
            }
        }
        guard let found else { throw Failure(description: "PostgreSQL is not installed: run scripts/setup") }
        return found
    }

    /// The next line that the shell writes.
    private static func line(from shell: Shell) throws -> String {
        var bytes = Data()
        while let byte = try shell.output.read(upToCount: 1), !byte.isEmpty {
            if byte == Data([UInt8(ascii: "\n")]) { return String(decoding: bytes, as: UTF8.self) }
            bytes += byte
        }
        throw Failure(description: "PostgreSQL could not be started; it says why on standard error")
    }

    /// The address of a schema that no test has had yet.
    package func address() -> String {
        let number = PostgresServer.schemaCount.add(1, ordering: .relaxed).newValue
        return address(schema: "test_\(number)")
    }

    /// The address of a schema.
    package func address(schema: String) -> String {
        "postgres://headgate@/postgres?host=\(folder)&schema=\(schema)"
    }

    /// Stops the server as a crash would, and returns when it is gone.
    package func stop() throws { try tell("stop") }

    /// Starts it again, and returns when it takes connections.
    package func start() throws { try tell("start") }

    private func tell(_ word: String) throws {
        let answer = try shell.withLock { shell in
            try shell.input.write(contentsOf: Data("\(word)\n".utf8))
            return try PostgresServer.line(from: shell)
        }
        guard answer == "\(word) 0" else { throw Failure(description: "PostgreSQL does not \(word): \(answer)") }
    }
}
