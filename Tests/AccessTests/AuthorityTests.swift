import Testing
import Vocabulary

@testable import Access

@Suite struct `roles and permissions` {
    private func authority(
        _ role: Role, tenants: Set<String>? = nil, scopes: Set<TokenScope>? = nil
    ) throws -> Authority {
        let bound = role.isBoundToTenants ? tenants ?? ["acme"] : tenants
        let grant = try #require(RoleGrant(role, tenants: bound))
        return Authority(try Samples.name("ada"), grants: [grant], scopes: scopes)
    }

    @Test(arguments: Role.allCases, Permission.allCases)
    func `allow exactly what the table says, of the own tenant, a foreign one and the platform`(
        role: Role, permission: Permission
    ) throws {
        let authority = try authority(role)
        let has = role.permissions.contains(permission)
        let isNarrow = role.isBoundToTenants && permission.concernsTenants
        let allowed: AccessRuling = permission.isPrivileged ? .allowedWithProof : .allowed
        #expect(authority.ruling(on: permission, .tenant("acme")) == (has ? allowed : .forbidden))
        #expect(authority.ruling(on: permission, .someTenants) == (has ? allowed : .forbidden))
        #expect(authority.ruling(on: permission, .tenant("zenith")) == (has && !isNarrow ? allowed : .forbidden))
        #expect(authority.ruling(on: permission, .platform) == (has && !isNarrow ? allowed : .forbidden))
    }

    @Test(arguments: Role.allCases, TokenScope.allCases)
    func `of a token are those of its scope that its owner has, and nothing privileged`(
        role: Role, scope: TokenScope
    ) throws {
        let token = try authority(role, scopes: [scope])
        let owner = try authority(role)
        for permission in Permission.allCases {
            let expected = scope.permissions.contains(permission) ? owner.reach(of: permission) : .nowhere
            #expect(token.reach(of: permission) == expected, "\(permission)")
        }
    }

    @Test func `of a token with all scopes never go beyond its owner, and end with the owner's roles`() throws {
        for scope in TokenScope.allCases {
            #expect(scope.permissions.allSatisfy { !$0.isPrivileged }, "\(scope)")
        }
        let all = Set(TokenScope.allCases)
        let admin = try authority(.platformAdmin, scopes: all)
        for permission in Permission.allCases where permission.isPrivileged {
            #expect(admin.ruling(on: permission, .platform) == .forbidden)
        }
        let former = Authority(try Samples.name("ada"), grants: [], scopes: all)
        #expect(Permission.allCases.allSatisfy { former.reach(of: $0) == .nowhere })
    }

    @Test func `add up, and tenants with them`() throws {
        let grants = try [["acme"], ["zenith", "initech"]].map {
            try #require(RoleGrant(.accountDirector, tenants: Set($0)))
        }
        let director = Authority(try Samples.name("ada"), grants: Set(grants))
        #expect(director.reach(of: .assignPlans) == .tenants(["acme", "zenith", "initech"]))
        #expect(director.ruling(on: .assignPlans, .tenant("other")) == .forbidden)
        let support = try #require(RoleGrant(.support))
        let both = Authority(director.name, grants: Set(grants + [support]))
        #expect(both.reach(of: .readTenants) == .everywhere)
        #expect(both.reach(of: .assignPlans) == director.reach(of: .assignPlans))
    }

    @Test func `say in which role somebody speaks`() throws {
        let grants = try [
            #require(RoleGrant(.accountDirector, tenants: ["acme"])), #require(RoleGrant(.technicalReviewer)),
        ]
        let both = Authority(try Samples.name("ada"), grants: Set(grants))
        #expect(both.roles(for: .approveExemptions, .tenant("acme")) == [.accountDirector, .technicalReviewer])
        #expect(both.roles(for: .approveExemptions, .tenant("zenith")) == [.technicalReviewer])
        #expect(both.roles(for: .writeOperators, .platform) == [])
    }

    @Test func `are granted for certain tenants exactly where the role is bound to tenants`() {
        for role in Role.allCases {
            #expect((RoleGrant(role) == nil) == role.isBoundToTenants)
            #expect((RoleGrant(role, tenants: ["acme"]) != nil) == role.isBoundToTenants)
            #expect(RoleGrant(role, tenants: []) == nil)
        }
    }

