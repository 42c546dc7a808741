import Foundation
import Testing

@testable import Concurrency

@Suite struct MachineCoresTests {
    /// Cores that no other test knows of.
    private let group = "switchback-test-\(UUID())"
    private let atOnce = Timeout.seconds(0)
    /// What is free is taken at once, unless another test has just started a process: until that runs its own program, it
    /// has copies of the descriptors.
    private let soon = Timeout.seconds(60)

    @Test func noMoreCoresAreHeldThanThereAre() throws {
        let cores = MachineCores(count: 2, group: group)
        let held = [try cores.take(upTo: 1, within: soon), try cores.take(upTo: 1, within: soon)]
        #expect(held.map(\.count) == [1, 1])
        #expect(throws: MachineCoresError.noneFree) { try cores.take(upTo: 1, within: atOnce) }
        held[0].giveBack()
        #expect(try cores.take(upTo: 1, within: soon).count == 1)
    }

    @Test func whoNeedsMoreThanThereAreGetsAll() throws {
        let held = try MachineCores(count: 3, group: group).take(upTo: 64, within: atOnce)
        #expect(held.count == 3)
    }

    @Test(arguments: [0, -1, Int.min]) func oneIsTheLeastThereIsAndThatIsTaken(number: Int) throws {
        let cores = MachineCores(count: number, group: group)
        #expect(cores.count == 1)
        #expect(try cores.take(upTo: number, within: atOnce).count == 1)
    }

    @Test func whoWantsMoreThanAreFreeGetsThose() throws {
        let cores = MachineCores(count: 3, group: group)
        let others = try cores.take(upTo: 1, within: atOnce)
        #expect(try cores.take(upTo: 3, within: atOnce).count == 2)
        #expect(others.count == 1)
    }

    @Test func whatNobodyHoldsOnToIsFree() throws {
        let cores = MachineCores(count: 1, group: group)
        _ = try cores.take(upTo: 1, within: soon)
        #expect(try cores.take(upTo: 1, within: soon).count == 1)
    }

    @Test func aSecondGivingBackTakesNothingFromOthers() throws {
        let cores = MachineCores(count: 1, group: group)
        let first = try cores.take(upTo: 1, within: atOnce)
        first.giveBack()
        let second = try cores.take(upTo: 1, within: soon)
        first.giveBack()
        #expect(throws: MachineCoresError.noneFree) { try cores.take(upTo: 1, within: atOnce) }
        #expect(second.count == 1)
    }

    @Test func manyWhoWantDifferentNumbersAllGetTheirTurn() {
        let cores = MachineCores(count: 3, group: group)
        let busy = Guarded(0)
        let most = Guarded(0)
        let turns = Guarded(0)
        Threads.run(6) { number in
            for _ in 0..<20 {
                guard let held = try? cores.take(upTo: number % 3 + 1, within: .seconds(600)) else { continue }
                let count = held.count
                let now = busy.withLock { busy in
                    busy += count
                    return busy
                }
                most.withLock { $0 = max($0, now) }
                turns.withLock { $0 += 1 }
                busy.withLock { $0 -= count }
                held.giveBack()
            }
        }
        #expect(turns.withLock { $0 } == 120)
        #expect(most.withLock { $0 } <= 3)
    }

    @Test func whoIsToStopWaitsNoMore() throws {
        let cores = MachineCores(count: 1, group: group)
        let held = try cores.take(upTo: 1, within: atOnce)
        let token = CancellationToken()
        let error = Guarded<(any Error)?>(nil)
        let waiting = Threads.Running {
            do { _ = try cores.take(upTo: 1, within: .seconds(3600), token: token) } catch let stopped {
                error.withLock { $0 = stopped }
            }
        }
        while token.handlerCount == 0 { sched_yield() }
        token.cancel()
        waiting.join()
        #expect(error.withLock { $0 as? Stopped } == .cancelled)
        #expect(held.count == 1)
    }

