"""One measurement of a Python peer, as one JSON line: python measure-peer.py {xgboost|isolation-forest} <data> <rows> <columns> <threads>."""

import json
import resource
import sys
import time

import numpy



def peak():
    """Mebibytes, by the kernel's own count for this program: ru_maxrss begins with the size of the process that started this one."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


what, path, rows, columns, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
if what == "xgboost":
    import xgboost
else:
    from sklearn.ensemble import IsolationForest
bare = peak()
values = numpy.fromfile(path, dtype=numpy.float32, count=rows * columns).reshape(rows, columns)
out = {}
if what == "xgboost":
    labels = numpy.fromfile(path + ".labels", dtype=numpy.int32, count=rows)
    train = int(rows * 0.8)
    with_data = peak()
    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.perf_counter()
    positives = int(labels[:train].sum())
    model = xgboost.XGBClassifier(
        n_estimators=100, max_depth=6, learning_rate=0.1, subsample=0.8, colsample_bytree=0.8, reg_lambda=1,
        scale_pos_weight=(train - positives) / positives, tree_method="hist", n_jobs=threads, random_state=1,
    )
    model.fit(values[:train], labels[:train])
    seconds = time.perf_counter() - started
    after, most = resource.getrusage(resource.RUSAGE_SELF), peak()
    out["scores"] = model.predict_proba(values[train:])[:, 1].astype(float).tolist()
else:
    with_data = peak()
    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.perf_counter()
    model = IsolationForest(n_estimators=100, max_samples=256, random_state=1, n_jobs=threads).fit(values)
    out["scores"] = float(-model.score_samples(values).mean())
    seconds = time.perf_counter() - started
    after, most = resource.getrusage(resource.RUSAGE_SELF), peak()
out["seconds"] = seconds
out["cpu"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
out["megabytes"] = most
out["megabytes_before"] = with_data
out["megabytes_bare"] = bare
print(json.dumps(out))
