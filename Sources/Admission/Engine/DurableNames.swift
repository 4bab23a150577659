internal import Vocabulary

/// The slots of a shape, read once for all the tenants that are put back.
struct DurableNames {
    /// What each slot is.
    let slots: [Slot]
    /// How many numbers a tenant has.
    let numberCount: Int

    /// What a slot is to the engine.
    enum Slot {
        /// A calendar allowance.
        case quota(QuotaUnit, CalendarPeriod)
        /// The pool of the tenant's budget, with the unit of pool and lanes.
        case pool(unitsPerCost: Int64)
        /// The lane of a class, in the unit of the pool.
        case lane(ofClass: String, unitsPerCost: Int64)
        /// A plain bucket.
        case meter(CarriedTenant.MeterName, unitsPerCost: Int64)
        /// Written by a later version; what it means is not known here.
        case unknown
    }

    /// Reads the slots of a shape.
    init(_ shape: UsageShape) {
        slots = shape.slots.map(Slot.init)
        numberCount = shape.numberCount
    }
}

extension DurableNames.Slot {
    /// Reads the name of a slot.
    fileprivate init(_ slot: UsageShape.Slot) {
        switch slot {
        case .quota(let unit, let period): self = .quota(unit, period)
        case .level(let bucket, let unitsPerCost): self.init(bucket: bucket, unitsPerCost: unitsPerCost)
        }
    }

    private init(bucket: String, unitsPerCost: Int64) {
        let parts = bucket.split(separator: "/", maxSplits: 1).map(String.init)
        switch (parts.first, parts.count) {
        case ("pool", 1): self = .pool(unitsPerCost: unitsPerCost)
        case ("lane", 2): self = .lane(ofClass: parts[1], unitsPerCost: unitsPerCost)
        case ("ceiling", 2): self = .meter(.ceiling(ofClass: parts[1]), unitsPerCost: unitsPerCost)
        case ("operation", 2): self = .meter(.operation(parts[1]), unitsPerCost: unitsPerCost)
        default: self = .unknown
        }
    }
}

extension CarriedTenant.MeterName {
    /// The name under which the bucket is kept.
    var bucket: String {
        switch self {
        case .ceiling(let trafficClass): "ceiling/\(trafficClass)"
        case .operation(let operation): "operation/\(operation)"
        }
    }
}
