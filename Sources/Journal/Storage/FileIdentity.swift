internal import Foundation

/// Which file stands at a path: a file that was moved aside and replaced is another one under the same name.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let number: UInt64

    /// Looks at a path; `nil` when nothing stands there, or when it cannot be looked at.
    init?(path: String) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        self.init(attributes)
    }

    /// Looks at a path; `nil` when nothing stands there.
    ///
    /// - Throws: a passing failure when it cannot be looked at: a folder that is locked for a moment has lost nothing.
    static func standing(at path: String) throws(StoreFailure) -> FileIdentity? {
        do {
            return FileIdentity(try FileManager.default.attributesOfItem(atPath: path))
        } catch let error as CocoaError where [.fileReadNoSuchFile, .fileNoSuchFile].contains(error.code) {
            return nil
        } catch {
            throw StoreFailure(.passing, "\(path) cannot be looked at: \(error.localizedDescription)")
        }
    }

    private init?(_ attributes: [FileAttributeKey: Any]) {
        guard
            let device = attributes[.systemNumber] as? NSNumber,
            let number = attributes[.systemFileNumber] as? NSNumber
        else { return nil }
        self.device = device.uint64Value
        self.number = number.uint64Value
    }
}
