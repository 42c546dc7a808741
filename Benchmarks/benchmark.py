"""Measures Switchback against ONNX Runtime and PyTorch + Captum, row by row.

Started by ./run, which builds the Swift side and the Python environment. All engines use the same number of threads and
take turns in one run: clocks drift, so what counts is the median of the ratios of neighbouring measurements. Before a row
is timed its numbers are compared: a fast wrong answer is not a result. The peers run at their best batch of 1, 8, 32 and
64. The limit of a row is the multiply-adds that must be done, at the rate that the processor is measured to do them at
between the others' turns.
"""
import argparse
import json
import os
import sys

import onnxruntime
import torch

from engines import Subjects, processor
from rows import Table


def number(value):
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def lines(row):
    """A row of the table, one line a peer."""
    limit = "" if row["limit"] is None else f"{row['limit']:.2f}"
    mine = f"{number(row['mine'])} {row['unit']}"
    rounds = f"{row['rounds']} round" + ("s" if row["rounds"] > 1 else "")
    exact = "; ".join(filter(None, (row["exact"], row["note"], rounds)))
    peers = row["peers"] or [None]
    for k, peer in enumerate(peers):
        first = (row["title"], mine) if k == 0 else ("", "")
        last = (limit, exact) if k == 0 else ("", "")
        if peer is None:
            middle = "", "", "", row["target"]
        else:
            target = row["target"] if peer["target"] is None and k == 0 else ""
            if peer["target"] is not None: target = f"{peer['target']:g}"
            middle = peer["name"], f"{number(peer['time'])} {row['unit']}", f"**{number(peer['ratio'])}**", target
        yield "| " + " | ".join((*first, *middle, *last)) + " |"


def table(rows, order, about):
    head = ["| Work | Switchback | Peer | Peer's time | Ratio | Reach | Part of the limit | Checked in the same run |",
            "|---|---|---|---|---|---|---|---|"]
    body = [line for key in order if key in rows for line in lines(rows[key])]
    return f"{about}\n\n" + "\n".join(head + body) + "\n"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("binary", help="switchback-measure")
    p.add_argument("switchback", help="the program itself")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--rounds", type=int, help="rounds of each row, by default as many as its length allows, at least 3")
    p.add_argument("--rows", default="", help="parts of the names of the rows to measure, by commas; all by default")
    p.add_argument("--list", action="store_true", help="name the rows and end")
    p.add_argument("--kept", help="a file that keeps the rows measured, so that a run can be cut into pieces")
    p.add_argument("--output", help="write the table, with the rows kept, to this Markdown file")
    arguments = p.parse_args()
    torch.set_num_threads(arguments.threads)
    measured = Table(Subjects(arguments.binary, arguments.threads), arguments)
    if arguments.list:
        return print("\n".join(measured.work))
    rows = {}
    if arguments.kept and os.path.exists(arguments.kept):
        with open(arguments.kept) as f: rows = json.load(f)
    wanted = [part for part in arguments.rows.split(",") if part]
    about = (f"{processor()}; {arguments.threads} threads. ONNX Runtime {onnxruntime.__version__}, PyTorch "
             f"{torch.__version__}, Captum {__import__('captum').__version__}. Medians; the ratio is the median of the ratios "
             "of neighbouring measurements, peer ÷ Switchback, so above 1 Switchback is faster. The part of the limit is "
             "the multiply-adds that must be done ÷ (our time × the measured multiply-add peak of both cores); of occlusion and "
             "forward passes those by zeros are counted, which our 1×1 convolutions leave out.")
    for key, work in measured.work.items():
        if wanted and not any(part in key for part in wanted): continue
        rows[key] = vars(work())
        print(f"{key}\n" + "\n".join(lines(rows[key])), flush=True)
        if arguments.kept:
            with open(arguments.kept, "w") as f: json.dump(rows, f, indent=1)
    text = table(rows, measured.work, about)
    print("\n" + text)
    if arguments.output:
        with open(arguments.output, "w") as f: f.write("# Results\n\nWritten by `Benchmarks/run`.\n\n" + text)


if __name__ == "__main__":
    sys.exit(main())
