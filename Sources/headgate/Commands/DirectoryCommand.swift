internal import ArgumentParser
internal import Directory
internal import Foundation
internal import Gateway
internal import Policy
internal import Vocabulary

/// `headgate directory …`: who may call.
struct DirectoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "directory", abstract: "Make and revoke API keys; check tenants and principals.",
        subcommands: [AddKey.self, RevokeKey.self, List.self, Check.self])

    /// The file that all of these work on.
    struct Options: ParsableArguments {
        @Option(help: "The directory's file.", completion: .file(extensions: ["yaml", "yml"]))
        var directory: String

        /// The directory.
        var file: FileDirectory {
            FileDirectory(path: directory, environment: ProcessInfo.processInfo.environment)
        }
    }

    /// Runs something that fails with a directory's own error, told in full.
    static func reporting<Result>(_ body: () throws(DirectoryError) -> Result) throws -> Result {
        do { return try body() } catch {
            throw Terminal.fail("error: " + error.text(isColoured: Terminal.isErrorColoured))
        }
    }

    /// `headgate directory add-key`.
    struct AddKey: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add-key", abstract: "Make an API key and print it, once, alone on standard output.",
            discussion: """
                The file keeps only a keyed hash; the key cannot be shown again. The secret of the hash is kept beside \
                the file (or where HEADGATE_DIRECTORY_SECRET_FILE says) and must not be checked in.
                """)

        @OptionGroup var options: Options
        @Option(help: "The tenant the principal belongs to; leave it out for one of the platform's own.")
        var tenant: String?
        @Option(help: "The principal that gets the key.")
        var principal: String
        @Flag(help: "Make the principal if it does not exist.")
        var createPrincipal = false
        @Option(name: .customLong("class"), help: "A class the new principal may claim; repeatable.")
        var classes: [String] = []
        @Option(help: "What the key is for.")
        var label: String?
        @Option(help: "When it expires: a moment such as 2027-01-31T00:00:00Z, or days from now such as 90d.")
        var expires: String?

        func run() throws {
            let now = WallTime.now()
            let request = KeyRequest(
                owner: tenant.map { .tenant($0) } ?? .platform, principal: principal,
                classesOfNewPrincipal: createPrincipal ? classes : nil, label: label,
                expires: try expires.map { try Moments.future($0, now: now) })
            if !createPrincipal, !classes.isEmpty {
                throw ValidationError("--class goes with --create-principal; an existing principal has its classes")
            }
            var generator = SystemRandomNumberGenerator()
            let issued = try DirectoryCommand.reporting { () throws(DirectoryError) in
                try options.file.addKey(request, at: now, using: &generator)
            }
            if let lines = issued.linesToAdd {
                Terminal.writeError(
                    "The file could not be changed without touching its layout. Add these lines yourself:\n\(lines)")
            } else {
                Terminal.writeError("Added key \(issued.key.id) for \(issued.principal).\n")
            }
            Terminal.write("\(issued.credential.text)\n")
            if issued.linesToAdd != nil { throw ExitCode(1) }
        }
    }

    /// `headgate directory revoke-key`.
    struct RevokeKey: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke-key", abstract: "Withdraw a key; whoever still uses it is refused and told why.")

        @OptionGroup var options: Options
        @Argument(help: "The key's id, as 'directory list' shows it.")
        var id: String

        func run() throws {
            let revoked = try DirectoryCommand.reporting { () throws(DirectoryError) in
                try options.file.revokeKey(id, at: WallTime.now())
            }
            if let lines = revoked.linesToAdd {
                Terminal.writeError(
                    "The file could not be changed without touching its layout. Add this line to the key:\n\(lines)")
                throw ExitCode(1)
            }
            let state = revoked.wasRevokedBefore ? "was revoked already" : "is revoked"
            Terminal.write("Key \(id) of \(revoked.principal) \(state).\n")
        }
    }

    /// `headgate directory list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys, never their secrets.")

        @OptionGroup var options: Options
        @Option(help: "Only those of this tenant.")
        var tenant: String?

        func run() throws {
            let keys = try DirectoryCommand.reporting { () throws(DirectoryError) in
                try options.file.list(tenant: tenant, at: WallTime.now())
            }
            Terminal.write(keys.isEmpty ? "no keys\n" : keys.table)
        }
    }

    /// `headgate directory check`.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find everything that is wrong with a directory, by itself and against a policy.")

        @OptionGroup var options: Options
        @Option(
            help: "The policy whose plans and classes the directory names.", completion: .file(extensions: ["yaml"]))
        var policy: String?
        @Option(help: "text for people, json for pipelines.")
        var format = PolicyCommand.Format.text

        func run() throws {
            let snapshot = try policy.map { try PolicyCommand.compile($0).snapshot }
            let check = try DirectoryCommand.reporting { () throws(DirectoryError) in
                try options.file.check(against: snapshot)
            }
            let renderer = DiagnosticRenderer(
                files: [check.file], isColoured: format == .text && Terminal.isColoured)
            if format == .json {
                Terminal.write(renderer.json(check.diagnostics))
            } else {
                Terminal.write(renderer.text(check.diagnostics))
                if let counts = check.counts {
                    Terminal.write(
                        "\(options.directory): \(counted(counts.tenants, "tenant")), "
                            + "\(counted(counts.principals, "principal")), \(counted(counts.keys, "key"))\n")
                }
            }
            if !check.isUsable { throw ExitCode(1) }
        }
    }
}