    @Test func whoseTimeIsOverWaitsNoMore() throws {
        let cores = MachineCores(count: 1, group: group)
        let held = try cores.take(upTo: 1, within: atOnce)
        let token = CancellationToken(deadline: MonotonicTime().now + .milliseconds(20))
        #expect(throws: Stopped.deadlineExceeded) { try cores.take(upTo: 1, within: .seconds(3600), token: token) }
        let time = ManualTime()
        let manual = CancellationToken(deadline: time.now + .seconds(1), time: time)
        let error = Guarded<(any Error)?>(nil)
        let waiting = Threads.Running {
            do { _ = try cores.take(upTo: 1, within: .seconds(3600), token: manual) } catch let stopped {
                error.withLock { $0 = stopped }
            }
        }
        while manual.handlerCount == 0 { sched_yield() }
        time.advance(by: .milliseconds(500))
        time.advance(by: .milliseconds(500))
        waiting.join()
        #expect(error.withLock { $0 as? Stopped } == .deadlineExceeded)
        #expect(held.count == 1)
    }

    @Test func whatIsFreeIsTakenThoughTheFirstOfThoseWhoWaitIsStopped() throws {
        let stopped = try #require(try MachineName(text: "\(group)/turn").claim())
        #expect(try MachineCores(count: 2, group: group).take(upTo: 2, within: soon).count == 2)
        withExtendedLifetime(stopped) {}
    }

    @Test func otherGroupsKnowNothingOfThese() throws {
        let held = try MachineCores(count: 1, group: group).take(upTo: 1, within: atOnce)
        #expect(try MachineCores(count: 1, group: group + "-other").take(upTo: 1, within: atOnce).count == 1)
        #expect(held.count == 1)
    }

    @Test func aNameThatTheSystemRefusesIsNamed() {
        let long = String(repeating: "n", count: 200)
        #expect(throws: MachineCoresError.failed(name: long + "/turn", code: ENAMETOOLONG)) {
            try MachineCores(count: 1, group: long).take(upTo: 1, within: atOnce)
        }
    }

    @Test func whoWaitsIsToldWhenACoreIsGivenBack() throws {
        let cores = MachineCores(count: 1, group: group)
        let name = MachineName(text: "\(group)/core/0")
        let held = try cores.take(upTo: 1, within: atOnce)
        let watch = try #require(try name.watch())
        #expect(try Descriptor.readable([watch], within: 0) == [false])
        held.giveBack()
        #expect(try Descriptor.readable([watch], within: 60_000) == [true])
        #expect(try name.watch() == nil)
    }

    @Test func onlyTheDescriptorsThatAreReadableAreNamed() throws {
        let bells = [try Descriptor.bell(), try Descriptor.bell(), try Descriptor.bell()]
        bells[1].ring()
        #expect(try Descriptor.readable(bells, within: -1) == [false, true, false])
        #expect(throws: MachineCoresError.failed(name: "poll", code: EINVAL)) {
            try Descriptor.readable(Array(repeating: bells[0], count: 1025), within: 0)
        }
    }

    @Test(arguments: [false, true]) func aProcessThatIsKilledHoldsNothing(listens: Bool) throws {
        let name = "\(group)/core/0"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind('\\0' + sys.argv[1]); "
                + (listens ? "s.listen(); " : "") + "print('held', flush=True); sys.stdin.read()", name,
        ]
        let (output, input) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardInput = input
        try process.run()
        #expect(!output.fileHandleForReading.availableData.isEmpty)
        let cores = MachineCores(count: 1, group: group)
        #expect(throws: MachineCoresError.noneFree) { try cores.take(upTo: 1, within: atOnce) }
        let taken = Guarded<Int?>(nil)
        let token = CancellationToken()
        let waiting = Threads.Running {
            let held = try? cores.take(upTo: 1, within: .seconds(600), token: token)
            taken.withLock { $0 = held?.count }
        }
        while token.handlerCount == 0 { sched_yield() }
        kill(process.processIdentifier, SIGKILL)
        waiting.join()
        process.waitUntilExit()
        #expect(taken.withLock { $0 } == 1)
    }
}
