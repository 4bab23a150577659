package import Vocabulary

/// What is known of the health of the system behind, and what follows from it.
package struct HealthPolicy: Hashable, Sendable {
    /// What others may tell, sorted by name.
    package let signals: [Signal]
    /// What the answers of the system itself say; `nil`: nothing.
    package let upstream: Upstream?
    /// How long it must be better before it counts as better, one step at a time.
    package let settle: Nanoseconds
    /// How much of the work beyond all reserves is let go while the system is overloaded, in hundredths of a percent.
    package let shedBasisPoints: Int64
    /// Of which tenants only the lowest ceiling holds whatever the health: those of whose requests too many fail.
    package let tenantErrors: TenantErrors

    /// How long it must be better unless the policy says otherwise.
    package static let settleStandard = Nanoseconds.seconds(10)
    /// How much is let go unless the policy says otherwise.
    package static let shedStandard: Int64 = 2_500
    /// The most signals.
    package static let signalsMax = 32
    /// The longest time for which a signal may be told at once.
    package static let ttlMax = Nanoseconds.day

    /// States all of it.
    package init(
        signals: [Signal] = [], upstream: Upstream? = nil, settle: Nanoseconds = HealthPolicy.settleStandard,
        shedBasisPoints: Int64 = HealthPolicy.shedStandard, tenantErrors: TenantErrors = TenantErrors()
    ) {
        self.signals = signals
        self.upstream = upstream
        self.settle = settle
        self.shedBasisPoints = shedBasisPoints
        self.tenantErrors = tenantErrors
    }
}

extension HealthPolicy {
    /// One signal: a word of `Health`, or a number.
    package struct Signal: Hashable, Sendable {
        /// The name by which it is told.
        package let name: String
        /// From which numbers on it means what; `nil`: it is told as a word.
        package let marks: Marks?
        /// What holds while nobody tells it.
        package let absent: Health

        /// States a signal.
        ///
        /// Unless stated, the lowest ceilings hold while nobody tells it: what is not known to be well gets nothing
        /// extra.
        package init(name: String, marks: Marks? = nil, absent: Health = .stressed) {
            self.name = name
            self.marks = marks
            self.absent = absent
        }
    }

    /// From which numbers on a signal means what; they rise, or they fall.
    package struct Marks: Hashable, Sendable {
        /// From here on it is no better than steady.
        package let steady: Int64?
        /// From here on it is stressed.
        package let stressed: Int64?
        /// From here on it is overloaded.
        package let overloaded: Int64?
        /// Whether the lower number is the worse one.
        package let isFalling: Bool

        /// States marks.
        package init(steady: Int64?, stressed: Int64?, overloaded: Int64?, isFalling: Bool = false) {
            self.steady = steady
            self.stressed = stressed
            self.overloaded = overloaded
            self.isFalling = isFalling
        }

        /// What a number means.
        package func health(of number: Int64) -> Health {
            func hasReached(_ mark: Int64?) -> Bool { mark.map { isFalling ? number <= $0 : number >= $0 } ?? false }
            if hasReached(overloaded) { return .overloaded }
            if hasReached(stressed) { return .stressed }
            return hasReached(steady) ? .steady : .spare
        }
    }

    /// From which shares on the answers of the system say that it is stressed; from half of them on it is only steady.
    package struct Upstream: Hashable, Sendable {
        /// The share of answers that are failures, in hundredths of a percent.
        package let errorBasisPoints: Int64
        /// How much longer than usual answers take, in hundredths of a percent of the usual time.
        package let slowdownBasisPoints: Int64

        /// States the shares; unless stated, 5 % of failures and twice the usual time.
        package init(errorBasisPoints: Int64 = 500, slowdownBasisPoints: Int64 = 10_000) {
            self.errorBasisPoints = errorBasisPoints
            self.slowdownBasisPoints = slowdownBasisPoints
        }
    }

    /// When too many requests of a tenant fail.
    package struct TenantErrors: Hashable, Sendable {
        /// The share of failures, in hundredths of a percent.
        package let shareBasisPoints: Int64
        /// How many requests a window must have in any case.
        package let least: Int64
        /// How long requests are counted together.
        package let window: Nanoseconds

        /// States the numbers; unless stated, a tenth of at least 20 requests in a minute.
        package init(shareBasisPoints: Int64 = 1_000, least: Int64 = 20, window: Nanoseconds = .seconds(60)) {
            self.shareBasisPoints = shareBasisPoints
            self.least = least
            self.window = window
        }
    }
}