    @Test func `keep apart who proposes and who approves, and let the auditor only look`() {
        for role in Role.allCases {
            #expect(!role.permissions.isSuperset(of: [.proposePolicies, .approvePolicies]), "\(role)")
        }
        let looks = Role.auditor.permissions.filter { $0.rawValue.hasSuffix(".read") }
        let all = Permission.allCases.filter { $0.rawValue.hasSuffix(".read") }
        #expect(looks == Set(all))
        #expect(Role.auditor.permissions.subtracting(looks) == [.issueTokens])
        for permission in Permission.allCases {
            #expect(Role.allCases.contains { $0.permissions.contains(permission) }, "nobody has \(permission)")
        }
        let escalations: [Permission] = [.writeOperators, .grantRoles, .issueTokens, .writeIssuers]
        #expect(escalations.allSatisfy { $0.isPrivileged })
    }
}

@Suite struct `API tokens` {
    private let day: Int64 = 86_400_000

    private func owner(_ role: Role, scopes: Set<TokenScope>? = nil) throws -> Authority {
        let grant = try #require(RoleGrant(role, tenants: role.isBoundToTenants ? ["acme"] : nil))
        return Authority(try Samples.name("ada"), grants: [grant], scopes: scopes)
    }

    @Test func `are refused without a scope, a label, an end, or beyond what their owner may do`() throws {
        func refusal(
            _ label: String = "nightly report", _ scopes: Set<TokenScope> = [.read], days: Int64 = 90,
            by owner: Authority, count: Int = 0
        ) -> TokenRequest.Refusal? {
            TokenRequest(label: label, scopes: scopes, lifetimeMilliseconds: days * day)
                .refusal(owner: owner, tokenCount: count)
        }
        let support = try owner(.support)
        #expect(refusal(by: support) == nil)
        #expect(refusal("", by: support) == .label)
        #expect(refusal("a\nb", by: support) == .label)
        #expect(refusal(String(repeating: "a", count: 101), by: support) == .label)
        #expect(refusal("x", [], by: support) == .noScope)
        #expect(refusal("x", [.read, .audit], by: support) == .scopeBeyondOwner(.audit))
        #expect(refusal(days: 0, by: support) == .lifetime)
        #expect(refusal(days: 366, by: support) == nil)
        #expect(refusal(days: 367, by: support) == .lifetime)
        #expect(refusal(by: support, count: 50) == .tooMany)
        #expect(refusal(by: try owner(.support, scopes: [.read])) == .byToken)
    }

    @Test func `are stored as hashes, end, and can be withdrawn`() throws {
        var generator = SeededGenerator(seed: 15)
        let request = TokenRequest(label: "nightly report", scopes: [.read], lifetimeMilliseconds: day)
        let (token, issued) = request.issue(for: try Samples.name("ada"), at: Samples.noon, using: &generator)
        var grant = issued
        #expect(OperatorToken(token.text)?.hash == grant.hash)
        #expect(grant.id.hasPrefix("t_") && grant.id.utf8.count == 14 && !token.text.contains(grant.id.dropFirst(2)))
        #expect(!grant.isUsable(at: Samples.noon.plus(seconds: -1)))
        #expect(grant.isUsable(at: Samples.noon) && grant.isUsable(at: Samples.noon.plus(seconds: 86_399)))
        #expect(!grant.isUsable(at: Samples.noon.plus(seconds: 86_400)))
        grant.revokedAt = Samples.noon
        #expect(!grant.isUsable(at: Samples.noon))
    }

    @Test func `tell of their last use once a minute`() throws {
        var generator = SeededGenerator(seed: 16)
        let request = TokenRequest(label: "x", scopes: [.read], lifetimeMilliseconds: day)
        var grant = request.issue(for: try Samples.name("ada"), at: Samples.noon, using: &generator).grant
        #expect(grant.isUseNews(at: Samples.noon))
        grant.lastUsedAt = Samples.noon
        #expect(!grant.isUseNews(at: Samples.noon.plus(seconds: 59)))
        #expect(grant.isUseNews(at: Samples.noon.plus(seconds: 60)))
    }

    @Test func `act as their owner, with what the owner may do now`() throws {
        var generator = SeededGenerator(seed: 17)
        let request = TokenRequest(label: "x", scopes: [.policies], lifetimeMilliseconds: day)
        let grant = request.issue(for: try Samples.name("ada"), at: Samples.noon, using: &generator).grant
        let author = try owner(.policyAuthor)
        let acting = grant.authority(ownerGrants: author.grants)
        #expect(acting.name == author.name)
        #expect(acting.ruling(on: .proposePolicies, .platform) == .allowed)
        #expect(grant.authority(ownerGrants: []).ruling(on: .proposePolicies, .platform) == .forbidden)
    }
}
