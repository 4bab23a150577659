import Foundation
import Vocabulary

@testable import Directory

/// A directory in a folder of its own.
struct DirectoryFixture {
    /// What the file says at first.
    static let text = """
        headgate-directory: 1

        # Customers, by the date of their contract.
        tenants:
          acme:  # since 2019
            plan: enterprise
            principals:
              web: { classes: [interactive] }  # the storefront
              # worker comes in spring
          sandy: { plan: starter, sandbox: true }
          small-co: { plan: starter, regions: [eu-west-1] }

        """

    /// The folder.
    let folder: TemporaryFolder
    /// The directory.
    let directory: FileDirectory

    init() throws {
        folder = try TemporaryFolder()
        directory = FileDirectory(path: try folder.write(Self.text))
    }

    /// Adds a key.
    func add(
        _ owner: Principal.Owner = .tenant("acme"), _ principal: String = "web", create classes: [String]? = nil,
        label: String? = nil, expires: WallTime? = nil, seed: UInt64 = 1
    ) throws(DirectoryError) -> IssuedKey {
        var generator = SeededGenerator(seed: seed)
        return try directory.addKey(
            KeyRequest(
                owner: owner, principal: principal, classesOfNewPrincipal: classes, label: label, expires: expires),
            at: Samples.now, using: &generator)
    }

    /// The error that something throws.
    func failure(of body: () throws -> Void) -> DirectoryError? {
        do {
            try body()
            return nil
        } catch {
            return error as? DirectoryError
        }
    }
}
