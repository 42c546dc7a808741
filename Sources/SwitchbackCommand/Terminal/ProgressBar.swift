import Concurrency
import Foundation

/// A line on standard error that shows how far long work is; nothing where standard error is no terminal.
///
/// It appears after half a second, so that short work leaves the terminal as it was, and is redrawn ten times a second
/// at most.
final class ProgressBar {
    private let title: String
    private let isShown: Bool
    private let time: any TimeSource
    private let start: Instant
    private var lastDrawn: Instant?
    private static let width = 30

    init(title: String, isTerminal: Bool = isatty(STDERR_FILENO) == 1, time: any TimeSource = MonotonicTime()) {
        self.title = title
        isShown = isTerminal
        self.time = time
        start = time.now
    }

    func show(done: Int, total: Int) {
        guard isShown, total > 1 else { return }
        let now = time.now
        let elapsed = (now - start).seconds
        guard elapsed > 0.5 else { return }
        if let lastDrawn, (now - lastDrawn).seconds < 0.1, done < total { return }
        lastDrawn = now
        write("\r\u{1B}[K" + Self.line(title: title, done: done, total: total, elapsed: elapsed))
    }

    /// Takes the line away.
    func clear() {
        if lastDrawn != nil { write("\r\u{1B}[K") }
    }

    /// The line: bar, share, and the time that is left at the rate so far.
    static func line(title: String, done: Int, total: Int, elapsed: Double) -> String {
        let filled = width * done / max(1, total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let left = done > 0 ? elapsed / Double(done) * Double(total - done) : 0
        return "\(title) \(bar) \(100 * done / max(1, total)) %  \(duration(left)) left"
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }

    /// A progress line that cannot be written is no reason to stop the work it tells of.
    private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
