internal import Vocabulary

extension CanonicalEncoding {
    /// Writes what is said about health; a policy without that section is written as it was before there was one.
    mutating func health(_ health: HealthPolicy) {
        text("health")
        list(health.signals) { encoding, signal in
            encoding.text(signal.name)
            encoding.optional(signal.marks) { encoding, marks in
                for mark in [marks.steady, marks.stressed, marks.overloaded] {
                    encoding.optional(mark) { $0.number($1) }
                }
                encoding.number(marks.isFalling ? 1 : 0)
            }
            encoding.text(signal.absent.name)
        }
        optional(health.upstream) { encoding, upstream in
            encoding.number(upstream.errorBasisPoints)
            encoding.number(upstream.slowdownBasisPoints)
        }
        number(health.settle.count)
        number(health.shedBasisPoints)
        number(health.tenantErrors.shareBasisPoints)
        number(health.tenantErrors.least)
        number(health.tenantErrors.window.count)
    }
}
