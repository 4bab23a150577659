internal import ArgumentParser
internal import Policy

/// `headgate issuing …`: the short-lived tokens of callers.
struct IssuingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issuing", abstract: "Signing keys, outside issuers and withdrawn tokens of callers.",
        subcommands: [
            KeysCommand.self, RotateCommand.self, IssuersCommand.self, IssuerCommand.self, AcceptCommand.self,
            RefuseCommand.self, MinimumCommand.self, RevokeCommand.self,
        ])

    /// `headgate issuing keys`.
    struct KeysCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "keys", abstract: "List the keys that tokens are signed with, the oldest first.")
        static let calls = ["listSigningKeys"]

        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "listSigningKeys", page: page,
                columns: ["id", "algorithm", "state", "published_at", "activated_at", "retired_at"],
                nothing: "no signing keys")
        }
    }

    /// `headgate issuing rotate`.
    struct RotateCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "Let the next key sign now, and draw one that comes after it; confirmed.")
        static let calls = ["rotateSigningKeys"]

        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws { try await api.tell("rotateSigningKeys", body: .object([])) }
    }

    /// `headgate issuing issuers`.
    struct IssuersCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "issuers", abstract: "List whose tokens are accepted besides.")
        static let calls = ["listIssuers"]

        @OptionGroup var page: PageOptions
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.list(
                "listIssuers", page: page, columns: ["name", "issuer", "audience", "keys", "tenants"],
                nothing: "no outside issuers")
        }
    }

    /// `headgate issuing issuer`.
    struct IssuerCommand: ControlCommand {
        static let configuration = CommandConfiguration(commandName: "issuer", abstract: "Show an outside issuer.")
        static let calls = ["getIssuer"]

        @Argument(help: "Its name.")
        var name: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws { try await api.tell("getIssuer", ["issuer": name]) }
    }

    /// `headgate issuing accept`.
    struct AcceptCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Accept an issuer's tokens, as stated from now on; has to be confirmed.")
        static let calls = ["getIssuer", "stateIssuer"]

        @Argument(help: "How it is called here.")
        var name: String
        @Option(help: "What it calls itself (iss).")
        var issuer: String
        @Option(help: "What it calls this API (aud).")
        var audience: String
        @Option(help: "The URL of its JSON Web Key Set.")
        var keys: String
        @Option(help: "The type (typ) of its tokens; without it, at+jwt.")
        var type: String?
        @Option(name: .customLong("tenant"), help: "For whom it may speak; repeatable. Without it, for all.")
        var tenants: [String] = []
        @Option(name: .customLong("claim"), help: "Which of its claims means what, as MEANING=CLAIM; repeatable.")
        var claims: [String] = []
        @OptionGroup var control: ControlOptions

        func validate() throws {
            for claim in claims where claim.split(separator: "=", maxSplits: 1).count != 2 {
                throw ValidationError("'\(claim)' is no claim; write tenant=org_id")
            }
        }

        func run(_ api: ControlAPI) async throws {
            var tag: String?
            do {
                tag = try await api.call("getIssuer", ["issuer": name]).tag
            } catch let failure as ControlFailure where failure.problem.status == 404 {
                // It is new.
            }
            let pairs = claims.map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
            try await api.tell(
                "stateIssuer", ["issuer": name],
                body: .record([
                    "issuer": .string(issuer), "audience": .string(audience), "keys": .string(keys),
                    "type": type.map { .string($0) }, "tenants": tenants.isEmpty ? nil : .strings(tenants),
                    "claims": pairs.isEmpty ? nil : .object(pairs.map { .init($0[0], .string($0[1])) }),
                ]), tag: tag)
        }
    }

    /// `headgate issuing refuse`.
    struct RefuseCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "refuse", abstract: "Accept an issuer's tokens no more, also those that are out; confirmed.")
        static let calls = ["removeIssuer"]

        @Argument(help: "Its name.")
        var name: String
        @OptionGroup var control: ControlOptions

        func run(_ api: ControlAPI) async throws {
            try await api.call("removeIssuer", ["issuer": name])
            Terminal.writeError("Tokens of \(name) are not accepted any more.\n")
        }
    }

    /// `headgate issuing minimum`.
    struct MinimumCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "minimum", abstract: "Show or state the oldest policy under which tokens may have been issued."
        )
        static let calls = ["getTokenPolicy", "stateTokenPolicy"]

        @Option(name: .customLong("set"), help: "The version of that policy; has to be confirmed.")
        var version: String?
        @Flag(name: .customLong("any"), help: "Any policy will do; has to be confirmed.")
        var takesAny = false
        @OptionGroup var control: ControlOptions

        func validate() throws {
            guard version == nil || !takesAny else { throw ValidationError("--set and --any say different things") }
        }

        func run(_ api: ControlAPI) async throws {
            guard version != nil || takesAny else {
                try await api.tell("getTokenPolicy")
                return
            }
            try await api.tell("stateTokenPolicy", body: .record(["minimum": version.map { .string($0) }]))
        }
    }

    /// `headgate issuing revoke`.
    struct RevokeCommand: ControlCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Withdraw tokens of callers that were issued up to now.",
            discussion: "Of a tenant, of one of its principals, for one key; or of everybody.")
        static let calls = ["revokeTokensOfEverybody"] + OwnerName.calls("revokeTokens")

        @Argument(help: "The tenant, or platform.", completion: Completions.tenants)
        var owner: OwnerName?
        @Flag(help: "Of everybody.")
        var everybody = false
        @Option(help: "Of this principal alone.")
        var principal: String?
        @Option(help: "Those that were issued for the key with this id.")
        var key: String?
        @Option(help: "Why, for the record.")
        var reason: String
        @OptionGroup var control: ControlOptions

        func validate() throws {
            guard everybody == (owner == nil) else { throw ValidationError("name a tenant, or give --everybody") }
            guard !everybody || principal == nil && key == nil else {
                throw ValidationError("--principal and --key go with a tenant or platform")
            }
        }

        func run(_ api: ControlAPI) async throws {
            if let owner {
                try await api.call(
                    owner.call("revokeTokens"), owner.parameters,
                    body: .record([
                        "principal": principal.map { .string($0) }, "key": key.map { .string($0) },
                        "reason": .string(reason),
                    ]))
            } else {
                try await api.call("revokeTokensOfEverybody", body: ["reason": .string(reason)])
            }
            Terminal.writeError("The tokens are withdrawn.\n")
        }
    }
}
