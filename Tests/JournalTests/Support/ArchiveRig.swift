import Foundation
import Vocabulary

@testable import Journal

extension Archive {
    /// An archive as a server has it, with a clock that stands still.
    static func forTest(
        at path: String, notices: Notices = Notices(), configure: (inout JournalSettings) -> Void = { _ in }
    ) throws(JournalError) -> Archive {
        var settings = JournalSettings()
        settings.admitSampling = 1
        configure(&settings)
        return try Archive(
            path: path, settings: settings, clock: { Moment(monotonic: .zero, wall: Samples.wall) },
            notify: { notices.append($0) })
    }
}
