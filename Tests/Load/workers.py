#!/usr/bin/env python3
"""What workers with one compute thread each do on a PostgreSQL store: the throughput of 1, 2 and 4, and how long they wait.

A service takes a sweep in and ends before the workers start, so that it computes nothing. A trigger notes when each shard
was leased and when its result was committed. Throughput is measured between the moment when all workers have begun and
the moment when the last shard is leased; idle is a worker's time between a commit and its next lease in that window, and
processor time what the workers' threads took of the cores in it, which other programs on the machine change little.

The machine's clock drifts from run to run. `--alternate N` compares two workers with four within one run instead: two
others come and go N times, and each time with four is set against those with two before and after it.

    Tests/Load/workers.py BINARY [--workers 1 2 4] [--rounds 3] [--pin] [--sweep '/occlusion?patch=40&stride=3']
    Tests/Load/workers.py BINARY --alternate 12
"""
import argparse
import os
import signal
import statistics
import sys
import time

from job_trial import Database, Service, Worker, faults_of, read_photo, wait_until

TRIGGER = """
    CREATE TABLE moment (worker TEXT, place BIGINT, leased DOUBLE PRECISION, done DOUBLE PRECISION);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.state = 1 AND OLD.state = 0 THEN
            INSERT INTO switchback.moment VALUES (NEW.worker, NEW.place, extract(epoch FROM clock_timestamp()), NULL);
        ELSIF NEW.state = 2 THEN
            UPDATE switchback.moment SET done = extract(epoch FROM clock_timestamp())
            WHERE place = NEW.place AND worker = OLD.worker AND done IS NULL;
        END IF;
        RETURN NEW;
    END $$;
    CREATE INDEX moment_place ON moment (place);
    CREATE TRIGGER note AFTER UPDATE ON shard FOR EACH ROW EXECUTE FUNCTION note()"""


# Seconds after workers have come or gone that are not counted, and that are.
SETTLE, WINDOW = 4, 8


