internal import ArgumentParser

/// The command `headgate`.
@main
struct HeadgateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "headgate",
        abstract: "Decide which API traffic goes on and which starves first, and explain every decision.",
        discussion: """
            A first walk:
              headgate policy check policy.yaml                 find every mistake in a policy
              headgate policy explain --overload policy.yaml    say which requests are protected
              headgate serve --policy policy.yaml --directory directory.yaml
              headgate journal --follow                         watch the decisions
              headgate explain DECISION-ID                      tell the story of one
              headgate experience                               show what customers feel

            Where a ledger governs, and its server has a control API:
              headgate sign-in                                  act as an operator from now on
              headgate apply -f tenants.yaml                    make it so, after showing what changes

            Exit codes: 0 done, 1 the input has errors, the thing asked for is not there or was refused, 2 there are \
            differences (apply --dry-run), 64 the command line is wrong.
            """,
        version: Version.current,
        subcommands: [
            ServeCommand.self, InitCommand.self, EnrolCommand.self, PolicyCommand.self, DirectoryCommand.self,
            JournalCommand.self, ExplainCommand.self, ExperienceCommand.self, QuarantineCommand.self,
            HealthCommand.self, LedgerCommands.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "Control API",
                subcommands: [
                    SignInCommand.self, SignOutCommand.self, WhoAmICommand.self, CredentialsCommand.self,
                    SessionCommand.self,
                    TokenCommand.self, TenantCommand.self, PlanCommand.self, ExemptionCommand.self,
                    PrincipalCommand.self, KeyCommand.self, UsageCommand.self, OperatorCommand.self,
                    IssuingCommand.self,
                    AuditCommand.self,
                    ApplyCommand.self, APICommand.self,
                ])
        ])
}

/// The version of this build.
enum Version {
    /// Semantic version; the changelog says what each one brings.
    static let current = "0.1.0"
}
