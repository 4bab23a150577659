/// One tier: its settings, its part of the seats, what waits and what runs.
struct TierState: BitwiseCopyable {
    /// The settings.
    let settings: SchedulerSettings.Tier
    /// What waits at most.
    let waitingMax: Int
    /// Where the tier's lists of queues of equal length begin.
    let lengthBase: Int
    /// How many there are: from 0 to one more than a queue may have, since a newcomer counts before anything goes.
    let lengthCount: Int

    /// Seats that are the tier's own.
    var reserve = 0
    /// The part of them that is never lent.
    var kept = 0
    /// Seats the tier may hold.
    var most = 0
    /// Seats that one tenant may hold.
    var tenantMost = 0
    /// What one request may take: what could be there for it if everything else in the tier had ended.
    var widest = 0
    /// Seats the tier may hold by its floor.
    var floor = 0

    var inUse = 0
    var waiting = 0
    var waitingSeats: Int64 = 0
    /// How many queues there are in which something waits.
    var waitingQueues = 0
    /// Their weights.
    var waitingWeights = 0
    /// Seats that others have started, while something waited, since the tier last started something.
    var passed = 0
    /// Whether the threshold has refused somebody since: work that is kept out is passed like work that waits.
    var isHeldBack = false
    /// The highest tag at which anything was started.
    var virtualTime: Int64 = 0
    /// The highest tag.
    var highestTag: Int64 = 0
    /// How long requests take; 0: unknown.
    var average: Int64 = 0
    var drain = Drain()
    /// The length of the longest queue.
    var longest = 0
    /// The queues at their cap.
    var resting = QueueList()

    /// A tier in which nothing runs or waits.
    ///
    /// Seats of the reserve are owed to whoever waits for them, so as many may wait whatever the depths.
    ///
    /// - Parameters:
    ///   - settings: the settings.
    ///   - limitMax: the highest concurrency limit there will be.
    ///   - lengthBase: where its lists of queues of equal length begin.
    ///   - longest: the length of a queue that is there already.
    init(settings: SchedulerSettings.Tier, limitMax: Int, lengthBase: Int, longest: Int = 0) {
        self.settings = settings
        self.lengthBase = lengthBase
        let reserveMax = ceilingShare(settings.reserveBasisPoints, of: limitMax)
        waitingMax = max(settings.depthMax, reserveMax)
        lengthCount = max(settings.tenantDepthMax, reserveMax, longest) + 2
    }

    /// Seats that are kept and not in use.
    @inline(__always)
    var idleKept: Int { max(0, kept - inUse) }

    /// Whether seats that others start pass work of this tier.
    @inline(__always)
    var isPassed: Bool { waiting > 0 || isHeldBack }

    /// Whether a request for so many seats may be started by the floor.
    @inline(__always)
    func isFloorDue(for seats: Int) -> Bool {
        let share = settings.floorBasisPoints
        return share > 0 && Int64(passed) * share >= Int64(seats) * whole && (inUse == 0 || inUse + seats <= floor)
    }
}
