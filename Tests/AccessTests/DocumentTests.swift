import Foundation
import Testing

@testable import Access

/// The tables of docs/access.md, held against the code that they print.
@Suite struct `the page about access` {
    /// The rows of the role table: permission, one column for each role, whether it needs a proof.
    private static var permissionRows: [String] {
        Permission.allCases.map { permission in
            let marks = Role.allCases.map { role in
                guard role.permissions.contains(permission) else { return "" }
                return role.isBoundToTenants && permission.concernsTenants ? "own" : "yes"
            }
            return row(["`\(permission.rawValue)`"] + marks + [permission.isPrivileged ? "proof" : ""])
        }
    }

    private static var scopeRows: [String] {
        TokenScope.allCases.map { scope in
            let names = Permission.allCases.filter(scope.permissions.contains).map { "`\($0.rawValue)`" }
            return row(["`\(scope.rawValue)`", names.joined(separator: ", ")])
        }
    }

    private static func row(_ cells: [String]) -> String {
        "|" + cells.map { $0.isEmpty ? " |" : " \($0) |" }.joined()
    }

    private static func lines() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/access.md"), encoding: .utf8)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static func table(under heading: String) throws -> [String] {
        let section = try lines().drop { $0 != heading }.dropFirst().prefix { !$0.hasPrefix("#") }
        return Array(section.filter { $0.hasPrefix("|") }.dropFirst(2))
    }

    @Test func `has the table of roles that the code has`() throws {
        let expected = Self.permissionRows
        #expect(try Self.table(under: "## Roles") == expected, "write:\n\(expected.joined(separator: "\n"))")
    }

    @Test func `has the table of scopes that the code has`() throws {
        let expected = Self.scopeRows
        #expect(try Self.table(under: "## API tokens") == expected, "write:\n\(expected.joined(separator: "\n"))")
    }
}
