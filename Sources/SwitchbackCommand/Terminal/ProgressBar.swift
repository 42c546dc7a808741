import Concurrency

/// A line on standard error that shows how far long work is; nothing where standard error is no terminal, or a line every
/// ten seconds if that is wanted.
///
/// It appears after half a second, so that short work leaves the terminal as it was, and is redrawn ten times a second
/// at most. The time that is left follows from the rate since it was made.
final class ProgressBar {
    private let title: String
    private let isTerminal: Bool
    private let isPlain: Bool
    private let time: any TimeSource
    private let write: (String) -> Void
    private let start: Instant
    private var before: Int?
    private var lastShown: Instant?

    /// A bar that is not seen yet.
    ///
    /// - Parameter isPlain: whether lines are written where there is no terminal.
    init(
        title: String, isPlain: Bool = false, isTerminal: Bool = Terminal.isWatched,
        time: any TimeSource = MonotonicTime(), write: @escaping (String) -> Void = Terminal.write
    ) {
        self.title = title
        self.isTerminal = isTerminal
        self.isPlain = isPlain
        self.time = time
        self.write = write
        start = time.now
    }

    func show(done: Int, total: Int) {
        guard isTerminal || isPlain, total > 1 else { return }
        let before = self.before ?? done
        self.before = before
        let now = time.now
        let elapsed = (now - start).seconds
        guard elapsed > 0.5 else { return }
        if let lastShown, (now - lastShown).seconds < (isTerminal ? 0.1 : 10), done < total { return }
        lastShown = now
        let line = ProgressLine(title: title, done: done, total: total, before: before, elapsed: elapsed)
        write(isTerminal ? "\r\u{1B}[K" + line.bar : line.plain + "\n")
    }

    /// Takes the line away.
    func clear() {
        if isTerminal, lastShown != nil { write("\r\u{1B}[K") }
    }
}
