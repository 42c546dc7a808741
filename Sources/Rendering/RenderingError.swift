/// Why a picture is not drawn.
public enum RenderingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It would have more pixels than are allowed.
    case tooManyPixels(width: Int, height: Int, limit: Int)

    /// What was asked and what is allowed.
    public var description: String {
        switch self {
        case .tooManyPixels(let width, let height, let limit):
            "the picture would have \(width) × \(height) pixels, and \(limit) are allowed"
        }
    }

    static func check(width: Int, height: Int, limit: Int) throws(RenderingError) {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= limit else {
            throw .tooManyPixels(width: width, height: height, limit: limit)
        }
    }
}
