package import Vocabulary

/// Work of the writing thread.
///
/// Lives on that thread alone; reads no clock and waits for nothing but the disk.
package protocol Duty: AnyObject {
    /// Does what is due.
    ///
    /// Called several times a second.
    func perform(at now: Moment)

    /// Whether there is more to do at once; what is long is done in parts, so that other duties have their turns.
    var isBehind: Bool { get }

    /// Does what can still be done, whatever it was waiting for, and lets go of its files.
    func finish(at now: Moment)
}

extension Duty {
    /// Never, unless a duty says otherwise.
    package var isBehind: Bool { false }
}