def processor_time(workers):
    """Seconds that all threads of the processes have run."""
    ticks = 0
    for worker in workers:
        with open(f"/proc/{worker.process.pid}/stat", encoding="ascii") as file:
            ticks += sum(map(int, file.read().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def at(moment, samples):
    """The value of (time, value) pairs at a moment between two of them."""
    for (before, low), (after, high) in zip(samples, samples[1:]):
        if before <= moment <= after:
            return low + (high - low) * (moment - before) / (after - before)
    sys.exit("a moment outside the samples of processor time")


def prefix(arguments, cores, number):
    """What a worker is started with."""
    return ["taskset", "-c", str(cores[number % len(cores)])] if arguments.pin else []


def run(arguments, database, count, photo):
    """Figures of `count` workers, as `figures` has them, and the job's id."""
    database.jobs("TRUNCATE job, moment CASCADE")
    service = Service(arguments.binary, "--store", database.address, "--threads", "1")
    # It would compute too: it takes the sweep in while no job can be claimed.
    database.jobs("ALTER TABLE job ENABLE TRIGGER hold")
    service.start()
    job_id = service.submit(arguments.sweep, photo)
    service.kill(signal.SIGTERM)
    database.jobs("ALTER TABLE job DISABLE TRIGGER hold; UPDATE job SET claimable = 1")
    cores = sorted(os.sched_getaffinity(0))
    workers = [Worker(arguments.binary, database.address, "--threads", "1", prefix=prefix(arguments, cores, number))
               for number in range(count)]
    for worker in workers:
        worker.start()
    try:
        samples = []

        def is_completed():
            samples.append((time.time(), processor_time(workers)))
            return len(samples) % 10 == 0 and database.jobs("SELECT 1 FROM job WHERE state = 'completed'")
        wait_until("the job is completed", is_completed, seconds=300, pause=0.05)
    finally:
        ended = [worker.kill(signal.SIGTERM) for worker in workers]
    if any(ended):
        sys.exit(f"workers ended with {ended}")
    rows = [(worker, float(leased), float(done))
            for worker, leased, done in database.jobs("SELECT worker, leased, done FROM moment ORDER BY leased")]
    return figures(rows, count, samples), job_id


def alternate(arguments, database, photo):
    """Prints shards a second of four workers over those of two, of neighbouring times."""
    service = Service(arguments.binary, "--store", database.address, "--threads", "1")
    database.jobs("ALTER TABLE job ENABLE TRIGGER hold")
    service.start()
    # As many positions as will not run out.
    for number in range(arguments.alternate // 2 + 1):
        service.submit(f"/occlusion?patch={40 + number}&stride=1", photo)
    service.kill(signal.SIGTERM)
    database.jobs("ALTER TABLE job DISABLE TRIGGER hold; UPDATE job SET claimable = 1")

    started = []

    def begin(count):
        for _ in range(count):
            worker = Worker(arguments.binary, database.address, "--threads", "1")
            worker.start()
            started.append(worker)
        return started[-count:]

    windows = []
    try:
        begin(2)
        for number in range(2 * arguments.alternate + 1):
            others = begin(2) if number % 2 else []
            time.sleep(SETTLE)
            windows.append((time.time(), time.time() + WINDOW))
            time.sleep(WINDOW)
            # What was being computed at its end is to be done: a shard that is given back has no end.
            time.sleep(SETTLE)
            for worker in others:
                started.remove(worker)
                if worker.kill(signal.SIGTERM):
                    sys.exit("a worker did not end well")
    finally:
        for worker in started:
            worker.kill(signal.SIGTERM)
    rows = [(float(leased), float(done)) for leased, done in
            database.jobs("SELECT leased, done FROM moment WHERE done IS NOT NULL")]
    if max(done for _, done in rows) < windows[-1][1]:
        sys.exit("the sweeps ran out of shards")
    rates = [sum(max(0, min(done, end) - max(leased, start)) / (done - leased) for leased, done in rows) / (end - start)
             for start, end in windows]
    ratios = [2 * rates[number] / (rates[number - 1] + rates[number + 1]) for number in range(1, len(rates) - 1, 2)]
    print("two workers, shards a second:", " ".join(f"{rate:.2f}" for rate in rates[::2]))
    print("four workers:", " ".join(f"{rate:.2f}" for rate in rates[1::2]))
    error = statistics.stdev(ratios) / len(ratios) ** 0.5
    print("four over two:", " ".join(f"{ratio:.3f}" for ratio in ratios),
          f"median {statistics.median(ratios):.3f}, mean {statistics.mean(ratios):.3f} ± {error:.3f}")


def figures(rows, count, samples):
    """Shards a second, the idle share of the workers' time, the longest wait, and processor seconds a shard."""
    by_worker = {}
    for worker, leased, done in rows:
        by_worker.setdefault(worker, []).append((leased, done))
    if len(by_worker) != count:
        sys.exit(f"{len(by_worker)} of {count} workers had a shard: the sweep is too small")
    start = max(shards[0][1] for shards in by_worker.values())
    end = max(leased for _, leased, _ in rows)
    # What was being computed at the start or the end counts for the part within.
    shards = sum(max(0, min(done, end) - max(leased, start)) / (done - leased) for _, leased, done in rows)
    gaps = [later[0] - earlier[1] for of_one in by_worker.values() for earlier, later in zip(of_one, of_one[1:])
            if earlier[1] >= start and later[0] <= end]
    taken = at(end, samples) - at(start, samples)
    return shards / (end - start), sum(gaps) / (count * (end - start)), max(gaps), taken / shards


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sweep", default="/occlusion?patch=40&stride=3")
    parser.add_argument("--pin", action="store_true", help="each worker on one core, in turn")
    parser.add_argument("--alternate", type=int, metavar="N", help="two and four workers in turns, so often")
    parser.add_argument("--no-fsync", action="store_true")
    arguments = parser.parse_args()
    if arguments.alternate is not None and arguments.alternate < 2:
        parser.error("--alternate takes 2 and more")
    photo = read_photo()
    found = {count: [] for count in arguments.workers}
    database = Database(fsync=not arguments.no_fsync)
    try:
        service = Service(arguments.binary, "--store", database.address)
        service.start()
        service.kill(signal.SIGTERM)
        database.jobs(TRIGGER + """;
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.claimable = 0; RETURN NEW; END $$;
            CREATE TRIGGER hold BEFORE INSERT OR UPDATE ON job FOR EACH ROW EXECUTE FUNCTION hold()""")
        if arguments.alternate:
            alternate(arguments, database, photo)
            return
        for _ in range(arguments.rounds):
            for count in arguments.workers:
                measured, job_id = run(arguments, database, count, photo)
                found[count].append(measured)
                print(f"{count} workers: {measured[0]:.2f} shards a second, idle {100 * measured[1]:.2f} %, "
                      f"longest wait {1000 * measured[2]:.0f} ms, {1000 * measured[3]:.1f} ms of processor time a shard",
                      flush=True)
        database.jobs("DROP TRIGGER hold ON job")
        service.start()
        faults, shards = faults_of(database, service, {arguments.sweep: job_id}, photo)
        service.kill(signal.SIGTERM)
    finally:
        database.stop()
    medians = {count: statistics.median(value[0] for value in values) for count, values in found.items()}
    first = medians[arguments.workers[0]]
    for count, values in found.items():
        idle = statistics.median(value[1] for value in values)
        processor = statistics.median(value[3] for value in values)
        print(f"median of {count}: {medians[count]:.2f} shards a second, {medians[count] / first:.2f} times "
              f"{arguments.workers[0]}, idle {100 * idle:.2f} %, {1000 * processor:.1f} ms a shard")
    print(f"{shards} shards a sweep: {'; '.join(faults) if faults else 'all well'}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
