internal import Concurrency
internal import HTTPTypes
internal import Switchback

/// The stages of one answer, for `Server-Timing`.
struct StageLog {
    /// Notes a stage.
    let note: @Sendable (Stage) -> Void
    private let stages: Guarded<[Stage]>

    /// A log that tells `observe` of each stage as well.
    init(observe: @escaping @Sendable (Stage) -> Void) {
        let stages = Guarded<[Stage]>([])
        self.stages = stages
        note = { stage in
            stages.withLock { $0.append(stage) }
            observe(stage)
        }
    }

    /// Times stages into this log.
    var clock: StageClock { StageClock(report: note) }

    /// The field's value: each stage with its milliseconds.
    var serverTiming: String { stages.withLock { $0.map(Self.text).joined(separator: ", ") } }

    private static func text(_ stage: Stage) -> String {
        let microseconds = Int((stage.seconds * 1e6).rounded())
        return "\(stage.name);dur=\(microseconds / 1000).\(String(1000 + microseconds % 1000).dropFirst())"
    }
}

extension HTTPField.Name {
    /// `Server-Timing` (W3C Server Timing, section 3).
    static var serverTiming: HTTPField.Name { HTTPField.Name("Server-Timing") ?? .server }
}
