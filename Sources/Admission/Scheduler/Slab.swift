/// A fixed run of trivial values, allocated once and changed in place.
///
/// Unlike an array it is never copied, so no access asks whether it is shared.
@safe
struct Slab<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    // SAFETY: the elements belong to this value alone, which cannot be copied, so whoever has it may send it on. They
    // are initialised when allocated and freed in deinit, and every access is checked.
    private let elements: UnsafeMutablePointer<Element>
    /// How many elements there are.
    let count: Int

    /// Equal elements.
    init(repeating element: Element, count: Int) {
        self.count = count
        unsafe elements = UnsafeMutablePointer<Element>.allocate(capacity: max(1, count))
        unsafe elements.initialize(repeating: element, count: count)
    }

    deinit { unsafe elements.deallocate() }

    /// The element at an index.
    ///
    /// - Precondition: the index lies inside.
    @inline(__always)  // dozens of times per event
    subscript(index: Int) -> Element {
        get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index \(index) of \(count)")
            return unsafe elements[index]
        }
        nonmutating _modify {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index \(index) of \(count)")
            yield unsafe &elements[index]
        }
    }

    /// The element at an index.
    @inline(__always)
    subscript(index: Int32) -> Element {
        get { self[Int(index)] }
        nonmutating _modify { yield &self[Int(index)] }
    }

    /// Bytes held.
    var byteCount: Int { count * MemoryLayout<Element>.stride }
}
