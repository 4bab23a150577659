internal import Access
internal import Directory
internal import Governance
internal import HTTPTypes
internal import Journal
internal import Ledger
internal import Policy
internal import Vocabulary

extension Route {
    private static let days: [Parameter] = [
        Parameter(
            name: "from", schema: .date, summary: "The first day; without it, the first of the month of the last."),
        Parameter(name: "to", schema: .date, summary: "The last day; without it, today."),
    ]
    private static let period = Parameter(
        name: "period", schema: .choice(ConsumptionQuery.Period.allCases.map(\.rawValue)),
        summary: "Tell days or months apart; without it, all days are added up.")

    /// What tenants use, as the server that is asked has counted it.
    static let usage: [Route] = [
        Route(
            method: .get, path: "/v1/tenants/{tenant}/usage", id: "getUsage", tag: "usage",
            summary: "What a tenant has used, and what is left of its quotas.", access: .tenant(.readUsage),
            query: Parameter.page + days + [
                period,
                Parameter(
                    name: "by", schema: .choice(ConsumptionQuery.Part.allCases.map(\.rawValue) + ["all"]),
                    summary: "What is told apart as well."),
            ],
            answer: .json(
                .object([
                    .required("tenant", .word), .required("time_zone", .word), .required("from", .date),
                    .required("to", .date), .required("items", .list(UsageView.schema, max: Page.limitMax)),
                    .optional("next_cursor", .told), .required("quotas", .list(UsageView.quota, max: 100)),
                ])), handle: ofTenant),
        Route(
            method: .get, path: "/v1/usage", id: "listUsage", tag: "usage", summary: "What tenants have used.",
            access: .narrowed(.readUsage), query: Parameter.page + days + [period],
            answer: .json(.page(of: UsageView.schema)), handle: ofAll),
        Route(
            method: .get, path: "/v1/usage/export", id: "exportUsage", tag: "usage",
            summary: "Every row of use on some days, as one CSV or JSON document.", access: .narrowed(.readUsage),
            query: days + [
                Parameter(
                    name: "format", schema: .choice(UsageExport.Format.allCases.map(\.rawValue)),
                    summary: "How it is written; `csv` unless stated.")
            ],
            answer: Answer(
                schema: .object([.required("items", .list(UsageView.schema, max: Int(Int32.max)))]),
                text: "text/csv; charset=utf-8"), handle: export),
        Route(
            method: .get, path: "/v1/usage/warnings", id: "listQuotaWarnings", tag: "usage",
            summary: "Which shares of quotas tenants have used at which somebody is told, the newest first.",
            access: .narrowed(.readUsage),
            query: Parameter.page + [
                Parameter(name: "tenant", schema: .text(1...128), summary: "Of this tenant.")
            ], answer: .json(.page(of: UsageView.warning)), handle: warnings),
    ]

    @Sendable
    private static func ofTenant(_ call: Call) async throws -> Reply {
        let name = try call.parameter("tenant")
        let book = try call.usage()
        _ = try call.tenant(name)
        let standing = book.quotas.quotas(of: name)
        let zone = standing?.zone ?? .utc
        let days = try call.days(in: zone)
        let page = try call.page
        var query = ConsumptionQuery(days: days, limit: page.limit + 1)
        query.tenant = name
        query.period = call.query["period"].flatMap(ConsumptionQuery.Period.init)
        query.after = try page.after.map { key throws(Problem) in try ConsumptionRow.Place(key: key) }
        switch call.query["by"] {
        case "all": query.parts = Set(ConsumptionQuery.Part.allCases)
        case let word?: query.parts = Set([ConsumptionQuery.Part(rawValue: word)].compactMap { $0 })
        case nil: break
        }
        let rows = try counted { () throws(JournalError) in try book.store.rows(query) }
        let told = rows.prefix(page.limit)
        let next = rows.count > page.limit ? told.last?.place.key : nil
        return .json(
            .record([
                "tenant": .string(name), "time_zone": .string(zone.name), "from": .date(days.lowerBound),
                "to": .date(days.upperBound), "items": .array(told.map { UsageView.json($0) }),
                "next_cursor": next.map { .string(Page.cursor($0)) },
                "quotas": .array((standing?.quotas ?? []).map { UsageView.json($0) }),
            ]))
    }

    @Sendable
    private static func ofAll(_ call: Call) async throws -> Reply {
        let book = try call.usage()
        let page = try call.page
        var query = ConsumptionQuery(days: try call.days(in: .utc), limit: page.limit + 1)
        query.period = call.query["period"].flatMap(ConsumptionQuery.Period.init)
        query.after = try page.after.map { key throws(Problem) in try ConsumptionRow.Place(key: key) }
        let covers = try call.coversUsage()
        let rows = try counted { () throws(JournalError) in try book.store.rows(query, where: covers) }
        let told = rows.prefix(page.limit)
        return .page(told.map { UsageView.json($0) }, next: rows.count > page.limit ? told.last?.place.key : nil)
    }

