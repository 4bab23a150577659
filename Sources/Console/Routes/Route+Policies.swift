internal import Access
internal import Directory
internal import Governance
internal import Ledger
internal import HTTPTypes
internal import Ledger
internal import Policy
internal import Vocabulary

extension Route {
    /// Policies: proposed, approved, in force.
    static let policies: [Route] = [
        Route(
            method: .get, path: "/v1/policies", id: "listPolicies", tag: "policies", summary: "Proposals, by id.",
            access: .platform(.readPolicies), query: Parameter.page, answer: .json(.page(of: ProposalView.summary))
        ) { call in
            let history = call.registry.policies
            // Ids are numbers behind a letter; padded, their order is that of the numbers.
            let page = try call.page.select(history.proposals, key: { sortKey($0.facts.id) }, where: { _ in true })
            return .page(
                page.elements.map { ProposalView.json($0, in: history, at: call.now, isWhole: false) }, next: page.next)
        },
        Route(
            method: .post, path: "/v1/policies", id: "proposePolicy", tag: "policies", summary: "Propose a policy.",
            access: .platform(.proposePolicies),
            body: .object([
                .required("documents", .list(ProposalView.document, max: 100)), .required("reason", .reason),
                .optional("expires", .moment, "When the policy before it is in force again."),
            ]), answer: .json(ProposalView.whole, .created), precondition: .honoured, handle: propose),
        Route(
            method: .get, path: "/v1/policies/current", id: "currentPolicy", tag: "policies",
            summary: "The policy in force, of those that were proposed here.", access: .platform(.readPolicies),
            answer: .json(ProposalView.whole)
        ) { call in
            guard let current = call.desk.governor.read({ $0.policies.current(at: call.now) }) else {
                throw Problem.unknown("no policy that was proposed here is in force", "policy")
            }
            return try tell(call, id: current.facts.id)
        },
        Route(
            method: .get, path: "/v1/policies/{policy}", id: "getPolicy", tag: "policies",
            summary: "A proposal with its documents.", access: .platform(.readPolicies),
            answer: .json(ProposalView.whole)
        ) { call in try tell(call, id: try call.parameter("policy")) },
        Route(
            method: .get, path: "/v1/policies/{policy}/difference", id: "comparePolicies", tag: "policies",
            summary: "Who gains and who loses by a policy, compared with another one or the one in force.",
            access: .platform(.readPolicies),
            query: [
                Parameter(name: "from", schema: .text(1...64), summary: "The other one; without it, the one in force.")
            ],
            answer: .json(.named("PolicyDifference", .anything)), handle: compare),
        Route(
            method: .post, path: "/v1/policies/{policy}/approval", id: "approvePolicy", tag: "policies",
            summary: "Approve what somebody else proposes.", access: .platform(.approvePolicies),
            body: .object([.optional("reason", .reason)]), answer: .json(ProposalView.whole), precondition: .honoured
        ) { call in
            try await change(call) { .decidePolicy(id: $0, isApproved: true, reason: call.body.optionalText("reason")) }
        },
        Route(
            method: .post, path: "/v1/policies/{policy}/rejection", id: "rejectPolicy", tag: "policies",
            summary: "Refuse it, with a reason.", access: .platform(.approvePolicies),
            body: .object([.required("reason", .reason)]), answer: .json(ProposalView.whole), precondition: .honoured
        ) { call in
            try await change(call) {
                .decidePolicy(id: $0, isApproved: false, reason: call.body.optionalText("reason"))
            }
        },
        Route(
            method: .post, path: "/v1/policies/{policy}/withdrawal", id: "withdrawPolicy", tag: "policies",
            summary: "Take back what the caller has proposed and what is not in force.",
            access: .platform(.proposePolicies), body: .object([.optional("reason", .reason)]),
            answer: .json(ProposalView.whole), precondition: .honoured
        ) { call in
            try await change(call) { .withdrawPolicy(Verdict(id: $0, reason: call.body.optionalText("reason"))) }
        },
        Route(
            method: .post, path: "/v1/policies/{policy}/schedule", id: "schedulePolicy", tag: "policies",
            summary: "Let an approved policy come into force at a moment.", access: .platform(.publishPolicies),
            body: .object([.required("at", .moment), .optional("reason", .reason)]),
            answer: .json(ProposalView.whole), precondition: .honoured
        ) { call in
            try await change(call) { id in
                .schedulePolicy(
                    Ending(
                        id: id, at: call.moment("at") ?? EventTime(call.now), reason: call.body.optionalText("reason")))
            }
        },
        Route(
            method: .post, path: "/v1/policies/{policy}/publication", id: "publishPolicy", tag: "policies",
            summary: "Let an approved policy come into force now.", access: .platform(.publishPolicies),
            body: .object([]), answer: .json(ProposalView.whole), precondition: .honoured
        ) { call in try await change(call) { .publishPolicy(id: $0) } },
        Route(
            method: .post, path: "/v1/policies/{policy}/rollback", id: "rollBackPolicy", tag: "policies",
            summary: "Put a policy that was in force back into force.", access: .platform(.rollBackPolicies),
            body: .object([.required("reason", .reason)]), answer: .json(ProposalView.whole), precondition: .honoured
        ) { call in
            try await change(call) { .rollBackPolicy(to: $0, reason: call.body.optionalText("reason") ?? "") }
        },
    ]

