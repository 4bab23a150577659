package import Admission

/// What seats have to say several times a second.
package struct SeatTurn: Sendable {
    /// What answers say about the system behind; `nil`: too little has come.
    package let upstream: UpstreamGauge.Reading?
    /// The tiers of which the admission threshold does not let everything in.
    package let keptOut: [KeptOut]

    /// A tier of which not everything is let in.
    package struct KeptOut: Hashable, Sendable {
        /// Its name.
        package let tier: String
        /// How much of it may wait, in hundredths of a percent of its tenants.
        package let letInBasisPoints: Int64
    }
}
