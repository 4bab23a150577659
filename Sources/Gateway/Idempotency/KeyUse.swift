/// What a request's idempotency key is for.
enum KeyUse {
    /// Headgate is asked about a request that goes elsewhere: a repeat is not charged again.
    case charge(IdempotencyKey)
    /// The request goes through Headgate: a repeat is answered with the first one's answer.
    ///
    /// Holds what the field says; `nil`: there is none.
    case answer(Result<IdempotencyKey, IdempotencyKey.Malformed>?)

    /// Reads the value of the field `Idempotency-Key` where the request goes through Headgate.
    static func answer(field: Span<UInt8>?) -> KeyUse {
        guard let field else { return .answer(nil) }
        do throws(IdempotencyKey.Malformed) {
            return .answer(.success(try IdempotencyKey(field: field)))
        } catch {
            return .answer(.failure(error))
        }
    }

    /// Reads the value of the field where Headgate is only asked; `nil`: there is no key.
    ///
    /// One that cannot be read counts as none there: the request is charged like any other, and whether it is refused
    /// for that is for whoever carries it out.
    static func charge(field: Span<UInt8>) -> KeyUse? { (try? IdempotencyKey(field: field)).map { .charge($0) } }

    /// Takes a key that stands in a member of a check call; `nil`: it is none.
    static func charge(text: Span<UInt8>) -> KeyUse? { (try? IdempotencyKey(text: text)).map { .charge($0) } }
}
