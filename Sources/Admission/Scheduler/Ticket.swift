/// What a request is called between the step that let it in and the event that ends it.
///
/// A slot and the generation of what is in it. When a request ends, its slot goes on to the next generation; a ticket
/// that comes twice or too late finds nothing, and never another's request.
package struct Ticket: Hashable, Sendable, BitwiseCopyable {
    /// Where the request lies.
    let slot: Int32
    /// How many requests lay there before.
    let generation: UInt32
}
