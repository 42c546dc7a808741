import Foundation

/// Why a file could not be read or written, in the system's own words.
enum FileFailure {
    static func reason(_ error: any Error) -> String {
        if let failure = error as? Failure { return failure.description }
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        switch POSIXErrorCode(rawValue: Int32(cause.code)) {
        case .ENOENT? where cause.domain == NSPOSIXErrorDomain: return "no such file"
        case .EACCES? where cause.domain == NSPOSIXErrorDomain: return "permission denied"
        case .EISDIR? where cause.domain == NSPOSIXErrorDomain: return "it is a folder"
        case .ENOSPC? where cause.domain == NSPOSIXErrorDomain: return "no space left on the device"
        case .EPIPE? where cause.domain == NSPOSIXErrorDomain: return "the reader has gone"
        default: break
        }
        return switch CocoaError.Code(rawValue: error.code) {
        case .fileReadNoSuchFile, .fileNoSuchFile: "no such file"
        case .fileReadNoPermission, .fileWriteNoPermission: "permission denied"
        case .fileWriteOutOfSpace: "no space left on the device"
        default: error.localizedDescription
        }
    }
}
