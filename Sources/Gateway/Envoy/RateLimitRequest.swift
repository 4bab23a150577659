/// `envoy.service.ratelimit.v3.RateLimitRequest`, as ranges of the message.
///
/// Field numbers from service/ratelimit/v3/rls.proto and extensions/common/ratelimit/v3/ratelimit.proto. A limit that
/// the proxy would override in a descriptor (`limit`, field 2) is skipped: limits are the policy's business.
struct RateLimitRequest {
    /// The domain's name.
    private(set) var domain = 0..<0
    /// The descriptors, in order.
    private(set) var descriptors: [Descriptor] = []
    /// The entries of all descriptors.
    private(set) var entries: [(key: Range<Int>, value: Range<Int>)] = []
    /// `hits_addend` of the call; a call that says nothing, or zero, adds one.
    private var hits: UInt64 = 0

    /// One descriptor.
    struct Descriptor {
        /// Which of `RateLimitRequest.entries` are its own.
        fileprivate(set) var entries: Range<Int>
        /// Its own `hits_addend`; zero is a look that spends nothing.
        fileprivate(set) var hits: UInt64?
        /// `is_negative_hits`: the proxy wants hits back.
        fileprivate(set) var givesBack = false
    }

    /// Why a message cannot be answered.
    enum Problem: Error {
        case malformed
        case tooManyDescriptors
    }

    /// The most descriptors of one call; Envoy sends a handful.
    static let descriptorCountMax = 1_000

    /// How many hits a descriptor adds; zero means that it only looks.
    ///
    /// Giving hits back is not known here: such a descriptor only looks, so that at least nothing is charged.
    func hits(of descriptor: Descriptor) -> Int64 {
        if descriptor.givesBack { return 0 }
        return Int64(clamping: descriptor.hits ?? max(1, hits))
    }

    /// Reads a message, over what was read before.
    ///
    /// Names must be UTF-8, as Protocol Buffers want of text: they are the proxy's configuration. Values may be any
    /// bytes: they are what a client has sent, Envoy hands them on as they are, and where its filter fails open, a call
    /// that failed for them would let through whoever writes one odd byte into a header.
    ///
    /// - Complexity: O(n), no allocation once the tables have grown.
    mutating func decode(_ bytes: Span<UInt8>) throws(Problem) {
        (domain, hits) = (0..<0, 0)
        descriptors.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
        do throws(ProtobufReader.Malformed) {
            var message = ProtobufReader(0..<bytes.count)
            while let field = try message.next(bytes) {
                switch (field.number, field.content) {
                case (1, .bytes(let range)):  // domain
                    guard bytes.isUTF8(range) else { throw ProtobufReader.Malformed() }
                    domain = range
                case (2, .bytes(let range)): try decodeDescriptor(range, bytes)  // descriptors
                case (3, .varint(let number)): hits = UInt64(UInt32(truncatingIfNeeded: number))  // hits_addend: uint32
                default: continue
                }
            }
        } catch { throw .malformed }
        guard descriptors.count <= RateLimitRequest.descriptorCountMax else { throw .tooManyDescriptors }
    }

    private mutating func decodeDescriptor(_ range: Range<Int>, _ bytes: Span<UInt8>) throws(ProtobufReader.Malformed) {
        var descriptor = Descriptor(entries: entries.count..<entries.count)
        var message = ProtobufReader(range)
        while let field = try message.next(bytes) {
            switch (field.number, field.content) {
            case (1, .bytes(let range)):  // entries: key 1, value 2
                let entry = try ProtobufReader.entry(range, bytes)
                guard bytes.isUTF8(entry.name) else { throw ProtobufReader.Malformed() }
                entries.append((entry.name, entry.value))
            case (3, .bytes(let range)):  // hits_addend
                descriptor.hits = try ProtobufReader.number(range, bytes, over: descriptor.hits ?? 0)
            case (4, .varint(let flag)): descriptor.givesBack = flag != 0  // is_negative_hits
            default: continue
            }
        }
        descriptor.entries = descriptor.entries.lowerBound..<entries.count
        descriptors.append(descriptor)
    }
}

extension ProtobufReader {
    /// Reads a wrapped number (`google.protobuf.UInt64Value`) over what the same field has said before: a message that
    /// stands twice is merged (protobuf.dev/programming-guides/encoding, "Last One Wins"), so an empty one changes
    /// nothing.
    static func number(_ range: Range<Int>, _ bytes: Span<UInt8>, over earlier: UInt64) throws(Malformed) -> UInt64 {
        var message = ProtobufReader(range)
        var number = earlier
        while let field = try message.next(bytes) {
            if field.number == 1, case .varint(let value) = field.content { number = value }
        }
        return number
    }
}
