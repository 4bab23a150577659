package import Vocabulary

/// Work of the writing thread.
///
/// Lives on that thread alone; reads no clock and waits for nothing but the disk.
package protocol Duty: AnyObject {
    /// Does what is due.
    ///
    /// Called several times a second.
    func perform(at now: Moment)

    /// Does what can still be done, whatever it was waiting for, and lets go of its files.
    func finish(at now: Moment)
}
