internal import Foundation
public import Jobs
public import SQLJobs

/// Jobs in one file of a directory, there again after a restart: SQLite with a write-ahead log.
///
/// Every process of the machine may open it. What a call has done survives `kill -9` of the process at any moment. A loss
/// of power cannot damage the file; a job that was taken in or cancelled survives it too, the last results of shards may
/// not, and these are then computed again.
public typealias SQLiteJobStore = SQLJobStore<SQLiteDatabase>

extension SQLJobStore<SQLiteDatabase> {
    /// The name of the file in its directory; SQLite keeps two more beside it.
    public static var fileName: String { "jobs.sqlite" }

    /// The store in `directory`, which is made unless it is there, for this user alone.
    ///
    /// - Parameter maximumBytes: the largest that the file may become; 8 GiB unless told.
    /// - Throws: `JobsError.failed` with what is wrong with the directory or the file.
    public convenience init(directory: String, maximumBytes: Int = 8 << 30) throws(JobsError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .failed(operation: "make the directory '\(directory)'", reason: "\(error)")
        }
        self.init(try SQLiteDatabase(path: directory + "/" + Self.fileName, maximumBytes: maximumBytes))
    }

    /// Gives up to so many unused pages of 4096 bytes back to the file system: removed jobs leave them to new ones.
    public func vacuum(pages: Int = 1024) throws(JobsError) { try database.vacuum(pages: pages) }
}
