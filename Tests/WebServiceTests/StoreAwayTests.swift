import HTTPTypes
import Switchback
import Testing

@testable import WebService

/// What those who ask are told while a store cannot be reached.
struct StoreAwayTests {
    @Test func askersAreToldToTryAgainAndNothingOfTheMachines() {
        let problem = Problem(SwitchbackError.storeAway(reason: "connection to server at db.example failed"))
        #expect(problem.status.code == 503)
        #expect(problem.detail.contains("try again") && !problem.detail.contains("db.example"))
    }
}
