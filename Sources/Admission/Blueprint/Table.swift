/// A fixed run of trivial values that is written once and then only read.
///
/// Unlike an array it has no reference count: its owner, a blueprint, frees it.
@safe
struct Table<Element: BitwiseCopyable>: @unchecked Sendable {
    // SAFETY: initialised in full by the initializer and never written again, so that threads may share it; its one
    // owner frees it in its deinit, when no reference is left.
    let elements: UnsafeBufferPointer<Element>

    /// Copies the values into memory of its own.
    init(_ values: [Element]) {
        let copy = UnsafeMutableBufferPointer<Element>.allocate(capacity: values.count)
        _ = unsafe copy.initialize(from: values)
        unsafe elements = UnsafeBufferPointer(copy)
    }

    /// The value at an index.
    ///
    /// - Precondition: the index lies inside the table.
    @inline(__always)  // several times per decision
    subscript(index: Int) -> Element {
        unsafe precondition(index >= 0 && index < elements.count, "index \(index) of \(elements.count)")
        // SAFETY: the index was checked.
        return unsafe elements[index]
    }

    /// Gives the memory back; nothing may use the table afterwards.
    func free() {
        unsafe elements.deallocate()
    }
}
