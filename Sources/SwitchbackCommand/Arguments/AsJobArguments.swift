import ArgumentParser
import Switchback

/// Whether an explanation is done as a job, and where that is kept.
struct AsJobArguments: ParsableArguments {
    @Flag(
        name: .customLong("async"),
        help: "Hand it in as a job and return; a service or worker with that data does it.")
    var isAsync = false

    @Flag(
        help: """
            Hand it in as a job and work on it here until it is done, then write the answer. Ctrl-C cancels it; the same \
            command then goes on from where it was.
            """)
    var wait = false

    @Option(
        help: ArgumentHelp(
            "Before which other jobs it is done: low, normal or high; high with --wait, else normal unless told.",
            valueName: "priority"),
        transform: { (word: String) throws in
            guard let priority = JobPriority(rawValue: word) else {
                throw ValidationError("'\(word)' is no priority; allowed: low, normal, high")
            }
            return priority
        })
    var priority: JobPriority?

    @OptionGroup var place: JobPlaceArguments

    /// Whether it is to be a job.
    var isWanted: Bool { isAsync || wait }

    /// Somebody waits at the terminal: such jobs go before those that nobody looks at.
    var rank: Int { (priority ?? (wait ? .high : .normal)).rank }

    func validate() throws {
        guard isWanted || priority == nil else {
            throw ValidationError("'--priority' is about a job: say --async or --wait with it")
        }
        guard !isAsync || !wait else {
            throw ValidationError("either '--async' or '--wait': the one returns at once, the other with the answer")
        }
        guard !isWanted, let flag = place.given.keys.sorted().first else { return }
        throw ValidationError("'--\(flag)' keeps a job: say --async or --wait with it")
    }

    /// Throws where flags say how an answer is written that nobody waits for.
    func check(_ form: FormArguments) throws {
        guard isAsync, let flag = form.givenFlags.first else { return }
        throw ValidationError(
            """
            '--\(flag)' is about the answer, which '--async' does not wait for: say it to 'switchback jobs result', or \
            take '--wait'
            """)
    }
}
