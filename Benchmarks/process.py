"""Runs a command and prints how long it took, its peak memory and the length of its output.

By itself, since a process begins with the peak of the one that starts it.
"""
import json
import resource
import subprocess
import sys
import time

start = time.perf_counter()
output = len(subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True).stdout)
seconds = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
print(json.dumps({"seconds": seconds, "megabytes": used, "output": output}))
