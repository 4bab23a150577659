import Access
import Foundation
import Testing

@testable import Console

/// Every call of the document, by everybody, about their own tenant and another one.
@Suite struct AuthorizationMatrixTests {
    /// Somebody who calls, and what the roles and scopes say they may do.
    private struct Person {
        let name: String
        let roles: Set<Role>
        let scope: TokenScope?
        let client: () throws -> ControlClient

        func may(_ permission: Permission, _ target: String, isOwn: Bool) -> Bool {
            if let scope, permission.isPrivileged || !scope.permissions.contains(permission) { return false }
            return roles.contains { role in
                guard role.permissions.contains(permission) else { return false }
                guard role.isBoundToTenants, permission.concernsTenants else { return true }
                return target == "list" || target == "tenant" && isOwn
            }
        }
    }

    private func people(in world: ConsoleWorld) async throws -> [Person] {
        var people = Role.allCases.map { role in
            Person(name: role.rawValue, roles: [role], scope: nil) { try world.client(of: role.rawValue) }
        }
        for scope in TokenScope.allCases {
            let client = try await world.token(of: "everybody", scopes: [scope])
            let roles = Set(Role.allCases.filter { !$0.isBoundToTenants })
            people.append(Person(name: "token \(scope.rawValue)", roles: roles, scope: scope) { client })
        }
        return people
    }

    @Test func `every call of the document is allowed to whom roles and scopes allow it, and to nobody else`()
        async throws
    {
        try await ConsoleWorld.with { world in
            let document = try Document(try await world.stranger.call("GET", "/openapi.json"))
            let operations = document.operations
            #expect(operations.count == Route.all.count)
            let people = try await people(in: world)
            for operation in operations {
                try #require(["none", "self", "platform", "tenant", "list"].contains(operation.target), "\(operation)")
                let body = operation.body.map(document.example)
                let stranger = try await world.stranger.call(operation.method, operation.path(tenant: "acme"), body)
                if operation.target == "none" {
                    #expect(stranger.code != "unauthenticated", "\(operation)")
                    continue
                }
                #expect(stranger.status == 401 && stranger.code == "unauthenticated", "\(operation): \(stranger.body)")
                for person in people {
                    for tenant in operation.target == "tenant" ? ["acme", "globex"] : ["acme"] {
                        let answer = try await person.client().call(
                            operation.method, operation.path(tenant: tenant), body)
                        check(answer, of: operation, by: person, isOwn: tenant == "acme")
                    }
                }
            }
        }
    }

    private func check(_ answer: ControlAnswer, of operation: Document.Operation, by person: Person, isOwn: Bool) {
        let isAllowed: Bool
        if operation.target == "self" {
            isAllowed = person.scope == nil || operation.takesTokens
        } else {
            guard let permission = operation.permission.flatMap(Permission.init) else {
                Issue.record("\(operation) names no permission")
                return
            }
            isAllowed = person.may(permission, operation.target, isOwn: isOwn)
            #expect(operation.needsProof == permission.isPrivileged)
        }
        let refusals: [String?] = ["unauthenticated", "forbidden", "cross_site", "proof_needed"]
        if !isAllowed {
            #expect(answer.status == 403 && answer.code == "forbidden", "\(person.name), \(operation): \(answer.body)")
        } else if operation.needsProof {
            #expect(answer.code == "proof_needed", "\(person.name), \(operation): \(answer.body)")
        } else {
            #expect(!refusals.contains(answer.code), "\(person.name), \(operation): \(answer.body)")
        }
        #expect(answer.status < 500, "\(person.name), \(operation): \(answer.body)")
    }
}
