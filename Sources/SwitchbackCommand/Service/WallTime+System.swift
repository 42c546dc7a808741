import Foundation
import Jobs

extension WallTime {
    /// The machine's time of day.
    static var current: WallTime { WallTime(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded())) }
}