    @Sendable
    private static func export(_ call: Call) async throws -> Reply {
        let book = try call.usage()
        let days = try call.days(in: .utc)
        let format = call.query["format"].flatMap(UsageExport.Format.init) ?? .csv
        let export = UsageExport(book.store, days: days, as: format, where: try call.coversUsage())
        // What cannot be read at all is said before the answer has begun.
        let first = try counted { () throws(JournalError) in try export.next() }
        var reply = Reply(body: .pieces(Pieces(first: first) { try export.next() }, type: format.mediaType))
        let name = "usage-\(CivilDate.text(days.lowerBound))-\(CivilDate.text(days.upperBound)).\(format.rawValue)"
        reply.fields[.contentDisposition] = "attachment; filename=\"\(name)\""
        return reply
    }

    @Sendable
    private static func warnings(_ call: Call) async throws -> Reply {
        let page = try call.page
        var before = Int64.max
        if let text = page.after {
            guard let bound = Int64(text), bound >= 0 else {
                throw Problem(.badRequest, "invalid", "this is no cursor of warnings", member: "cursor")
            }
            before = bound
        }
        let covers = try call.coversUsage()
        let governor = call.desk.governor
        var items: [JSONValue] = []
        while items.count < page.limit {
            let found = try governed { [before] () throws(GovernanceError) in
                try governor.warnings(of: call.query["tenant"], before: before, limit: page.limit + 1)
            }
            for warning in found {
                guard items.count < page.limit else { return .page(items, next: String(before)) }
                before = warning.entry.sequence
                guard covers(warning.tenant) else { continue }
                items.append(
                    UsageView.json(warning.entry.sequence, warning.entry.time, warning.tenant, warning.facts))
            }
            guard found.count > page.limit else { return .page(items, next: nil) }
        }
        return .page(items, next: String(before))
    }
}

extension Call {
    /// What tenants use.
    func usage() throws(Problem) -> UsageBook {
        guard let usage = desk.usage else {
            throw Problem(.serviceUnavailable, "unavailable", "this server does not count what tenants use")
        }
        return usage
    }

    /// Whether the caller may see what a tenant uses; nothing names callers whom nobody knows, who are the platform's.
    func coversUsage() throws(Problem) -> @Sendable (String) -> Bool {
        let reach = try authority().reach(of: .readUsage)
        return { name in reach.covers(name.isEmpty ? .platform : .tenant(name)) }
    }

    /// The days that the query asks for, as the calendar of a zone has them.
    fileprivate func days(in zone: CalendarZone) throws(Problem) -> ClosedRange<Int32> {
        let last = query["to"].flatMap(CivilDate.day) ?? CalendarPeriod.day.index(at: now, in: zone)
        var date = CivilDate(dayNumber: Int64(last))
        date.day = 1
        let first = query["from"].flatMap(CivilDate.day) ?? Int32(clamping: date.dayNumber)
        guard first <= last else {
            throw Problem(
                .badRequest, "invalid", "the first day lies after the last", member: "from",
                suggestion: "write a `from` that is not after `to`")
        }
        return first...last
    }
}

/// Does what the record of use may not be able to.
func counted<Answer>(_ body: () throws(JournalError) -> Answer) throws(Problem) -> Answer {
    do {
        return try body()
    } catch {
        throw Problem(.serviceUnavailable, "unavailable", "what tenants use cannot be read now: \(error.message)")
    }
}

extension CivilDate {
    /// The number of a day that is written as `2026-11-27`.
    static func day(_ text: String) -> Int32? {
        guard text.utf8.count == 10, let moment = Timestamp.moment(text) else { return nil }
        return CalendarPeriod.day.index(at: moment)
    }

    /// A day as `2026-11-27`.
    static func text(_ day: Int32) -> String { String(CalendarPeriod.day.start(of: day).description.prefix(10)) }
}

extension JSONValue {
    /// A day as `2026-11-27`.
    static func date(_ day: Int32) -> JSONValue { .string(CivilDate.text(day)) }
}

extension ConsumptionRow.Place {
    /// The place as one text, for cursors; names hold no line ends.
    fileprivate var key: String {
        [tenant, period, principal, trafficClass, operation].joined(separator: "\n")
    }

    /// Reads what `key` writes.
    fileprivate init(key: String) throws(Problem) {
        let parts = key.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5 else {
            throw Problem(
                .badRequest, "invalid", "this is no cursor of usage", member: "cursor",
                suggestion: "take next_cursor of the page before as it is")
        }
        self.init(
            tenant: parts[0], period: parts[1], principal: parts[2], trafficClass: parts[3], operation: parts[4])
    }
}
