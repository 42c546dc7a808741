public import Dispatch

/// Does a duty time and again for as long as it lives, on a thread of Dispatch.
///
/// A duty that takes longer than its interval is not begun a second time meanwhile.
public final class DutyTimer {
    private let timer: any DispatchSourceTimer

    /// Calls `duty` every so often, beginning after the first interval.
    public init(every interval: DispatchTimeInterval, _ duty: @escaping @Sendable () -> Void) {
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "duty", qos: .utility))
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.setEventHandler { @Sendable in duty() }
        timer.activate()
    }

    deinit { timer.cancel() }
}

// @unchecked because the timer is never changed, and Dispatch's sources are made to be shared.
extension DutyTimer: @unchecked Sendable {}
