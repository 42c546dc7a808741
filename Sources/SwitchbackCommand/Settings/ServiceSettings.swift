import Concurrency
import HTTP
import HTTPServer
import Logging
import Switchback
import WebService

/// Every setting's value, as the parts of the program take them; the initial ones are the defaults.
struct ServiceSettings: Sendable {
    /// Limits of messages and connections, deadlines, addresses.
    var server = ServerConfiguration()
    /// The trusted proxies as they are written; `server` has them as they are used.
    var proxies: [String] = []
    /// Certificates and keys.
    var tls = TLSSettings()
    /// Tokens, signed links, origins.
    var access = AccessConfiguration()
    /// The folder whose `images` keeps posted images and whose `jobs` keeps jobs; nil keeps images in memory, and no jobs.
    var dataFolder: String?
    /// The address of the database that keeps posted images and jobs; nil keeps them below the data folder.
    var database: String?
    /// How much is kept of posted images.
    var imageStore = ImageStoreLimits()
    /// How long a posted image is kept; 0 is for ever.
    var imageStoreAge = Timeout.seconds(ImageStoreLimits().maximumAge ?? 0)
    /// What finished answers may take.
    var answerCacheBytes = WebService.answerCacheBytes
    /// What jobs may cost, and how many a client may have.
    var jobLimits = JobLimits()
    /// The largest that the file of jobs may become.
    var jobStoreBytes = 8 << 30
    /// How long a job is kept that has ended; 0 is for ever.
    var jobAge = Timeout.seconds(7 * 86_400)
    /// How many clients may follow jobs at a time.
    var maximumEventStreams = JobEventStreams.usualMaximum
    /// Folders of data sets.
    var datasets: [String] = []
    /// How large a data set may be.
    var datasetLimits = DatasetLimits()
    /// How much uploaded data sets may take.
    var datasetStoreBytes = 8 << 30
    /// Limits of one explanation.
    var engine = EngineLimits()
    /// Folders of model folders; empty where none was found.
    var models: [String] = []
    /// The model explained unless a request names one; nil leaves the choice to the library.
    var defaultModel: String?
    /// Compute threads.
    var threads = ComputePool.availableCores
    /// The kernels; nil chooses the fastest.
    var instructionSet: String?
    /// Whether other machines may reach the service although nobody is asked for a token.
    var allowsInsecure = false
    /// What is logged: this level and those above it.
    var logLevel = Logger.Level.info
    /// The form of log lines.
    var logFormat = LogFormat.auto

    /// All settings at their defaults.
    static let standard = ServiceSettings()

    /// Whether there is a place for what outlives the process.
    var isDurable: Bool { dataFolder != nil || database != nil }

    /// Gives the settings that nobody gave the values that follow from the others and from the machine.
    ///
    /// Returns why, for each whose value is not the one that documentation states as the default.
    mutating func derive(without given: Set<String>, on machine: Machine) -> [String: String] {
        var notes: [String: String] = [:]
        if !given.contains("models"), let found = machine.modelFolder { models = [found] }
        if !given.contains("threads") { threads = machine.cores }
        imageStore.maximumAge = imageStoreAge.nanoseconds == 0 ? nil : imageStoreAge.seconds
        // Each was read alone, so that all of them can be read.
        if let trusted = try? TrustedProxies(proxies) { server.trustedProxies = trusted }
        deriveBodyLimit(without: given)
        if let memory = machine.memoryLimit {
            notes = MemoryBound.fit(&self, into: memory, keeping: given)
        }
        return notes
    }

    /// A body is as large as the largest image in any form, unless somebody says otherwise.
    mutating func deriveBodyLimit(without given: Set<String>) {
        if !given.contains("max-body-bytes") {
            server.limits.maximumBodyBytes = WebService.limits(for: engine).maximumBodyBytes
        }
    }
}