    private static func sortKey(_ id: String) -> String {
        String(repeating: "0", count: max(0, 12 - id.utf8.count)) + id.dropFirst()
    }

    /// `moment`: of which it is told whether the policy is in force; without it, that of the call.
    private static func tell(
        _ call: Call, id: String, _ status: HTTPResponse.Status = .ok, at moment: WallTime? = nil
    ) throws(Problem) -> Reply {
        let (history, version) = call.desk.governor.read { ($0.policies, $0.version(of: "policy")) }
        guard let proposal = history.proposal(id) else {
            throw .unknown("there is no proposal \(id.quoted)", "policy")
        }
        return .json(
            ProposalView.json(proposal, in: history, at: moment ?? call.now, isWhole: true), status, version: version)
    }

    private static func change(_ call: Call, _ command: (String) -> GovernanceCommand) async throws -> Reply {
        let id = try call.parameter("policy")
        let outcome = try await call.execute(command(id))
        // The record is later than the call, and what it says holds from its moment on.
        return try tell(call, id: id, at: max(outcome.receipt.time, call.desk.clock()))
    }

    @Sendable
    private static func propose(_ call: Call) async throws -> Reply {
        let documents = call.body.objects("documents").map { body in
            PolicyText(name: body.optionalText("name") ?? "", text: body.optionalText("text") ?? "")
        }
        let version = try compiled(documents).version.description
        let (id, parent) = call.desk.governor.read { registry in
            (registry.policies.nextID, registry.policies.current(at: call.now)?.facts.version)
        }
        try await call.execute(
            .proposePolicy(
                ProposalFacts(
                    id: id, version: version, documents: documents, reason: call.body.text("reason"), parent: parent,
                    expires: call.moment("expires"))))
        return try tell(call, id: id, .created)
    }

    @Sendable
    private static func compare(_ call: Call) async throws -> Reply {
        let policies = call.registry.policies
        func snapshot(_ id: String) throws(Problem) -> Snapshot {
            guard let proposal = policies.proposal(id) else {
                throw .unknown("there is no proposal \(id.quoted)", "policy")
            }
            return try compiled(proposal.facts.documents)
        }
        let new = try snapshot(try call.parameter("policy"))
        let old = try call.query["from"].map(snapshot) ?? call.desk.governor.policy(at: call.now)
        guard let old else { throw Problem.unknown("no policy is in force to compare with", "from") }
        return .json(PolicyDifference(from: old, to: new).json)
    }

    /// Compiles documents; what is wrong with them stands in the problem.
    private static func compiled(_ documents: [PolicyText]) throws(Problem) -> Snapshot {
        let files = documents.map { SourceFile(name: $0.name, text: $0.text) }
        let result = PolicyCompiler.compile(files)
        if let snapshot = result.snapshot { return snapshot }
        var problem = Problem.invalid("the documents are no policy", "documents")
        let diagnostics = result.diagnostics.map { diagnostic -> JSONValue in
            .record([
                "severity": .string(diagnostic.severity.name), "code": .string(diagnostic.code.name),
                "message": .string(diagnostic.message),
                "file": files.indices.contains(diagnostic.span.file) ? .string(files[diagnostic.span.file].name) : nil,
                "line": .integer(Int64(diagnostic.span.line)), "column": .integer(Int64(diagnostic.span.column)),
                "suggestion": .text(diagnostic.suggestion),
            ])
        }
        problem.extra = [.init("diagnostics", .array(diagnostics))]
        throw problem
    }
}
