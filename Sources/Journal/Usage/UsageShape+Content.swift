internal import Vocabulary

extension UsageShape {
    /// The shape as the file keeps it: the plan, then a kind and a content for each slot.
    var content: [UInt8] {
        var writer = CompactWriter()
        writer.append(plan)
        for slot in slots {
            switch slot {
            case .quota(let unit, let period):
                writer.append(Kind.quota)
                writer.append(unit.name)
                writer.append(period.name)
            case .level(let bucket, let unitsPerCost):
                writer.append(Kind.level)
                writer.append(bucket)
                writer.append(unitsPerCost)
            }
        }
        return writer.bytes
    }

    private enum Kind {
        static let quota: UInt64 = 1
        static let level: UInt64 = 2
    }

    /// Reads what `content` wrote.
    init(content: [UInt8]) throws(CompactReader.Malformed) {
        var reader = CompactReader(content)
        self.init(plan: try reader.text(), slots: [])
        while !reader.isAtEnd {
            switch try reader.unsigned() {
            case Kind.quota:
                let names = (unit: try reader.text(), period: try reader.text())
                guard let unit = QuotaUnit.allCases.first(where: { $0.name == names.unit }),
                    let period = CalendarPeriod.allCases.first(where: { $0.name == names.period })
                else { throw CompactReader.Malformed(position: reader.position) }
                slots.append(.quota(unit: unit, period: period))
            case Kind.level:
                let bucket = try reader.text()
                let unitsPerCost = try reader.signed()
                guard unitsPerCost > 0 else { throw CompactReader.Malformed(position: reader.position) }
                slots.append(.level(bucket: bucket, unitsPerCost: unitsPerCost))
            default: throw CompactReader.Malformed(position: reader.position)
            }
        }
    }

    /// Use that was saved before this moment means nothing any more.
    ///
    /// Quotas keep the period before the present one, should the clock have been ahead. A bucket that nobody touched
    /// for 40 days is taken for full; the slowest rate a policy can state fills one unit a day.
    func horizon(at wall: WallTime) -> WallTime {
        slots.reduce(WallTime(milliseconds: .max)) { earliest, slot in
            switch slot {
            case .quota(_, let period): min(earliest, period.start(of: period.index(at: wall) - 1))
            case .level:
                min(earliest, WallTime(milliseconds: wall.milliseconds - 40 * CivilDate.millisecondsPerDay))
            }
        }
    }
}
