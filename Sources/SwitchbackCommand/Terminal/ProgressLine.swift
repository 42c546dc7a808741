/// How far long work is, in words.
struct ProgressLine: Equatable {
    let title: String
    let done: Int
    let total: Int
    /// What was done before the clock started.
    var before = 0
    /// Seconds since then.
    let elapsed: Double

    private static let width = 30

    /// Parts a second; nil before one is done.
    private var rate: Double? { done > before && elapsed > 0 ? Double(done - before) / elapsed : nil }

    /// With a bar, for a terminal.
    var bar: String {
        let filled = Self.width * done / max(1, total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        return "\(title) \(bar) \(100 * done / max(1, total)) %" + pace
    }

    /// Without one, for a log.
    var plain: String { "\(title): \(done) of \(total)" + pace }

    private var pace: String {
        guard let rate else { return "" }
        let shown = rate >= 10 ? "\(Int(rate.rounded()))" : "\((rate * 10).rounded() / 10)"
        return "  \(shown)/s  \(Self.duration(Double(total - done) / rate)) left"
    }

    /// `45 s`, `3 min 20 s`, `2 h 5 min`.
    static func duration(_ seconds: Double) -> String {
        guard seconds < 1e9 else { return "long" }
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
