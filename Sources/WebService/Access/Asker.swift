/// Who asks, as far as jobs go.
struct Asker: Equatable, Sendable {
    /// The name of the token; empty where nobody is asked for one, and with a signed link.
    let name: String
    /// Whether other people's jobs are theirs to see and to cancel.
    let managesAll: Bool
    /// Whether a request may become a job; not that of a signed link, which opens a picture and nothing else.
    let mayStartJobs: Bool

    /// Whether this client's jobs are.
    func maySee(jobsOf client: String) -> Bool { managesAll || name == client }
}
