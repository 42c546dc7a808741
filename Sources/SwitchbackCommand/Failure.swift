import ArgumentParser
import Switchback
import WebService

/// An error as the command line tells it: one line on standard error and an exit status.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// What is said of an error that a command ran into.
    static func of(_ error: any Error) -> any Error {
        switch error {
        case let error as SwitchbackError: of(error)
        case let error as SettingsError: of(error)
        case let error as JobRequestError:
            ValidationError(inFlags(error.description, option: error.option, called: "parameter"))
        default: error
        }
    }

    /// A wrong option is wrong usage (64); everything else is work that failed (1).
    static func of(_ error: SwitchbackError) -> any Error {
        switch error {
        case .unknownOption, .repeatedOption, .misplacedOption, .badValue, .outOfRange, .noModel, .noDataset:
            ValidationError(inFlags(error.description, option: error.option, called: "option"))
        case .brokenModel, .badImage, .noPreprocessing, .undefined, .tooCostly, .tooMuchMemory, .pictureTooLarge,
            .noImage, .noRoom, .brokenStore, .storeAway, .brokenDataset, .badDataset, .datasetInUse, .noJob, .jobState,
            .keyUsed,
            .tooManyJobs:
            Failure(error.description)
        }
    }

    /// A wrong flag is wrong usage (64); a wrong variable or file is work that failed (1).
    static func of(_ error: SettingsError) -> any Error {
        error.isWrongUsage ? ValidationError(error.description) : Failure(error.description)
    }

    /// The message with the option's name as the command line spells it.
    private static func inFlags(_ message: String, option: String?, called word: String) -> String {
        guard let option else { return message }
        let flag = "--" + option.replacing("_", with: "-")
        return message.replacing("\(word) '\(option)'", with: "option '\(flag)'")
    }
}
